// The span of an invocation of a Lambda function, from the call of its handler to what that gives.
import {
  type Attributes,
  type Context,
  context as contextApi,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { ATTR_ERROR_TYPE, ATTR_HTTP_RESPONSE_STATUS_CODE } from '@opentelemetry/semantic-conventions'
import {
  ATTR_CLOUD_ACCOUNT_ID,
  ATTR_CLOUD_RESOURCE_ID,
  ATTR_FAAS_COLDSTART,
  ATTR_FAAS_INVOCATION_ID,
} from '@opentelemetry/semantic-conventions/incubating'
import { version } from '../../shared/version'
import { recordError } from '../instrument/request-error'
import type { LambdaContext } from './runtime-types'
import { triggerOf } from './trigger'

let isCold = true

export interface Invocation {
  readonly context: Context
  /** Either of them, once. */
  ended(result: unknown): void
  failed(error: unknown): void
}

export function beginInvocation(event: unknown, context: LambdaContext): Invocation {
  const { name = context.functionName, kind, attributes, links, parent, isHttp } = triggerOf(event, context)
  const span = trace
    .getTracer('@afn/otel/lambda', version)
    .startSpan(name, { kind, links, attributes: { ...attributes, ...identity(context) } }, parent)
  isCold = false
  return {
    context: trace.setSpan(contextApi.active(), span),
    ended(result) {
      if (isHttp) answered(span, result)
      span.end()
    },
    failed(error) {
      recordError(span, error)
      span.end()
    },
  }
}

function identity({ awsRequestId, invokedFunctionArn }: LambdaContext): Attributes {
  return {
    [ATTR_FAAS_INVOCATION_ID]: awsRequestId,
    [ATTR_FAAS_COLDSTART]: isCold,
    [ATTR_CLOUD_RESOURCE_ID]: invokedFunctionArn,
    [ATTR_CLOUD_ACCOUNT_ID]: invokedFunctionArn.split(':')[4],
  }
}

/** Of a function behind API Gateway or a function URL: without a status, an answer is 200. */
function answered(span: Span, result: unknown): void {
  const { statusCode = 200 } = (typeof result === 'object' && result !== null ? result : {}) as { statusCode?: unknown }
  const status = Number(statusCode)
  if (!Number.isInteger(status)) return
  span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status)
  if (status >= 500) span.setAttribute(ATTR_ERROR_TYPE, String(status)).setStatus({ code: SpanStatusCode.ERROR })
}
