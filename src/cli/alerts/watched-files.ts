// By which files the receiver goes, and when they are other ones.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { contentHash } from '../../shared/files/content-hash'

const LOOK_MS = 1_000

/**
 * Of alerts-config.yaml and of the settings, which have the addresses of its links.
 * @param settings path; undefined where the settings file is an app's, in which much else changes
 */
export const goesBy = (alerts: string, settings: string | undefined): string =>
  contentHash([alerts, ...(settings ? [settings] : [])].map(textOf).join('\n'))

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/**
 * Resolves when there is another text that holds.
 * @param holds says what is wrong with it, where something is; it is asked once for each text
 */
export async function untilOther(
  now: () => string,
  before: string,
  holds: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (let last = before; !signal.aborted; ) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
    const next = now()
    if (next === last) continue
    last = next
    if (next !== before && holds()) return
  }
}
