// The attributes of a call's metrics, of which none may have values without end. Called by `record.ts`.
import { type Attributes, SpanStatusCode } from '@opentelemetry/api'
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
} from '../../../semconv'
import type { LlmSpan } from '../span'
import { Names } from './names'

export interface CallAttributes {
  /** Operation, provider and the model that was asked for. */
  readonly brief: Attributes
  /** With the model that answered, and the server: what OpenTelemetry's own metrics have. */
  readonly full: Attributes
  /** `error.type`, where the call failed. */
  readonly failure: Attributes | undefined
}

export function createCallAttributes(): (span: LlmSpan) => CallAttributes {
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
    const brief = {
      [ATTR_GEN_AI_OPERATION_NAME]: named(operations, ATTR_GEN_AI_OPERATION_NAME),
      [ATTR_GEN_AI_PROVIDER_NAME]: named(providers, ATTR_GEN_AI_PROVIDER_NAME),
      [ATTR_GEN_AI_REQUEST_MODEL]: named(models, ATTR_GEN_AI_REQUEST_MODEL, priced),
    }
    const server = named(servers, ATTR_SERVER_ADDRESS)
    const full = {
      ...brief,
      [ATTR_GEN_AI_RESPONSE_MODEL]: named(models, ATTR_GEN_AI_RESPONSE_MODEL, priced),
      [ATTR_SERVER_ADDRESS]: server,
      // a server that has no name of its own has no port of its own
      [ATTR_SERVER_PORT]: server === attributes[ATTR_SERVER_ADDRESS] ? attributes[ATTR_SERVER_PORT] : undefined,
    }
    const error = attributes[ATTR_ERROR_TYPE]
    const failed = error !== undefined || status.code === SpanStatusCode.ERROR
    return {
      brief: told(brief),
      full: told(full),
      failure: failed
        ? { [ATTR_ERROR_TYPE]: typeof error === 'string' ? errors.keep(error) : ERROR_TYPE_VALUE_OTHER }
        : undefined,
    }
  }
}

/** An attribute that is undefined would make a series apart. */
function told(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
