// The span of an answer that was requested earlier.
import { type Attributes, type Context, type Link, SpanKind, TraceFlags, type Tracer } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
} from '../../../../../semconv'
import { outputAttributes } from '../../content'
import type { ParsedResponse } from '../../providers/protocol'
import { protocols } from '../../providers/protocols'
import { providerOf } from '../../providers/providers'
import { serverAttributes } from '../call'
import { type Failure, failureOf, setFailure } from '../failure'
import { answerAttributes, bounded, boundedText, usageSource } from '../response-attributes'
import type { Origin } from './memory'
import type { Result } from './results'

export interface Fetching {
  readonly tracer: Tracer
  readonly content: boolean
  readonly url: URL
  readonly parent: Context
  /** Time in ms when the request that fetches it was sent. */
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
  const attributes: Attributes = bounded({
    [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
    [ATTR_GEN_AI_PROVIDER_NAME]: isBucket(url) ? 'aws.bedrock' : providerOf(url, provider.provider),
    [ATTR_GEN_AI_REQUEST_MODEL]: model,
    ...serverAttributes(url),
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: 200,
    [ATTR_AFN_LLM_USAGE_SOURCE]: usageSource(answer.usage, true),
    ...answerAttributes(answer),
    ...more,
  })
  const name = `${GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE}${model ? ` ${boundedText(model)}` : ''}`
  const span = tracer.startSpan(
    name,
    { kind: SpanKind.CLIENT, startTime: options.startedAt, attributes, links },
    parent,
  )
  const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
  if (content && isSampled && protocol && document !== undefined)
    span.setAttributes(outputAttributes(protocol.output(document)))
  const failure = failureIn(answer)
  if (failure) setFailure(span, failure, content, undefined)
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

/** Bedrock writes the results of batches to the customer's own bucket. */
function isBucket({ hostname }: URL): boolean {
  return hostname.endsWith('.amazonaws.com')
}
