// Prometheus answers with its configuration as it has read it: with all defaults filled in, and durations in words of its own.
import { secondsOf } from '../../monitoring/alerts/times'

/** @returns the key of the first value that was written and is not what runs; undefined where there is none */
export function differenceIn(written: unknown, running: unknown, key = ''): string | undefined {
  if (Array.isArray(written)) {
    if (!Array.isArray(running) || running.length !== written.length) return key
    return first(written.map((item, at) => differenceIn(item, running[at], `${key}[${at}]`)))
  }
  if (typeof written === 'object' && written !== null) {
    if (typeof running !== 'object' || running === null) return Object.keys(written).length === 0 ? undefined : key
    return first(
      Object.entries(written).map(([name, value]) =>
        differenceIn(value, (running as Record<string, unknown>)[name], key === '' ? name : `${key}.${name}`),
      ),
    )
  }
  return same(written, running) ? undefined : key
}

const first = (found: readonly (string | undefined)[]): string | undefined => found.find(one => one !== undefined)

function same(written: unknown, running: unknown): boolean {
  if (String(written) === String(running)) return true
  // it takes paths from where its file is
  if (typeof written === 'string' && String(running).endsWith(`/${written}`)) return true
  const [a, b] = [duration(written), duration(running)]
  return a !== undefined && a === b
}

/** 7d is 1w there, 365d is 1y. */
function duration(value: unknown): number | undefined {
  const text = String(value)
  const [, years = '0', weeks = '0', rest = ''] = /^(?:(\d+)y)?(?:(\d+)w)?(.*)$/.exec(text) ?? []
  const seconds = rest === '' ? 0 : secondsOf(rest)
  return seconds === undefined || text === ''
    ? undefined
    : Number(years) * 31_536_000 + Number(weeks) * 604_800 + seconds
}
