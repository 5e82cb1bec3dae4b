// The stage in which a span is redacted. One with much text is redacted in pieces, between which the event loop goes round.
import { reason, report } from '../diag/report'
import type { Redactor } from '../redact'
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
  readonly #redactor: Pick<Redactor, 'span' | 'spanInPieces'>
  /** Gets a span that was redacted later. */
  readonly #next: (span: SpanCopy) => void
  readonly #large = new WeakMap<SpanCopy, number>()
  readonly #slices = new Slices<Redacting>(redacting => this.#goOn(redacting))

  constructor(redactor: Pick<Redactor, 'span' | 'spanInPieces'>, next: (span: SpanCopy) => void) {
    this.#redactor = redactor
    this.#next = next
  }

  /** A span of this size comes, outside of the application's turn. */
  expects(span: SpanCopy, bytes: number): void {
    if (bytes > LARGE) this.#large.set(span, bytes)
  }

  /** @returns whether the span is redacted now; else it goes on later, or is dropped */
  redact(span: SpanCopy): boolean {
    try {
      const bytes = this.#large.get(span)
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
