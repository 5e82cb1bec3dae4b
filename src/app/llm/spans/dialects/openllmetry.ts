// OpenLLMetry (Traceloop). Its newest instrumentations use current names for most attributes, except its own structure (`traceloop.*`), and
// messages with one attribute per leaf. Based on openllmetry-js 0.27.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_PROMPT_VERSION,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '../../../../../semconv'
import { inputAttributes, outputAttributes } from '../../content'
import type { Message } from '../../messages'
import { messages } from '../../providers/openai/content'
import { type Doc, parsed, text } from '../../wire/json'
import { operationOf } from '../recognise'
import type { LlmSpan } from '../span'
import type { Dialect } from './dialect'
import { members, tree } from './tree'

/** Its Anthropic and Bedrock instrumentations copy `input_tokens`, which exclude cached tokens. */
const exclusive = /anthropic|bedrock/i

export const openLlmetry: Dialect = {
  name: 'openllmetry',
  fields: [
    [ATTR_GEN_AI_REQUEST_TOP_K, 'llm.top_k'],
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, 'llm.frequency_penalty'],
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, 'llm.presence_penalty'],
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, 'llm.chat.stop_sequences'],
    [ATTR_GEN_AI_PROMPT_NAME, 'traceloop.prompt.key'],
    [ATTR_GEN_AI_PROMPT_VERSION, 'traceloop.prompt.version'],
    [ATTR_USER_ID, 'traceloop.association.properties.user_id'],
    [ATTR_SESSION_ID, 'traceloop.association.properties.session_id'],
    [
      ATTR_GEN_AI_CONVERSATION_ID,
      'traceloop.association.properties.conversation_id',
      'traceloop.association.properties.session_id',
    ],
  ],
  counts: [],
  read,
  content,
  leavesOutCached: ({ attributes, instrumentationScope }) =>
    instrumentationScope.name.startsWith('@traceloop/') &&
    exclusive.test(String(attributes[ATTR_GEN_AI_PROVIDER_NAME] ?? attributes['gen_ai.system'])),
  own: [
    'traceloop.span.kind',
    'traceloop.entity.',
    'traceloop.prompt.key',
    'traceloop.prompt.version',
    'llm.request.type',
    'llm.usage.total_tokens',
    'llm.top_k',
    'llm.frequency_penalty',
    'llm.presence_penalty',
    'llm.chat.stop_sequences',
    'llm.request.functions.',
    'gen_ai.prompt.',
    'gen_ai.completion.',
    'gen_ai.usage.total_tokens',
  ],
}

function read({ attributes }: LlmSpan): Attributes {
  const name = text(attributes['traceloop.entity.name'])
  const operation = operationOf(attributes)
  if (operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL) return { [ATTR_GEN_AI_TOOL_NAME]: name }
  // on spans inside a workflow, the workflow's name is kept: there is no current name for it
  if (operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW)
    return { [ATTR_GEN_AI_AGENT_NAME]: text(attributes['traceloop.workflow.name']) ?? name }
  return operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT ? { [ATTR_GEN_AI_AGENT_NAME]: name } : {}
}

function content({ attributes }: LlmSpan): Attributes {
  if (operationOf(attributes) === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL) {
    return {
      [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: text(attributes['traceloop.entity.input']),
      [ATTR_GEN_AI_TOOL_CALL_RESULT]: text(attributes['traceloop.entity.output']),
    }
  }
  const tools = members(tree(attributes, 'llm.request.functions')).map(({ name, description, parameters }) => ({
    type: 'function',
    name,
    description,
    parameters: parsed(text(parameters) ?? '') ?? parameters,
  }))
  return {
    ...inputAttributes({ messages: said(attributes, 'gen_ai.prompt', 'user'), tools }),
    ...outputAttributes(said(attributes, 'gen_ai.completion', 'assistant')),
  }
}

/** Messages of OpenAI's format, whose lists and objects are JSON or separate leaves. */
function said(attributes: Readonly<Attributes>, prefix: string, role: string): Message[] {
  const found = members(tree(attributes, prefix)).map((message): Doc => {
    const { content } = message
    const json = typeof content === 'string' && content.startsWith('[') ? parsed(content) : undefined
    const calls = members(message.tool_calls).map(({ id, name, arguments: args }) => ({
      id,
      function: { name, arguments: args },
    }))
    return { role, ...message, content: json ?? content, tool_calls: calls }
  })
  return messages(found.filter(message => typeof message.role === 'string'))
}
