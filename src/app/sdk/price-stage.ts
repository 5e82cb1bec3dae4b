// Prices a call. Those that come before the price table wait for it; it is loaded a moment after the first.
import type { Pricer } from '../llm/report/cost/pricer'
import type { WaitingList, WaitingRoom } from '../llm/spans/waiting-room'
import { inRoot } from '../root-context'
import { sizeOf } from './overload'
import type { SpanCopy } from './span-copy'

/** The table takes some 30 ms to load: not while the first LLM call runs. */
const loadAfterMs = 1_000

export class PriceStage {
  readonly #pricer: Pricer
  readonly #waiting: WaitingList<SpanCopy>
  /** Gets a span that has waited, when the table is there or can't be had. */
  readonly #next: (span: SpanCopy, bytes: number) => void
  #loading: NodeJS.Timeout | undefined

  /** @param goOn gets a span that can't wait any longer, without a price */
  constructor(
    pricer: Pricer,
    room: WaitingRoom,
    goOn: (span: SpanCopy) => void,
    next: (span: SpanCopy, bytes: number) => void,
  ) {
    this.#pricer = pricer
    this.#waiting = room.list<SpanCopy>('prices', { goOn })
    this.#next = next
  }

  /** A span has ended that may need a price. */
  expects(span: SpanCopy): void {
    if (!this.#pricer.ready && this.#pricer.needs(span.call)) this.#load()
  }

  /** @returns `false` where the span waits for the table */
  readonly price = (span: SpanCopy): unknown => {
    if (!this.#pricer.needs(span.call)) return undefined
    if (this.#pricer.ready) return this.#pricer.price(span)
    this.#waiting.add(span, sizeOf(span))
    this.#load()
    return false
  }

  /** Of a span that has waited: it has a price now, if there is one. */
  settle(span: SpanCopy): void {
    if (this.#pricer.ready) this.price(span)
  }

  /** Lets go on what waits for the table, loading it first. */
  drain(): void {
    if (!this.#loading) return
    clearTimeout(this.#loading)
    this.#loading = undefined
    this.#pricer.load()
    for (const ticket of this.#waiting.first(this.#waiting.size))
      if (this.#waiting.take(ticket)) this.#next(ticket.item, ticket.bytes)
  }

  #load(): void {
    const load = () => {
      if (this.#pricer.prepare()) this.#loading = inRoot(setTimeout, load, 0).unref()
      else this.drain()
    }
    this.#loading ??= inRoot(setTimeout, load, loadAfterMs).unref()
  }
}
