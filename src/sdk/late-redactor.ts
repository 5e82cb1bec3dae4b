// A redactor that is made when the first record comes, or before it by whoever asks for it: its tables of words and names are no part of an app's start. Where it
// can't be made, each call throws, and the export path drops what it can't redact.
import type { RedactableLog, RedactableSpan, Redactor } from '../redact'
import { newCounts } from '../redact/counts'
import type { Entity } from '../redact/entities'

const nothingYet = newCounts()

export class LateRedactor implements Redactor {
  #made: Redactor | undefined

  constructor(private readonly make: () => Redactor) {}

  get detectors(): Redactor['detectors'] {
    return this.#redactor.detectors
  }

  get counts(): Redactor['counts'] {
    return this.#made?.counts ?? nothingYet
  }

  /** Makes it now. */
  prepare(): void {
    void this.#redactor
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

  spanInPieces(span: RedactableSpan): Generator<void> {
    return this.#redactor.spanInPieces(span)
  }

  log(record: RedactableLog): void {
    this.#redactor.log(record)
  }

  replace(text: string, entities: readonly Entity[] | undefined): string {
    return this.#redactor.replace(text, entities)
  }

  get #redactor(): Redactor {
    if (!this.#made) {
      this.#made = this.make()
      // later calls go to the redactor itself
      this.span = this.#made.span
      this.log = this.#made.log
    }
    return this.#made
  }
}
