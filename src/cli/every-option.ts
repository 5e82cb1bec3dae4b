// What the commands that work in rounds have in common: `--every`.
import { setTimeout as sleep } from 'node:timers/promises'
import { secondsOfDuration } from '../shared/queries/window'
import type { Options } from './options'

/**
 * @param usual a pause that suits the command, such as `10m`; it stands in the help
 * @param more what else the help says, with the mark that joins it
 */
export const everyOption = (usual: string, more = '') =>
  ({
    every: { type: 'string', argument: usual, help: `repeats at this interval until stopped${more}` },
  }) as const satisfies Options

/**
 * @param every pause between two rounds, such as 10m; undefined for one round
 * @returns the exit code of the only round; with a pause it goes on until a signal ends the process
 * @throws Error when `every` is no duration
 */
export async function inRounds(every: string | undefined, round: () => Promise<number>): Promise<number> {
  const pause = every === undefined ? undefined : secondsOfDuration('--every', every)
  for (;;) {
    const code = await round()
    if (pause === undefined) return code
    await sleep(pause * 1_000)
  }
}
