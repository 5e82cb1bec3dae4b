/** A model that its provider ends, and on which day. */

export interface Retirement {
  /** `gen_ai.provider.name` */
  readonly provider: string
  /** As calls name it. */
  readonly model: string
  /** The first day on which calls fail, `YYYY-MM-DD`. */
  readonly date: string
  /** What the provider recommends, or the user. */
  readonly replacement: string | undefined
  /** A page, a list of models, or the user's file. */
  readonly source: string
}

const DAY_MS = 86_400_000

/** Whole days until the day begins in UTC; below 0 where it is over. */
export const daysUntil = ({ date }: Retirement, now: number): number => Math.ceil((Date.parse(date) - now) / DAY_MS)
