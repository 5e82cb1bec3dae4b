// Puts the frames of an agent's answer together. Called by the protocol, one fold a stream. There is no end mark: the answer
// comes at the end, or a request to run something and to come back with what came of it.

import type { Frame } from '../../observe/wire/eventstream'
import { type Doc, doc, docs, parsed, text } from '../../observe/wire/value'
import { joined } from '../joined'
import type { Fold, FoldOptions } from '../protocol'
import { exceptionOf } from './error'

export class AgentFold implements Fold {
  #answer: Doc = {}
  complete = false

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#answer.error !== undefined
  }

  document(): unknown {
    return this.#answer
  }

  done(): void {}

  event(): boolean {
    return false
  }

  frame({ kind, type, payload }: Frame): boolean {
    const told = doc(parsed(payload.toString())) ?? {}
    if (kind === 'exception') {
      this.#answer = { ...this.#answer, ...exceptionOf(type, told) }
      return false
    }
    switch (type) {
      case 'chunk': // of an agent
        return this.#said(Buffer.from(text(told.bytes) ?? '', 'base64').toString())
      case 'output': // of a knowledge base
        return this.#said(told.text)
      case 'returnControl':
        this.complete = true
        if (this.options.content) this.#answer.returnControl = told
        return true
      case 'guardrail':
        this.#guarded(told)
        return false
      case 'trace':
        this.#guarded(doc(doc(told.trace)?.guardrailTrace))
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

  #guarded(told: Doc | undefined): void {
    if (told?.action === 'INTERVENED') this.#answer.guardrailAction = told.action
  }
}

/** Functions that the application is asked to run. */
export function wantedBy(answer: Doc): { name: unknown; arguments: Doc }[] {
  return docs(doc(answer.returnControl)?.invocationInputs).map(input => {
    const call = doc(input.functionInvocationInput) ?? doc(input.apiInvocationInput) ?? {}
    const args = docs(call.parameters).map(({ name, value }) => [String(name), value])
    return { name: call.function ?? call.apiPath, arguments: Object.fromEntries(args) }
  })
}
