// The series that a call belongs to. No attribute may have values without end. Called by `record.ts`.
import { SpanStatusCode } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ERROR_TYPE_VALUE_OTHER,
} from '../../../../semconv'
import type { LlmSpan } from '../../spans/span'
import { Names } from './names'
import { Series } from './series'

export interface CallSeries {
  /** Operation, provider and the model that was asked for. */
  readonly brief: Series
  /** With the model that answered, and the server: what OpenTelemetry's own metrics have. */
  readonly full: Series
  /** `error.type` where the call failed. */
  readonly error: string | undefined
}

export function createCallSeries(): (span: LlmSpan) => CallSeries {
  const root = Series.root()
  const operations = new Names()
  const providers = new Names()
  const models = new Names()
  const servers = new Names()
  const errors = new Names(ERROR_TYPE_VALUE_OTHER)

  return ({ attributes, status }) => {
    const priced = attributes[ATTR_AFN_LLM_COST_TOTAL] !== undefined
    const named = (names: Names, key: string, vouched = false) => {
      const value = attributes[key]
      return typeof value === 'string' ? names.keep(value, vouched) : undefined
    }
    const brief = root
      .with(ATTR_GEN_AI_OPERATION_NAME, named(operations, ATTR_GEN_AI_OPERATION_NAME))
      .with(ATTR_GEN_AI_PROVIDER_NAME, named(providers, ATTR_GEN_AI_PROVIDER_NAME))
      .with(ATTR_GEN_AI_REQUEST_MODEL, named(models, ATTR_GEN_AI_REQUEST_MODEL, priced))
    const server = named(servers, ATTR_SERVER_ADDRESS)
    const port = attributes[ATTR_SERVER_PORT]
    // a server that has no name of its own has no port of its own
    const ownPort = server === attributes[ATTR_SERVER_ADDRESS] && typeof port === 'number' ? port : undefined
    const full = brief
      .with(ATTR_GEN_AI_RESPONSE_MODEL, named(models, ATTR_GEN_AI_RESPONSE_MODEL, priced))
      .with(ATTR_SERVER_ADDRESS, server)
      .with(ATTR_SERVER_PORT, ownPort)
    const failed = attributes[ATTR_ERROR_TYPE] !== undefined || status.code === SpanStatusCode.ERROR
    return { brief, full, error: failed ? (named(errors, ATTR_ERROR_TYPE) ?? ERROR_TYPE_VALUE_OTHER) : undefined }
  }
}
