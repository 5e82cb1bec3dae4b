// Assembles the chunks of a streamed generateContent into the non-streamed answer. There is no end mark: an answer is complete when each
// candidate has its finish reason.
import { type Doc, doc, docs, text } from '../../wire/json'
import { joined, placeOf, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'
import { placeAll } from './arguments'

interface Candidate {
  readonly index: number
  finishReason?: string
  groundingMetadata?: Doc
  readonly content: { readonly parts: Doc[] }
}

export class GenerateFold implements Fold {
  readonly #answer: Doc = {}
  readonly #candidates = new Map<number, Candidate>()

  constructor(private readonly options: FoldOptions) {}

  /** Usage may follow the finish reason, so only an error is the end. */
  get ended(): boolean {
    return this.#answer.error !== undefined
  }

  get complete(): boolean {
    if (doc(this.#answer.promptFeedback)?.blockReason) return true
    const finished = [...this.#candidates.values()].filter(candidate => candidate.finishReason !== undefined)
    return finished.length >= Math.max(1, this.options.choices)
  }

  document(): unknown {
    return { ...this.#answer, candidates: [...this.#candidates.values()] }
  }

  done(): void {}

  event(chunk: Doc): boolean {
    for (const key of ['responseId', 'modelVersion', 'promptFeedback', 'error']) {
      if (chunk[key]) this.#answer[key] ??= chunk[key]
    }
    // Counts are cumulative; some arrive late and are kept.
    const usage = doc(chunk.usageMetadata)
    if (usage) this.#answer.usageMetadata = update(doc(this.#answer.usageMetadata) ?? {}, usage)
    let carried = false
    for (const candidate of docs(chunk.candidates)) if (this.#candidate(candidate)) carried = true
    return carried
  }

  #candidate(piece: Doc): boolean {
    const index = placeOf(piece.index)
    const candidate: Candidate = this.#candidates.get(index) ?? { index, content: { parts: [] } }
    this.#candidates.set(index, candidate)
    const reason = text(piece.finishReason)
    if (reason) candidate.finishReason = reason
    const grounding = doc(piece.groundingMetadata)
    if (grounding) candidate.groundingMetadata = update(candidate.groundingMetadata ?? {}, grounding)
    const fresh = docs(doc(piece.content)?.parts).filter(part => part.text !== '')
    if (this.options.content) for (const part of fresh) add(candidate.content.parts, part)
    return fresh.length > 0
  }
}

function add(parts: Doc[], piece: Doc): void {
  const last = parts.at(-1)
  const call = doc(piece.functionCall)
  const open = doc(last?.functionCall)
  if (call && open?.willContinue === true) {
    placeAll(open.args as Doc, call.partialArgs)
    open.willContinue = call.willContinue
  } else if (call && (call.partialArgs || call.willContinue === true)) {
    const { partialArgs, ...begun } = call
    const args = { ...doc(call.args) }
    placeAll(args, partialArgs)
    parts.push({ functionCall: { ...begun, args } })
  } else if (
    last &&
    typeof piece.text === 'string' &&
    typeof last.text === 'string' &&
    piece.thought === last.thought
  ) {
    last.text = joined(last.text, piece.text)
  } else parts.push({ ...piece })
}
