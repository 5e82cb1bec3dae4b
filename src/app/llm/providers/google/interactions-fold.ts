// Assembles the events of a streamed interaction into the non-streamed one. An interaction is a list of steps; the earlier beta had a list
// of outputs, and `content.…` events.
import { type Doc, doc, text } from '../../wire/json'
import { joined, placeOf, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

export class InteractionFold implements Fold {
  #complete = false
  #done = false
  readonly #answer: Doc = {}
  readonly #steps: Doc[] = []

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#done || this.#answer.error !== undefined
  }

  get complete(): boolean {
    return this.#complete
  }

  document(): unknown {
    const { status, ...answer } = this.#answer
    // The status is not final before the end.
    return { ...answer, status: this.#complete ? status : undefined, steps: Object.values(this.#steps) }
  }

  done(): void {
    this.#done = true
  }

  event(event: Doc): boolean {
    const [subject, what] = (text(event.event_type) ?? '').split('.')
    const interaction = doc(event.interaction)
    if (interaction) update(this.#answer, interaction)
    if (subject === 'error') this.#answer.error = event.error
    if (subject === 'interaction') {
      this.#answer.status = text(event.status) ?? this.#answer.status
      if (what?.startsWith('complete')) this.#complete = true
    }
    const at = placeOf(event.index)
    if (what === 'start' && subject !== 'interaction') {
      const begun = doc(event.step) ?? doc(event.content)
      if (begun && this.options.content) this.#steps[at] = { ...begun }
      return Object.keys(begun ?? {}).length > 1 // more than its type
    }
    const delta = doc(event.delta)
    if (!delta) return false
    if (this.options.content) this.#steps[at] = grown(this.#steps[at] ?? {}, delta)
    return true
  }
}

/** A delta is a part of the step's content, a fragment of its arguments, or members of the step itself. */
function grown(step: Doc, delta: Doc): Doc {
  const { type, ...members } = delta
  switch (type) {
    case 'text':
      return update(step, { text: joined(step.text, members.text) })
    case 'thought_summary':
      return update(step, { summary: joined(step.summary, doc(members.content)?.text) })
    case 'arguments_delta': {
      const known = typeof step.arguments === 'string' ? step.arguments : undefined
      return update(step, { arguments: joined(known, members.arguments) })
    }
    default:
      return update(step, members)
  }
}
