// Sends what processes that ended suddenly left in the spool.
import { readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { OtlpTarget } from '../../shared/config/otlp'
import { reason, report, silence } from '../../shared/diag/report'
import { createTransport } from './retrying-transport'
import { claim, removeExpired, type Spooled, spooledIn } from './spool'
import { checkOwner, type SpoolPlace } from './spool-place'

/** Shorter than a claim lasts. */
const patienceMs = 5 * 60_000

/** The request itself is invalid, so a retry at the next start would fail, too. */
const refusedForGood: readonly string[] = ['400', '413']

export type SpoolScreen = (signal: Spooled['signal'], request: Buffer) => Promise<Buffer | undefined>

/** Targets of the signals that are exported by OTLP. */
export type SpoolTargets = Partial<Record<Spooled['signal'], OtlpTarget>>

/** The data for the thread that sends while the process exits. */
export interface Ending {
  readonly place: SpoolPlace
  readonly targets: SpoolTargets
  /** Set to 1 at the end. */
  readonly done: Int32Array
}

/**
 * Sends requests that earlier processes left, including those that a process was sending when it died, and the overflow of this process. If
 * a file can't be delivered, it stays with all later ones. Never rejects.
 * @param screen returns the part of a protobuf request that may be sent, if any
 * @param flushing aborts when a flush waits
 * @param onSent receives the name of each delivered file
 * @returns whether this process has nothing left to send
 */
export async function sendSpooled(
  place: SpoolPlace,
  targets: SpoolTargets,
  screen?: SpoolScreen,
  flushing: AbortSignal = new AbortController().signal,
  onSent: (original: string) => void = () => {},
): Promise<boolean> {
  const { directory, isNamed } = place
  try {
    if (!isNamed) tidy(path.dirname(directory), place.longestMs)
    // spans first, because they attribute a trace, and thereby its log records, to a person
    for (const spooled of spooledIn(directory).sort(
      (a, b) => Number(a.signal === 'logs') - Number(b.signal === 'logs'),
    )) {
      const { original, signal } = spooled
      const target = targets[signal]
      if (!target) continue
      const claimed = claim(directory, spooled)
      if (!claimed) continue
      const kept = readFileSync(claimed)
      const request = screen ? await screen(signal, kept) : kept
      if (!request) {
        rmSync(claimed)
        continue
      }
      const transport = createTransport({ ...target, protocol: 'http/protobuf' })
      const result = await transport.post(request, flushing, patienceMs)
      const isOver = result.ok || refusedForGood.includes(result.type)
      if (isOver) rmSync(claimed)
      else renameSync(claimed, path.join(directory, original))
      if (result.ok) {
        onSent(original)
        continue
      }
      if (isNamed)
        report(
          'AFN132',
          `a request that was kept in ${directory} could not be sent (${result.reason})${isOver ? ' and is deleted' : ''}`,
        )
      if (!isOver) return false
    }
  } catch (error) {
    if (isNamed && (error as NodeJS.ErrnoException).code !== 'ENOENT')
      report('AFN132', `telemetry kept in ${directory} could not be sent: ${reason(error)}`)
  }
  return true
}

/** Runs in its own thread while the main thread waits. It reports nothing, because nobody would read it, and it does not retry. */
export async function sendForEnding({ place, targets, done }: Ending): Promise<void> {
  silence()
  // our sockets do not keep the thread alive
  setInterval(() => {}, 60_000)
  await sendSpooled(place, targets, undefined, AbortSignal.abort())
  Atomics.store(done, 0, 1)
  Atomics.notify(done, 0)
}

/**
 * Removes expired requests of all services of this user.
 * @throws Error if other users can access the folder
 */
function tidy(folder: string, longestMs: number): void {
  checkOwner(folder)
  for (const name of readdirSync(folder)) {
    const directory = path.join(folder, name)
    try {
      removeExpired({ directory, longestMs })
      // another process may be about to write to a new folder
      if (statSync(directory).mtimeMs + longestMs < Date.now()) rmdirSync(directory)
    } catch {
      // the folder is not empty, or another process was faster
    }
  }
}
