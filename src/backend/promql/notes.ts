/** Collects the warnings and infos of a result for Prometheus' API. */
import type { PositionRange } from './ast'
import { positionOf } from './error'

/** Maximum number per kind; further ones are only counted. */
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

  /** Adds an info about this store, which Prometheus would not have. */
  explain(message: string): void {
    this.#infos.add(message)
  }

  /** Warns about each quantile below 0, above 1, or NaN. */
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
