// Detects whether a request fetches an answer that was requested earlier. The path alone is not specific enough.
import { randomBytes } from 'node:crypto'
import { type Context, context, createContextKey, type SpanContext, TraceFlags, trace } from '@opentelemetry/api'
import type { RequestFacts } from '../../providers/protocol'
import { isProvider } from '../../providers/providers'
import type { Tape } from '../../record/recorder'
import type { Asked } from '../../record/taped'
import { fail, type LlmTapOptions } from '../options'
import { FetchedAnswer } from './fetched-answer'
import { isCalled, originOf } from './memory'

/** Headers that the providers' own clients send. */
const HEADERS = ['x-stainless-lang', 'anthropic-version', 'x-goog-api-key', 'x-goog-api-client']
/** Mistral's client can only be recognized by its user agent. */
const CLIENT = /^mistral-client/
/** Path of a Bedrock batch result. */
const BUCKET = /\.jsonl\.out$/

/** @param asked parts of the request, besides its head, that are recorded */
export function followAnswer(
  facts: RequestFacts,
  options: LlmTapOptions,
  where: string,
  asked: Pick<Asked, 'method' | 'bytes' | 'given'>,
): FetchedAnswer | undefined {
  if (!isProviders(facts)) return undefined
  const { tracer, captureContent, guard } = options
  const parent = context.active()
  return new FetchedAnswer({
    tracer,
    content: captureContent !== 'off',
    guard,
    url: facts.url,
    parent,
    tape: recorded(facts, asked, options, parent),
    trouble: error => fail(options, error, where),
  })
}

const RECORDED = createContextKey('afn recorded')

/** undici's channel reports the request of a fetch again within it; this context prevents recording it twice. */
export const inRecorded = <T>(send: () => T): T => context.with(context.active().setValue(RECORDED, true), send)

/**
 * No span is started before the response is known to be an answer. The span belongs to the trace of the reader, otherwise to that of the
 * original request.
 */
function recorded(
  { url, header }: RequestFacts,
  asked: Pick<Asked, 'method' | 'bytes' | 'given'>,
  { record }: LlmTapOptions,
  parent: Context,
): Tape | undefined {
  const recorder = parent.getValue(RECORDED) ? undefined : record?.()
  if (!recorder) return undefined
  const ids = url.pathname.split('/').reverse()
  const origin = ids.map(id => originOf(id)?.context).find(known => known !== undefined)
  return recorder.begin(trace.getSpanContext(parent) ?? origin ?? alone(), { ...asked, url, header })
}

const alone = (): SpanContext => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  traceFlags: TraceFlags.NONE,
})

function isProviders({ url, header }: RequestFacts): boolean {
  if (BUCKET.test(url.pathname)) return url.hostname.endsWith('.amazonaws.com')
  if (isProvider(url.hostname) || isCalled(url.host)) return true
  return HEADERS.some(name => header(name) !== null) || CLIENT.test(header('user-agent') ?? '')
}
