// Assembles the events of a streamed response into the non-streamed response.
import { type Doc, doc, docs } from '../../wire/json'
import { joined, placeOf } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

export class ResponseFold implements Fold {
  #response: Doc = {}
  #complete = false
  #error: unknown
  readonly #items: Doc[] = []

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#complete || this.#error !== undefined
  }

  get complete(): boolean {
    return this.#complete
  }

  /** The last event repeats the whole output; a truncated stream has the items received so far. */
  document(): unknown {
    const output = docs(this.#response.output)
    const error = this.#error ?? this.#response.error
    return { ...this.#response, error, output: output.length ? output : this.#items.filter(Boolean) }
  }

  done(): void {}

  event(event: Doc): boolean {
    const type = String(event.type)
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress': {
        // This status is left out, because it is not final: if the stream is truncated here, the response has none.
        const { status: _, ...response } = doc(event.response) ?? {}
        this.#response = response
        return false
      }
      case 'response.completed':
      case 'response.done': // Realtime's
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        this.#response = doc(event.response) ?? this.#response
        this.#complete = true
        return false
      case 'error':
        this.#error = doc(event.error) ?? { code: event.code, message: event.message }
        return false
      case 'response.output_item.added': {
        const item = doc(event.item) ?? {}
        this.#items[this.#index(event)] = { ...item }
        return item.type !== 'message' && item.type !== 'reasoning'
      }
      case 'response.output_item.done':
        this.#items[this.#index(event)] = doc(event.item) ?? {}
        return false
    }
    if (!type.endsWith('.delta')) return false
    if (this.options.content) grow(this.#item(event), type, event)
    return true
  }

  #index(event: Doc): number {
    return placeOf(event.output_index)
  }

  #item(event: Doc): Doc {
    const index = this.#index(event)
    const item = this.#items[index] ?? { type: 'message', role: 'assistant' }
    this.#items[index] = item
    return item
  }
}

function grow(item: Doc, type: string, event: Doc): void {
  switch (type) {
    case 'response.output_text.delta':
    case 'response.text.delta': // Realtime's, and the two that follow
    case 'response.output_audio_transcript.delta':
    case 'response.audio_transcript.delta':
      return part(item, 'content', event.content_index, 'output_text', 'text', event.delta)
    case 'response.refusal.delta':
      return part(item, 'content', event.content_index, 'refusal', 'refusal', event.delta)
    case 'response.reasoning_text.delta':
      return part(item, 'content', event.content_index, 'reasoning_text', 'text', event.delta)
    case 'response.reasoning_summary_text.delta':
      return part(item, 'summary', event.summary_index, 'summary_text', 'text', event.delta)
    case 'response.function_call_arguments.delta':
    case 'response.mcp_call_arguments.delta':
      item.arguments = joined(item.arguments, event.delta)
      return
    case 'response.custom_tool_call_input.delta':
      item.input = joined(item.input, event.delta)
      return
    case 'response.code_interpreter_call_code.delta':
      item.code = joined(item.code, event.delta)
  }
}

function part(item: Doc, list: string, at: unknown, type: string, key: string, piece: unknown): void {
  if (!Array.isArray(item[list])) item[list] = []
  const parts = item[list] as Doc[]
  const index = placeOf(at)
  const known = parts[index] ?? { type }
  parts[index] = { ...known, [key]: joined(known[key], piece) }
}
