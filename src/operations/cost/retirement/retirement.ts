/** The date on which a provider retires a model. */

export interface Retirement {
  /** `gen_ai.provider.name` */
  readonly provider: string
  /** The name that calls use. */
  readonly model: string
  /** The first day on which calls fail, `YYYY-MM-DD`. */
  readonly date: string
  /** Recommended by the provider or the user. */
  readonly replacement: string | undefined
  /** A web page, a list of models, or the user's file. */
  readonly source: string
}

const DAY_MS = 86_400_000

/** Days until the day begins in UTC, rounded up; negative after it. */
export const daysUntil = ({ date }: Retirement, now: number): number => Math.ceil((Date.parse(date) - now) / DAY_MS)
