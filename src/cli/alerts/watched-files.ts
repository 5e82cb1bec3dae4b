// Watches the files that the receiver reads, and detects changes.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { contentHash } from '../../shared/files/content-hash'

const LOOK_MS = 1_000

/**
 * A hash of alerts-config.yaml and of the settings, which contain the URLs for links.
 * @param settings path; undefined if the settings file belongs to an app, where much else changes
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
 * Resolves once the files have changed and are valid.
 * @param holds reports the errors of a new text, if any; called once per text
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
