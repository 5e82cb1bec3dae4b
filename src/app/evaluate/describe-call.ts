// Makes of a call's span and content what an evaluator gets.
import type { Attributes, SpanContext } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../../semconv'
import type { Content } from '../llm/answered'
import type { Message, Part } from '../llm/messages'
import { list, parsed, text } from '../llm/wire/json'
import type { EvaluatedCall } from './evaluated-call'

export function evaluatedCall(of: SpanContext, attributes: Attributes, content: Content): EvaluatedCall {
  const { messages, output, system = [], tools = [] } = content
  const instructions = [...messages.filter(({ role }) => isSystem(role)).flatMap(({ parts }) => parts), ...system]
  const user = messages.findLast(({ role, parts }) => role === 'user' && textOf(parts) !== '')
  return {
    traceId: of.traceId,
    spanId: of.spanId,
    operation: text(attributes[ATTR_GEN_AI_OPERATION_NAME]),
    provider: text(attributes[ATTR_GEN_AI_PROVIDER_NAME]),
    model: text(attributes[ATTR_GEN_AI_REQUEST_MODEL]),
    agent: text(attributes[ATTR_GEN_AI_AGENT_NAME]),
    attributes,
    system: textOf(instructions),
    question: user ? textOf(user.parts) : '',
    answer: textOf(output[0]?.parts ?? []),
    input: messages,
    output,
    tools,
    finishReasons: list(attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS]).map(String),
  }
}

const isSystem = (role: string): boolean => role === 'system' || role === 'developer'

/** Of a list of parts the text alone; reasoning is no part of an answer. */
export function textOf(parts: readonly Part[]): string {
  return parts
    .filter(({ type }) => type === 'text')
    .map(({ content }) => text(content) ?? '')
    .join('\n')
    .trim()
}

/** What a span has under the conventions' names, of whoever wrote it there; undefined where it has no answer. */
export function contentOnSpan(attributes: Readonly<Attributes>): (() => Content) | undefined {
  const output = attributes[ATTR_GEN_AI_OUTPUT_MESSAGES]
  if (typeof output !== 'string') return undefined
  return () => ({
    messages: messagesIn(attributes[ATTR_GEN_AI_INPUT_MESSAGES]),
    system: partsIn(attributes[ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]),
    tools: listIn(attributes[ATTR_GEN_AI_TOOL_DEFINITIONS]),
    output: messagesIn(output),
  })
}

const listIn = (json: unknown): unknown[] => (typeof json === 'string' ? list(parsed(json)) : [])

const partsIn = (json: unknown): Part[] => listIn(json).filter(isPart)

const isPart = (value: unknown): value is Part => typeof (value as Part | null)?.type === 'string'

function messagesIn(json: unknown): Message[] {
  return listIn(json).flatMap(message => {
    const { role, parts } = (message ?? {}) as Partial<Message>
    return typeof role === 'string' ? [{ role, parts: list(parts).filter(isPart) }] : []
  })
}
