// Assembles the frames of an agent's answer. There is no end mark: the last frame is the answer, or a request to run a function and return
// its result.
import type { Frame } from '../../wire/eventstream'
import { type Doc, doc, docs, text } from '../../wire/json'
import { joined, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'
import { exceptionOf } from './errors'

export class AgentFold implements Fold {
  readonly #answer: Doc = {}
  complete = false

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#answer.error !== undefined
  }

  document(): unknown {
    return this.#answer
  }

  done(): void {}

  /** Agents of AgentCore define their own events. */
  event(): boolean {
    this.complete = true
    return true
  }

  frame({ kind, type, payload }: Frame, parse: (json: Buffer) => unknown): boolean {
    const body = doc(parse(payload)) ?? {}
    if (kind === 'exception') {
      update(this.#answer, exceptionOf(type, body))
      return false
    }
    switch (type) {
      case 'chunk': // of an agent
        return this.#said(Buffer.from(text(body.bytes) ?? '', 'base64').toString())
      case 'output': // of a knowledge base
        return this.#said(body.text)
      case 'returnControl':
        this.complete = true
        if (this.options.content) this.#answer.returnControl = body
        return true
      case 'guardrail':
        this.#guarded(body)
        return false
      case 'trace':
        this.#guarded(doc(doc(body.trace)?.guardrailTrace))
        return false
      default:
        return false
    }
  }

  #said(words: unknown): boolean {
    this.complete = true
    if (this.options.content) this.#answer.output = { text: joined(doc(this.#answer.output)?.text, words) }
    return true
  }

  #guarded(trace: Doc | undefined): void {
    if (trace?.action === 'INTERVENED') this.#answer.guardrailAction = trace.action
  }
}

/** Functions that the agent asks the app to run. */
export function wantedBy(answer: Doc): { name: unknown; arguments: Doc }[] {
  return docs(doc(answer.returnControl)?.invocationInputs).map(input => {
    const call = doc(input.functionInvocationInput) ?? doc(input.apiInvocationInput) ?? {}
    const args = docs(call.parameters).map(({ name, value }) => [String(name), value])
    return { name: call.function ?? call.apiPath, arguments: Object.fromEntries(args) }
  })
}
