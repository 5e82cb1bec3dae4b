/** A month, in UTC. */

const DAY = 86_400

export interface Month {
  /** Such as `2026-10`. */
  readonly name: string
  /** Unix time, in seconds. */
  readonly start: number
  /** The first second that is not in it. */
  readonly end: number
}

/** @throws Error for what is no month */
export function monthOf(name: string): Month {
  const [, year = '', month = ''] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(name) ?? []
  if (year === '') throw new Error(`--month takes a month such as 2026-10, not "${name}"`)
  const first = (more: number) => Date.UTC(Number(year), Number(month) - 1 + more, 1) / 1_000
  return { name, start: first(0), end: first(1) }
}

/** The month before the one of that time. */
export function lastMonth(now: number): Month {
  const date = new Date(now * 1_000)
  return monthOf(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 7))
}

/** Its days until a time: where each ends, and how many seconds of it there are. */
export function daysUntil({ start, end }: Month, until: number): { date: string; end: number; seconds: number }[] {
  const last = Math.min(end, until)
  return Array.from({ length: Math.max(0, Math.ceil((last - start) / DAY)) }, (_, day) => {
    const begin = start + day * DAY
    const ends = Math.min(begin + DAY, last)
    return { date: new Date(begin * 1_000).toISOString().slice(0, 10), end: ends, seconds: ends - begin }
  })
}
