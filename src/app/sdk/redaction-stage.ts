// The stage in which a span is redacted. One with much text is redacted in pieces, between which the event loop goes round.
import { reason, report } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import type { WaitingRoom } from '../llm/spans/waiting-room'
import type { MaybeLate } from './late-redactor'
import { Slices } from './slices'
import type { SpanCopy } from './span-copy'

/** A span that is redacted, up to where its next piece begins. */
interface Redacting {
  readonly span: SpanCopy
  readonly pieces: Generator<void>
}

/** Bytes of a span that is redacted in pieces: some milliseconds where every word is a hit. */
const LARGE = 32 * 1024

export class RedactionStage {
  readonly #redactor: MaybeLate<Pick<Redactor, 'span' | 'spanInPieces'>>
  /** Gets a span that was redacted later. */
  readonly #next: (span: SpanCopy) => void
  /** The bytes of spans that are redacted in pieces. */
  readonly #inPieces = new WeakMap<SpanCopy, number>()
  readonly #slices: Slices<Redacting>

  constructor(
    redactor: MaybeLate<Pick<Redactor, 'span' | 'spanInPieces'>>,
    room: WaitingRoom,
    next: (span: SpanCopy) => void,
  ) {
    this.#slices = new Slices(room, redacting => this.#goOn(redacting))
    this.#redactor = redactor
    this.#next = next
  }

  /** A span of this size comes, outside of the application's turn. */
  expects(span: SpanCopy, bytes: number): void {
    // the first spans wait for the redactor, a piece of it in each turn
    if (bytes > LARGE || (this.#redactor.next && !this.#redactor.made)) this.#inPieces.set(span, bytes)
  }

  /** @returns whether the span is redacted now; else it goes on later, or is dropped */
  redact(span: SpanCopy): boolean {
    try {
      const bytes = this.#inPieces.get(span)
      if (bytes === undefined) {
        this.#redactor.span(span)
        return true
      }
      this.#slices.add({ span, pieces: this.#redactor.spanInPieces(span) }, bytes)
    } catch (error) {
      dropped(error)
    }
    return false
  }

  finish(): Promise<void> {
    return this.#slices.finish()
  }

  finishNow(): void {
    this.#slices.finishNow()
  }

  /** @returns whether there is more of it */
  #goOn({ span, pieces }: Redacting): boolean {
    try {
      if (!pieces.next().done) return true
      this.#next(span)
    } catch (error) {
      dropped(error)
    }
    return false
  }
}

function dropped(error: unknown): void {
  report('AFN140', `a span was dropped because it could not be redacted: ${reason(error)}`)
}
