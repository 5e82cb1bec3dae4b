// Assembles the events of a stream, which contain either the new text or all text so far.
import { type Doc, doc, docs, text } from '../../wire/json'
import { joined, placeOf, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

export class GenerationFold implements Fold {
  readonly #answer: Doc = {}
  #text: unknown
  readonly #choices = new Map<number, Doc>()

  constructor(private readonly options: FoldOptions) {}

  /** Every event has the usage, and there is no end mark. */
  get ended(): boolean {
    return false
  }

  get complete(): boolean {
    const output = doc(this.#answer.output) ?? {}
    return [output, ...docs(output.choices)].some(one => ended(one.finish_reason).length > 0)
  }

  document(): unknown {
    const output = doc(this.#answer.output)
    return { ...this.#answer, output: { ...output, text: this.#text, choices: [...this.#choices.values()] } }
  }

  done(): void {}

  event(event: Doc): boolean {
    update(this.#answer, event)
    const output = doc(event.output) ?? {}
    let carried = text(output.text) !== undefined
    if (this.options.content) this.#text = said(this.#text, output.text)
    for (const choice of docs(output.choices)) {
      const index = placeOf(choice.index)
      const { content, reasoning_content, tool_calls } = doc(choice.message) ?? {}
      if (text(content) ?? text(reasoning_content) ?? docs(content)[0] ?? docs(tool_calls)[0]) carried = true
      const known = doc(this.#choices.get(index)?.message) ?? {}
      const message = this.options.content
        ? {
            role: 'assistant',
            content: saidIn(known.content, content),
            reasoning_content: said(known.reasoning_content, reasoning_content),
            tool_calls: calls(known.tool_calls, tool_calls),
          }
        : {}
      this.#choices.set(index, { index, finish_reason: choice.finish_reason, message })
    }
    return carried
  }
}

function said(known: unknown, piece: unknown): unknown {
  const isWhole = typeof known === 'string' && typeof piece === 'string' && known !== '' && piece.startsWith(known)
  return isWhole ? piece : joined(known, piece)
}

/** A text, or a list that contains one. */
function saidIn(known: unknown, content: unknown): unknown {
  const texts = Array.isArray(content)
    ? docs(content)
        .flatMap(part => text(part.text) ?? [])
        .join('')
    : content
  return said(known, texts)
}

function calls(known: unknown, pieces: unknown): Doc[] {
  const all = Array.isArray(known) ? (known as Doc[]) : []
  for (const piece of docs(pieces)) {
    const index = placeOf(piece.index)
    const [before, now] = [doc(all[index]?.function) ?? {}, doc(piece.function) ?? {}]
    all[index] = {
      ...all[index],
      ...(text(piece.id) && { id: piece.id }),
      function: { name: text(now.name) ?? before.name, arguments: said(before.arguments, now.arguments) },
    }
  }
  return all
}

/** Before its end, a stream sends the string `null` as finish reason. */
export function ended(reason: unknown): string[] {
  return typeof reason === 'string' && reason !== '' && reason !== 'null' ? [reason] : []
}
