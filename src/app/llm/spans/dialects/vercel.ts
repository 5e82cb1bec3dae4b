// The AI SDK's `ai.*` attributes: its own spans up to v6 (experimental_telemetry), and LegacyOpenTelemetry of @ai-sdk/otel in v7. Based on
// the sources of ai 5.0.277, 6.0.326 and @ai-sdk/otel 1.0.173.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '../../../../../semconv'
import { inputAttributes, outputAttributes } from '../../content'
import { textPart } from '../../messages'
import { answer, messages } from '../../providers/vercel/content'
import { usageAttributes } from '../../usage'
import { count, type Doc, doc, list, number, parsed, text } from '../../wire/json'
import type { LlmSpan } from '../span'
import type { Dialect } from './dialect'
import { parameters } from './parameters'
import { tree } from './tree'

/** Versions up to 5 pass on the provider's own counts; these providers exclude cached tokens. */
const exclusive = /^(?:anthropic|amazon-bedrock|bedrock|vertex\.anthropic|google\.vertex\.anthropic)/

export const vercel: Dialect = {
  name: 'vercel',
  fields: [
    [ATTR_GEN_AI_PROVIDER_NAME, 'ai.model.provider'],
    [ATTR_GEN_AI_REQUEST_MODEL, 'ai.model.id'],
    [ATTR_GEN_AI_RESPONSE_MODEL, 'ai.response.model'],
    [ATTR_GEN_AI_RESPONSE_ID, 'ai.response.id'],
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS, 'ai.response.finishReason', 'ai.finishReason'],
    [ATTR_GEN_AI_TOOL_NAME, 'ai.toolCall.name'],
    [ATTR_GEN_AI_TOOL_CALL_ID, 'ai.toolCall.id'],
    [ATTR_USER_ID, 'ai.telemetry.metadata.userId'],
    [ATTR_SESSION_ID, 'ai.telemetry.metadata.sessionId'],
    [ATTR_GEN_AI_CONVERSATION_ID, 'ai.telemetry.metadata.sessionId'],
  ],
  counts: [
    ['input', 'ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens'],
    ['output', 'ai.usage.outputTokens', 'ai.usage.completionTokens'],
    ['cacheRead', 'ai.usage.inputTokenDetails.cacheReadTokens', 'ai.usage.cachedInputTokens'],
    ['cacheWrite', 'ai.usage.inputTokenDetails.cacheWriteTokens'],
    ['reasoning', 'ai.usage.outputTokenDetails.reasoningTokens', 'ai.usage.reasoningTokens'],
  ],
  read,
  content,
  leavesOutCached: ({ attributes }) =>
    exclusive.test(String(attributes['ai.model.provider'])) &&
    attributes['ai.usage.inputTokenDetails.noCacheTokens'] === undefined,
  own: [
    'ai.operationId',
    'ai.model.',
    'ai.settings.',
    'ai.usage.',
    'ai.prompt',
    'ai.prompt.',
    'ai.response.',
    'ai.finishReason',
    'ai.toolCall.',
    'operation.name',
    'resource.name',
  ],
}

function read({ attributes }: LlmSpan): Attributes {
  const operation = text(attributes['ai.operationId']) ?? ''
  const wait = number(attributes['ai.response.msToFirstChunk'])
  const outer = /^ai\.(?:generate|stream)(?:Text|Object)$/.test(operation)
  return {
    ...parameters(tree(attributes, 'ai.settings')),
    ...cacheWrites(text(attributes['ai.response.providerMetadata'])),
    ...(operation.includes('.doStream') && { [ATTR_GEN_AI_REQUEST_STREAM]: true }),
    ...(wait !== undefined && { [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: wait / 1_000 }),
    ...(outer && { [ATTR_GEN_AI_AGENT_NAME]: text(attributes['ai.telemetry.functionId']) }),
  }
}

/** Up to version 5, only the provider's metadata has the tokens written to the cache. */
function cacheWrites(metadata: string | undefined): Attributes {
  if (!metadata) return {}
  const own = doc(parsed(metadata)) ?? {}
  return usageAttributes({
    cacheWrite:
      count(doc(own.anthropic)?.cacheCreationInputTokens) ?? count(doc(doc(own.bedrock)?.usage)?.cacheWriteInputTokens),
  })
}

function content({ attributes }: LlmSpan): Attributes {
  if (attributes['ai.operationId'] === 'ai.toolCall') {
    return {
      [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: attributes['ai.toolCall.args'],
      [ATTR_GEN_AI_TOOL_CALL_RESULT]: attributes['ai.toolCall.result'],
    }
  }
  const prompt = doc(parsed(text(attributes['ai.prompt']) ?? '')) ?? {}
  const input = parsed(text(attributes['ai.prompt.messages']) ?? '') ?? prompt.messages ?? prompt.prompt
  const system = text(prompt.system)
  const tools = list(attributes['ai.prompt.tools']).flatMap(tool => definition(doc(parsed(String(tool)))))
  return {
    ...inputAttributes({ messages: messages(input), ...(system && { system: [textPart(system)] }), tools }),
    ...outputAttributes(
      answer({
        text: attributes['ai.response.text'] ?? attributes['ai.response.object'],
        reasoning: attributes['ai.response.reasoning'],
        toolCalls: parsed(text(attributes['ai.response.toolCalls']) ?? ''),
      }),
    ),
  }
}

function definition(tool: Doc | undefined): Doc[] {
  if (!tool) return []
  const { inputSchema, ...rest } = tool
  return [inputSchema === undefined ? rest : { ...rest, parameters: inputSchema }]
}
