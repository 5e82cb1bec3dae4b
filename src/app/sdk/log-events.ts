// Chunk `log-events`: what becomes a log record of a span on its way out, made of what the span has there, so that it holds whoever
// recorded it. Exceptions, as the conventions want them in the end (OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN); and a call with its content,
// `gen_ai.client.inference.operation.details`, for who keeps content apart from traces.
import { type Logger, type LogRecord, ROOT_CONTEXT, SeverityNumber, SpanStatusCode, trace } from '@opentelemetry/api'
import { EVENT_EXCEPTION } from '@opentelemetry/semantic-conventions'
import {
  ATTR_AFN_EXCEPTION_LOGGED,
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_TYPE,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  ATTRIBUTE_TYPES,
  EVENT_GEN_AI_CLIENT_INFERENCE_EXCEPTION,
  EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS,
  EVENT_GEN_AI_EXECUTE_TOOL_EXCEPTION,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
} from '../../../semconv'
import type { Call } from '../llm/call'
import type { SpanCopy } from './span-copy'

/**
 * A span whose exceptions are log records says so: the tier of its trace is decided by spans alone.
 * @param keepsEvents `logs/dup`: the events stay on their spans too
 */
export function createExceptionLogs(logger: () => Logger, keepsEvents: boolean): (span: SpanCopy) => void {
  return span => {
    if (!span.isSampled) return
    const events = span.events.filter(({ name }) => name === EVENT_EXCEPTION)
    const context = trace.setSpanContext(ROOT_CONTEXT, span.context)
    const what = eventOf(span)
    for (const { time, attributes = {} } of events) logger().emit({ ...what, timestamp: time, context, attributes })
    // a client of a model throws in the app, behind what is seen here
    if (events.length === 0 && what.eventName === EVENT_GEN_AI_CLIENT_INFERENCE_EXCEPTION) {
      const { attributes, status, endTime } = span
      if (status.code !== SpanStatusCode.ERROR) return
      const failure = {
        [ATTR_EXCEPTION_TYPE]: attributes[ATTR_ERROR_TYPE],
        ...(status.message !== undefined && { [ATTR_EXCEPTION_MESSAGE]: status.message }),
      }
      logger().emit({ ...what, timestamp: endTime, context, attributes: failure })
    }
    if (events.length === 0) return
    span.own()[ATTR_AFN_EXCEPTION_LOGGED] = true
    if (!keepsEvents) span.events = span.events.filter(({ name }) => name !== EVENT_EXCEPTION)
  }
}

function eventOf({ call }: SpanCopy): Pick<LogRecord, 'eventName' | 'severityNumber' | 'severityText'> {
  const warning = { severityNumber: SeverityNumber.WARN, severityText: 'WARN' }
  if (call?.operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL)
    return { eventName: EVENT_GEN_AI_EXECUTE_TOOL_EXCEPTION, ...warning }
  if (isInference(call)) return { eventName: EVENT_GEN_AI_CLIENT_INFERENCE_EXCEPTION, ...warning }
  return { eventName: EVENT_EXCEPTION, severityNumber: SeverityNumber.ERROR, severityText: 'ERROR' }
}

const isInference = (call: Call | undefined) =>
  call?.isModelCall === true && call.operation !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS

/** JSON on spans. */
const structured: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
])
/** What the conventions have on such a span, and whose it is: an erasure finds records by that. */
const taken: ReadonlySet<string> = new Set([
  ATTR_ERROR_TYPE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
])
/** Of a call that somebody else traced too, his words stay on the span. */
const isTaken = (key: string) =>
  taken.has(key) || ((key.startsWith('gen_ai.') || key.startsWith('openai.')) && ATTRIBUTE_TYPES[key] !== undefined)

/** Takes what the redactor has left of a span. */
export function createInferenceDetails(logger: () => Logger): (span: SpanCopy) => void {
  return span => {
    const { attributes } = span
    if (!isInference(span.call)) return
    if (attributes[ATTR_GEN_AI_INPUT_MESSAGES] === undefined && attributes[ATTR_GEN_AI_OUTPUT_MESSAGES] === undefined)
      return
    const said: NonNullable<LogRecord['attributes']> = {}
    for (const [key, value] of Object.entries(attributes))
      if (isTaken(key)) said[key] = structured.has(key) && typeof value === 'string' ? parsed(value) : value
    logger().emit({
      eventName: EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS,
      severityNumber: SeverityNumber.DEBUG,
      severityText: 'DEBUG',
      timestamp: span.endTime,
      context: trace.setSpanContext(ROOT_CONTEXT, span.context),
      attributes: said,
    })
  }
}

/** What the redactor has replaced whole is no JSON any more. */
function parsed(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
