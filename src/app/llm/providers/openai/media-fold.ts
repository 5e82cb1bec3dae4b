// Reads the streams of images, transcriptions and speech: fragments, then one event that has everything.
import { type Doc, doc } from '../../wire/json'
import { joined } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

export class MediaFold implements Fold {
  #last: Doc | undefined
  #error: unknown
  #any = false
  #text: unknown

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.complete && this.#any
  }

  /** A response without events is the media itself, or plain text. */
  get complete(): boolean {
    return this.#last !== undefined || !this.#any
  }

  document(): unknown {
    return { text: this.#text, ...this.#last, error: this.#error }
  }

  done(): void {}

  event(event: Doc): boolean {
    const { type } = event
    if (typeof type !== 'string') return false // sound may look like anything
    this.#any = true
    if (type === 'error') this.#error = doc(event.error) ?? { code: event.code, message: event.message }
    else if (type.endsWith('.done') || type.endsWith('.completed')) this.#last = event
    else {
      if (this.options.content && typeof event.delta === 'string') this.#text = joined(this.#text, event.delta)
      return true
    }
    return type.endsWith('.completed')
  }
}
