/** The warnings and infos of a result, as Prometheus' API lists them. */
import type { PositionRange } from './ast'
import { positionOf } from './error'

/** Of each kind. Those that come after are counted, and not listed. */
const MOST = 10

export class Notes {
  readonly #query: string
  readonly #warnings = new Set<string>()
  readonly #infos = new Set<string>()

  constructor(query: string) {
    this.#query = query
  }

  warn(message: string, place?: PositionRange): void {
    this.#warnings.add(`PromQL warning: ${message}${this.#at(place)}`)
  }

  inform(message: string, place?: PositionRange): void {
    this.#infos.add(`PromQL info: ${message}${this.#at(place)}`)
  }

  /** What the store has no more, which no Prometheus would say. */
  explain(message: string): void {
    this.#infos.add(message)
  }

  /** Of each quantile that is none: below 0, above 1, or no number. */
  checkQuantiles(quantiles: Iterable<number>, place?: PositionRange): void {
    for (const q of quantiles)
      if (!(q >= 0 && q <= 1)) this.warn(`quantile value should be between 0 and 1, got ${q}`, place)
  }

  get warnings(): readonly string[] {
    return listed(this.#warnings, 'warning')
  }

  get infos(): readonly string[] {
    return listed(this.#infos, 'info')
  }

  #at(place: PositionRange | undefined): string {
    return place ? ` (${positionOf(this.#query, place.from)})` : ''
  }
}

function listed(messages: ReadonlySet<string>, kind: string): readonly string[] {
  const left = messages.size - MOST
  const shown = [...messages].slice(0, MOST)
  return left > 0 ? [...shown, `${left} more ${kind} annotations omitted`] : shown
}
