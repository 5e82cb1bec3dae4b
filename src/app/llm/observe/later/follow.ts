// Whether a request reads an answer that was requested before. Its path alone may be anybody's.
import { context } from '@opentelemetry/api'
import type { RequestFacts } from '../../providers/protocol'
import { isProvider } from '../../providers/providers'
import { fail, type LlmTapOptions } from '../options'
import { FetchedAnswer } from './fetched-answer'
import { isCalled } from './memory'

/** Headers of the providers' own clients. */
const HEADERS = ['x-stainless-lang', 'anthropic-version', 'x-goog-api-key', 'x-goog-api-client']
/** Mistral's has none but this. */
const CLIENT = /^mistral-client/
/** Where Bedrock leaves the results of a batch. */
const BUCKET = /\.jsonl\.out$/

export function followAnswer(facts: RequestFacts, options: LlmTapOptions, where: string): FetchedAnswer | undefined {
  if (!isProviders(facts)) return undefined
  const { tracer, captureContent } = options
  return new FetchedAnswer({
    tracer,
    content: captureContent !== 'off',
    url: facts.url,
    parent: context.active(),
    trouble: error => fail(options, error, where),
  })
}

function isProviders({ url, header }: RequestFacts): boolean {
  if (BUCKET.test(url.pathname)) return url.hostname.endsWith('.amazonaws.com')
  if (isProvider(url.hostname) || isCalled(url.host)) return true
  return HEADERS.some(name => header(name) !== null) || CLIENT.test(header('user-agent') ?? '')
}
