// A redactor that is made when the first record comes, piece by piece where that record can wait, or before it by whoever asks for it: its tables of words and
// names are no part of an app's start. Where it can't be made, each call throws, and the export path drops what it can't redact.

import type { RedactableLog, RedactableSpan, Redactor } from '../../shared/redact'
import { newCounts } from '../../shared/redact/counts'
import type { Entity } from '../../shared/redact/entities'
import { InPieces } from '../in-pieces'

/** A redactor that may be one that is not made yet. */
export type MaybeLate<R> = R & Partial<Pick<InPieces<Redactor>, 'made' | 'next'>>

const nothingYet = newCounts()

export class LateRedactor extends InPieces<Redactor> implements Redactor {
  get detectors(): Redactor['detectors'] {
    return this.#redactor.detectors
  }

  get counts(): Redactor['counts'] {
    return this.made?.counts ?? nothingYet
  }

  text(value: string): string {
    return this.#redactor.text(value)
  }

  value(key: string, value: unknown, isContent?: boolean): unknown {
    return this.#redactor.value(key, value, isContent)
  }

  attributes<T extends Record<string, unknown>>(attributes: T, isContent?: boolean): T {
    return this.#redactor.attributes(attributes, isContent)
  }

  span(span: RedactableSpan): void {
    this.#redactor.span(span)
  }

  *spanInPieces(span: RedactableSpan): Generator<void> {
    while (!this.made) yield void this.next()
    yield* this.#redactor.spanInPieces(span)
  }

  ahead<Result>(
    values: Readonly<Record<string, unknown>>,
    isContent: boolean,
    redact: () => Result,
  ): Generator<void, Result> {
    return this.#redactor.ahead(values, isContent, redact)
  }

  log(record: RedactableLog): void {
    this.#redactor.log(record)
  }

  replace(text: string, entities: readonly Entity[] | undefined): string {
    return this.#redactor.replace(text, entities)
  }

  get #redactor(): Redactor {
    const redactor = this.whole
    // later calls go to the redactor itself
    this.span = redactor.span
    this.log = redactor.log
    return redactor
  }
}
