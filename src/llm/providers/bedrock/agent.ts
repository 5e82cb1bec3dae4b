// Agents and knowledge bases of Amazon Bedrock, and those of one's own on AgentCore: they call models and return no counts.
import {
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_CONVERSATION_ID,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
} from '../../../../semconv'
import { textMessages, textPart, toolCall } from '../../messages'
import type { Frame } from '../../observe/wire/eventstream'
import { type Doc, doc, docs, text } from '../../observe/wire/json'
import { AGENT, KNOWLEDGE, RUNTIME } from '../paths'
import {
  type Fold,
  type FoldOptions,
  type HeaderOf,
  joined,
  type ParsedRequest,
  type Protocol,
  update,
} from '../protocol'
import { errorFields, errorIn, exceptionOf } from './bedrock'

export const bedrockAgent: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  identifiableByHead: () => true, // nobody else has such paths

  requestFields: { sessionId: true },
  requestContentFields: { inputText: true, input: true },
  request,
  input(body) {
    const words = text(doc(body)?.inputText) ?? doc(doc(body)?.input)?.text
    return { messages: textMessages('user', words) }
  },

  responseFields: { guardrailAction: true, ...errorFields },
  responseContentFields: { output: true },
  significantEvent: /./, // comes as frames
  fold: options => new AgentFold(options),
  response(document, header) {
    return {
      finishReasons: [],
      usage: undefined,
      error: errorIn(document, header),
      attributes: {
        [ATTR_AFN_LLM_GUARDRAIL_TRIGGERED]: doc(document)?.guardrailAction === 'INTERVENED' ? true : undefined,
      },
    }
  },
  output(document) {
    const answer = doc(document) ?? {}
    const words = text(doc(answer.output)?.text)
    const calls = wantedBy(answer).map(call => toolCall(undefined, call.name, call.arguments))
    return [{ role: 'assistant', parts: [...(words === undefined ? [] : [textPart(words)]), ...calls] }]
  },
}

function request(body: unknown, url: URL, header: HeaderOf): ParsedRequest | undefined {
  const params = doc(body)
  const runtime = RUNTIME.exec(url.pathname)?.[1]
  if (!params) return undefined
  const agent = AGENT.exec(url.pathname)
  const knowledge = KNOWLEDGE.exec(url.pathname)
  return {
    model: undefined,
    ...(knowledge && { operation: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW }),
    stream: agent !== null || knowledge?.[1] !== undefined,
    choices: 1,
    attributes: {
      [ATTR_GEN_AI_AGENT_ID]: agent?.[1] ?? runtime?.replace(/^.*(?:\/|%2F)/i, ''),
      [ATTR_GEN_AI_CONVERSATION_ID]:
        agent?.[2] ?? text(params.sessionId) ?? text(header('x-amzn-bedrock-agentcore-runtime-session-id')),
    },
  }
}

// Puts the frames of an agent's answer together. There is no end mark: the answer comes at the end, or a request to run
// something and to come back with what came of it.

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

  /** AgentCore's agents answer with events of their own. */
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

/** Functions that the agent wants the application to run. */
export function wantedBy(answer: Doc): { name: unknown; arguments: Doc }[] {
  return docs(doc(answer.returnControl)?.invocationInputs).map(input => {
    const call = doc(input.functionInvocationInput) ?? doc(input.apiInvocationInput) ?? {}
    const args = docs(call.parameters).map(({ name, value }) => [String(name), value])
    return { name: call.function ?? call.apiPath, arguments: Object.fromEntries(args) }
  })
}
