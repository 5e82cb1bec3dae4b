// Agents and knowledge bases of Amazon Bedrock, which call models on their own and tell no counts. Listed in index.ts.
import {
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_CONVERSATION_ID,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
} from '../../../../semconv'
import { textPart, toolCall } from '../../messages'
import { doc, text } from '../../observe/wire/value'
import type { Protocol, RequestTold } from '../protocol'
import { AgentFold, wantedBy } from './agent-fold'
import { errorFields, errorIn } from './error'

const AGENT = /\/agents\/([^/]+)\/agentAliases\/[^/]+\/sessions\/([^/]+)\/text$/
const KNOWLEDGE = /\/retrieveAndGenerate(Stream)?$/

export const bedrockAgent: Protocol = {
  name: 'bedrock-agent',
  operation: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  path: pathname => AGENT.test(pathname) || KNOWLEDGE.test(pathname),
  vouched: () => true, // nobody else has such paths

  requestFields: { sessionId: true },
  requestContentFields: { inputText: true, input: true },
  request,
  input(body) {
    const words = text(doc(body)?.inputText) ?? text(doc(doc(body)?.input)?.text)
    return { messages: words === undefined ? [] : [{ role: 'user', parts: [textPart(words)] }] }
  },

  responseFields: { guardrailAction: true, ...errorFields },
  responseContentFields: { output: true },
  telling: /./, // comes as frames
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

function request(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  if (!asked) return undefined
  const agent = AGENT.exec(url.pathname)
  const knowledge = KNOWLEDGE.exec(url.pathname)
  return {
    model: undefined,
    ...(knowledge && { operation: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW }),
    stream: agent !== null || knowledge?.[1] !== undefined,
    choices: 1,
    attributes: {
      [ATTR_GEN_AI_AGENT_ID]: agent?.[1],
      [ATTR_GEN_AI_CONVERSATION_ID]: agent?.[2] ?? text(asked.sessionId),
    },
  }
}
