// Times as a person at a terminal reads them. JSON has ISO 8601 in UTC.

/** @returns the clock of this machine to the second, with its offset from UTC: `2026-11-24 19:30:00+09:00`, and `Z` where there is none */
export function localTime(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset()
  const clock = new Date(ms + offset * 60_000).toISOString().slice(0, 19).replace('T', ' ')
  if (offset === 0) return `${clock}Z`
  const part = (minutes: number) => String(Math.floor(minutes)).padStart(2, '0')
  const size = Math.abs(offset)
  return `${clock}${offset < 0 ? '-' : '+'}${part(size / 60)}:${part(size % 60)}`
}
