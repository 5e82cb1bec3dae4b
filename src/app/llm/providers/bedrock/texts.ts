// Answers of models that return plain text, with the field names of each vendor.
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html

import type { Usage } from '../../usage'
import { count, type Doc, doc, docs, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import { joined, update } from '../fold'
import { sum } from '../google/usage'
import type { Fold, FoldOptions } from '../protocol'
import { METRICS } from './usage'

export interface TextAnswer {
  readonly text?: string | undefined
  /** The finish reason. */
  readonly reason?: string | undefined
}

/** Lists of texts with their finish reasons: Titan's, Cohere's, Mistral's. */
const lists: readonly (readonly [list: string, text: string, reason: string])[] = [
  ['results', 'outputText', 'completionReason'],
  ['generations', 'text', 'finish_reason'],
  ['outputs', 'text', 'stop_reason'],
]

/** A single text at the top level: Titan's stream, Llama's, Claude 2's, Command R's. */
const singles: readonly (readonly [text: string, reason: string])[] = [
  ['outputText', 'completionReason'],
  ['generation', 'stop_reason'],
  ['completion', 'stop_reason'],
  ['text', 'finish_reason'],
]

export const textFields: Fields = {
  ...Object.fromEntries(lists.map(([list, , reason]) => [list, { '*': { [reason]: true, tokenCount: true } }])),
  ...Object.fromEntries(singles.map(([, reason]) => [reason, true])),
  completions: { '*': { finishReason: true } },
  id: true,
  generation_id: true,
  inputTextTokenCount: true,
  totalOutputTextTokenCount: true,
  prompt_token_count: true,
  generation_token_count: true,
  meta: { billed_units: true },
}

export const textContentFields: Fields = {
  ...Object.fromEntries([...lists, ...singles, ['completions'], ['tool_calls']].map(([name]) => [name, true])),
}

export function answersIn(answer: Doc): TextAnswer[] {
  for (const [list, words, reason] of lists) {
    const items = docs(answer[list])
    if (items.length) return items.map(item => ({ text: text(item[words]), reason: text(item[reason]) }))
  }
  const completions = docs(answer.completions) // AI21's
  if (completions.length) {
    return completions.map(item => ({ text: text(doc(item.data)?.text), reason: text(doc(item.finishReason)?.reason) }))
  }
  const single = singles.find(([words]) => words in answer) ?? singles.find(([, reason]) => answer[reason])
  return single ? [{ text: text(answer[single[0]]), reason: text(answer[single[1]]) }] : []
}

/** Counts of Titan, Llama and Cohere; embeddings have no output tokens. */
export function countsIn(answer: Doc): Usage | undefined {
  const billed = doc(doc(answer.meta)?.billed_units)
  const results = docs(answer.results).map(({ tokenCount }) => count(tokenCount))
  const input = count(answer.inputTextTokenCount) ?? count(answer.prompt_token_count) ?? count(billed?.input_tokens)
  const output =
    results.reduce(sum, undefined) ??
    count(answer.totalOutputTextTokenCount) ??
    count(answer.generation_token_count) ??
    count(billed?.output_tokens)
  return input === undefined && output === undefined ? undefined : { input, output }
}

const texts = new Set(singles.map(([words]) => words))

/** Concatenates texts; any other field is replaced by its latest value. */
export class TextFold implements Fold {
  readonly #answer: Doc = {}

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#answer[METRICS] !== undefined
  }

  get complete(): boolean {
    const answers = answersIn(this.#answer)
    return answers.length > 0 && answers.every(({ reason }) => reason !== undefined)
  }

  document(): unknown {
    return this.#answer
  }

  done(): void {}

  event(chunk: Doc): boolean {
    const carried = [chunk, ...lists.flatMap(([list]) => docs(chunk[list]))].some(piece =>
      [...texts].some(words => text(piece[words])),
    )
    this.#merge(this.#answer, chunk)
    const whole = doc(chunk.response) // at the end Command R says it all again
    if (whole) update(this.#answer, whole)
    return carried
  }

  #merge(known: Doc, piece: Doc): Doc {
    for (const [name, value] of Object.entries(piece)) {
      if (value === null) continue
      if (texts.has(name)) {
        if (this.options.content) known[name] = joined(known[name], value)
      } else if (Array.isArray(value)) {
        const before = docs(known[name])
        known[name] = docs(value).map((item, i) => this.#merge(before[i] ?? {}, item))
      } else known[name] = value
    }
    return known
  }
}
