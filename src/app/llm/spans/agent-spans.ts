// Starts spans for agent frameworks: workflows, agents, their steps and tools.
import { type Attributes, type Context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '../../../../semconv'
import { contentOf } from '../bounded-content'
import { spanName } from './operations'
import { saidAround, withScope } from './scope'

/** Properties known at the start. */
export interface Begun {
  readonly name: string
  readonly kind?: SpanKind
  readonly attributes: Attributes
  /** Attributes for everything that runs inside. */
  readonly scope?: Attributes
}

export interface OpenSpan {
  readonly span: Span
  /** The active context inside. */
  readonly context: Context
}

export function startWithin(tracer: Tracer, outside: Context, begun: Begun): OpenSpan {
  const { name, kind = SpanKind.INTERNAL, attributes, scope } = begun
  const span = tracer.startSpan(name, { kind, attributes }, outside)
  return { span, context: trace.setSpan(scope ? withScope(outside, scope) : outside, span) }
}

export function agentSpan(name: string | undefined): Begun {
  return {
    name: spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, name),
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
      [ATTR_GEN_AI_AGENT_NAME]: name,
    },
    ...(name && { scope: { [ATTR_GEN_AI_AGENT_NAME]: name } }),
  }
}

export function workflowSpan(name: string | undefined): Begun {
  return {
    name: spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW, name),
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
      [ATTR_GEN_AI_AGENT_NAME]: name,
    },
  }
}

/** Assigns the run to a thread of the framework's memory. A conversation id set by the app takes precedence. */
export function inThread(begun: Begun, outside: Context, thread: string | undefined): Begun {
  if (thread === undefined || saidAround(outside, ATTR_GEN_AI_CONVERSATION_ID) !== undefined) return begun
  const conversation = { [ATTR_GEN_AI_CONVERSATION_ID]: thread }
  return {
    ...begun,
    attributes: { ...begun.attributes, ...conversation },
    scope: { ...begun.scope, ...conversation },
  }
}

/** @param step its number, from 1, or its name */
export const stepSpan = (step: number | string): Begun => ({
  name: `step ${step}`,
  attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'agent_step' },
})

export interface ToolCall {
  readonly name: string | undefined
  readonly id?: string | undefined
  /** Default: `function`. */
  readonly type?: 'function' | 'extension'
  /** Undefined if content capture is off. */
  readonly arguments?: unknown
}

export const toolSpan = ({ name, id, type = 'function', arguments: given }: ToolCall): Begun => ({
  name: spanName(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, name),
  attributes: {
    [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
    [ATTR_GEN_AI_TOOL_NAME]: name,
    [ATTR_GEN_AI_TOOL_CALL_ID]: id,
    [ATTR_GEN_AI_TOOL_TYPE]: type,
    [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: given === undefined ? undefined : contentOf(given),
  },
})
