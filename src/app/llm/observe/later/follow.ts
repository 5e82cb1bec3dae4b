// Whether a request reads an answer that was requested before. Its path alone may be anybody's.
import { randomBytes } from 'node:crypto'
import { type Context, context, createContextKey, type SpanContext, TraceFlags, trace } from '@opentelemetry/api'
import type { RequestFacts } from '../../providers/protocol'
import { isProvider } from '../../providers/providers'
import type { Tape } from '../../record/recorder'
import type { Asked } from '../../record/taped'
import { fail, type LlmTapOptions } from '../options'
import { FetchedAnswer } from './fetched-answer'
import { isCalled, originOf } from './memory'

/** Headers of the providers' own clients. */
const HEADERS = ['x-stainless-lang', 'anthropic-version', 'x-goog-api-key', 'x-goog-api-client']
/** Mistral's has none but this. */
const CLIENT = /^mistral-client/
/** Where Bedrock leaves the results of a batch. */
const BUCKET = /\.jsonl\.out$/

/** @param asked of the request what is recorded besides its head */
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

/** The request of a fetch is seen once more below it, by undici's channel: it is recorded once. */
export const inRecorded = <T>(send: () => T): T => context.with(context.active().setValue(RECORDED, true), send)

/** It has no span before it is known to be an answer: it belongs to the trace of who reads it, else of who requested it. */
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
