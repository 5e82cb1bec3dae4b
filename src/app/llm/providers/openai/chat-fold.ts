// Assembles the chunks of a streamed chat completion into the non-streamed document.
import { count, type Doc, doc, docs, text } from '../../wire/json'
import { joined, placeOf } from '../fold'
import type { Fold, FoldOptions } from '../protocol'
import { thought } from './content'

interface Choice {
  readonly index: number
  finish_reason?: string
  readonly message: Doc & { tool_calls: Call[] }
}

interface Call extends Doc {
  function?: Doc
}

export class ChatFold implements Fold {
  #done = false
  readonly #answer: Doc = {}
  readonly #choices = new Map<number, Choice>()
  /** The newest call in each slot, `<choice>/<index>`. */
  readonly #calls = new Map<string, Call>()

  constructor(private readonly options: FoldOptions) {}

  /** An error is not the end, because the end mark may follow it. */
  get ended(): boolean {
    return this.#done
  }

  get complete(): boolean {
    if (this.#done) return true
    const finished = [...this.#choices.values()].filter(choice => choice.finish_reason !== undefined)
    return finished.length >= Math.max(1, this.options.choices)
  }

  document(): unknown {
    return { ...this.#answer, choices: [...this.#choices.values()] }
  }

  done(): void {
    this.#done = true
  }

  event(chunk: Doc): boolean {
    for (const key of ['id', 'model', 'service_tier', 'system_fingerprint', 'error'])
      if (chunk[key]) this.#answer[key] ??= chunk[key]
    if (chunk.object === 'error') this.#answer.error ??= chunk // vLLM's
    const choices = docs(chunk.choices)
    // Some hosts repeat cumulative usage in every chunk, and the last one counts. Groq and Moonshot have it in other fields.
    const usage = doc(chunk.usage) ?? doc(doc(chunk.x_groq)?.usage) ?? doc(choices[0]?.usage)
    if (usage) this.#answer.usage = usage
    let carried = false
    for (const choice of choices) if (this.#choice(choice)) carried = true
    return carried
  }

  #choice(piece: Doc): boolean {
    const index = placeOf(piece.index)
    const choice: Choice = this.#choices.get(index) ?? { index, message: { tool_calls: [] } }
    this.#choices.set(index, choice)
    const reason = text(piece.finish_reason)
    if (reason) choice.finish_reason = reason
    const delta = doc(piece.delta) ?? (text(piece.text) ? { content: piece.text } : undefined) // a text completion's
    if (!delta) return false
    const calls = docs(delta.tool_calls)
    const legacy = doc(delta.function_call)
    const audio = doc(delta.audio)
    if (delta.provider_metadata) choice.message.provider_metadata = delta.provider_metadata // Vercel's gateway
    const words = ['content', 'reasoning_content', 'reasoning', 'refusal'].filter(key => delta[key])
    const carried = words.length > 0 || calls.length > 0 || legacy !== undefined || audio !== undefined
    if (!this.options.content) return carried
    for (const key of words) choice.message[key] = grown(choice.message[key], delta[key])
    for (const call of calls) this.#toolCall(index, choice.message.tool_calls, call)
    if (legacy) choice.message.function_call = called(doc(choice.message.function_call), legacy)
    if (audio) choice.message.audio = spoken(doc(choice.message.audio), audio)
    return carried
  }

  #toolCall(choice: number, calls: Call[], piece: Doc): void {
    // Without an index, a piece with an id or a name starts another call, and any other piece continues the last one.
    const begins = text(piece.id) ?? text(doc(piece.function)?.name)
    const slot = `${choice}/${count(piece.index) ?? Math.max(0, begins ? calls.length : calls.length - 1)}`
    let call = this.#calls.get(slot)
    // Gemini's compatible endpoint sends parallel calls complete and all with index 0, so another id is another call.
    if (!call || (text(piece.id) && call.id && piece.id !== call.id)) {
      call = {}
      calls.push(call)
      this.#calls.set(slot, call)
    }
    if (text(piece.id)) call.id = piece.id
    const custom = doc(piece.custom)
    if (custom) call.custom = called(doc(call.custom), custom)
    else call.function = called(call.function, doc(piece.function) ?? {})
  }
}

/** Mistral sends content as text and as lists of parts, in the same stream. */
function grown(known: unknown, piece: unknown): unknown {
  if (!Array.isArray(piece) && !Array.isArray(known)) return joined(known, piece)
  const parts = Array.isArray(known) ? (known as Doc[]) : asParts(known)
  for (const part of asParts(piece)) {
    const last = parts.at(-1)
    const key = last?.type === part.type ? String(part.type) : ''
    if (last && key in last && key in part) last[key] = joined(last[key], part[key])
    else parts.push(part)
  }
  return parts
}

function asParts(content: unknown): Doc[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return docs(content).map(part => (part.type === 'thinking' ? { ...part, thinking: thought(part.thinking) } : part))
}

function called(known: Doc | undefined, piece: Doc): Doc {
  return {
    name: text(piece.name) ?? known?.name,
    arguments: joined(known?.arguments, piece.arguments),
    input: joined(known?.input, piece.input),
  }
}

function spoken(known: Doc | undefined, piece: Doc): Doc {
  return { id: piece.id ?? known?.id, transcript: joined(known?.transcript, piece.transcript) }
}
