// Agents and knowledge bases of Amazon Bedrock, and custom agents on AgentCore: they call models and report no usage.
import {
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_CONVERSATION_ID,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
} from '../../../../../semconv'
import { textMessages, textPart, toolCall } from '../../messages'
import { EventStreamReader } from '../../wire/eventstream'
import { doc, text } from '../../wire/json'
import { AGENT, KNOWLEDGE, RUNTIME } from '../paths'
import type { HeaderOf, ParsedRequest, Protocol } from '../protocol'
import { AgentFold, wantedBy } from './agent-fold'
import { errorFields, errorIn } from './errors'
import { requestId } from './request-id'

export const bedrockAgent: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  identifiableByHead: () => true, // nobody else has such paths
  frames: EventStreamReader,

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
        ...requestId(header),
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
