// The span of an answer that was requested before.
import {
  type Attributes,
  type Context,
  type Link,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api'
import {
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  AFN_LLM_USAGE_SOURCE_VALUE_PROVIDER,
  ATTR_AFN_LLM_ERROR_TYPE,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
} from '../../../../semconv'
import { outputAttributes } from '../../content'
import type { ParsedResponse } from '../../providers/protocol'
import { protocols } from '../../providers/protocols'
import { providerOf } from '../../providers/providers'
import { type Failure, failureOf, withoutQuotations } from '../failure'
import { answerAttributes } from '../response-attributes'
import type { Origin } from './memory'
import type { Result } from './results'

export interface Fetching {
  readonly tracer: Tracer
  readonly content: boolean
  readonly url: URL
  readonly parent: Context
  /** When the request that reads it was sent, ms. */
  readonly startedAt: number
}

export function reportAnswer(
  { protocol, document, answer }: Result,
  origin: Origin | undefined,
  more: Attributes,
  options: Fetching,
): void {
  const { tracer, url, parent, content } = options
  const provider = protocol ?? protocols['openai-chat']
  const model = origin?.model ?? answer.model
  const links: Link[] = origin?.context ? [{ context: origin.context }] : []
  const attributes: Attributes = {
    [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
    [ATTR_GEN_AI_PROVIDER_NAME]: isBucket(url) ? 'aws.bedrock' : providerOf(url, provider.provider),
    [ATTR_GEN_AI_REQUEST_MODEL]: model,
    [ATTR_SERVER_ADDRESS]: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    [ATTR_SERVER_PORT]: url.port ? Number(url.port) : url.protocol === 'http:' ? 80 : 443,
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: 200,
    [ATTR_AFN_LLM_USAGE_SOURCE]:
      (answer.usage?.input ?? answer.usage?.output) === undefined
        ? AFN_LLM_USAGE_SOURCE_VALUE_MISSING
        : AFN_LLM_USAGE_SOURCE_VALUE_PROVIDER,
    ...answerAttributes(answer),
    ...more,
  }
  const name = `${GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE}${model ? ` ${model}` : ''}`
  const span = tracer.startSpan(
    name,
    { kind: SpanKind.CLIENT, startTime: options.startedAt, attributes, links },
    parent,
  )
  const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
  if (content && isSampled && protocol && document !== undefined)
    span.setAttributes(outputAttributes(protocol.output(document)))
  const failure = failureIn(answer)
  if (failure) {
    const { type, providerType, message } = failure
    span.setAttributes({ [ATTR_ERROR_TYPE]: type, [ATTR_AFN_LLM_ERROR_TYPE]: providerType })
    const shown = message && !content ? withoutQuotations(message, undefined) : message
    span.setStatus({ code: SpanStatusCode.ERROR, ...(shown && { message: shown.slice(0, 512) }) })
  }
  span.end()
}

function failureIn({ error }: ParsedResponse): Failure | undefined {
  if (!error) return undefined
  return failureOf({
    status: undefined,
    providerError: error,
    error: undefined,
    cut: false,
    aborted: false,
    deadline: false,
  })
}

/** Bedrock leaves the results of its batches in the customer's own bucket. */
function isBucket({ hostname }: URL): boolean {
  return hostname.endsWith('.amazonaws.com')
}
