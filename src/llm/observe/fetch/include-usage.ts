// Requests the counts of a stream where the application did not (AFN_INCLUDE_USAGE). The bytes of the request change by that one
// option, and only where nothing else depends on them.

import type { ParsedRequest, Protocol } from '../../providers/protocol'
import { knownProviderOf, streamUsageOf } from '../../providers/providers'
import type { LlmTapOptions } from '../options'
import { doc, parsed } from '../wire/json'
import { memberOf } from './hidden-usage'
import { facts } from './request'

/** Headers that are computed from the body's bytes, or sent with such a header. */
const bound = [
  'content-length',
  'content-encoding',
  'content-md5',
  'digest',
  'content-digest',
  'signature',
  'x-amz-content-sha256',
  'x-amz-date',
]

/** Origins that refused the option. */
const refusing = new Set<string>()
/** Endpoints that accepted it. */
const answering = new Set<string>()
/** Endpoints that refused a request with it and without it: the application's own goes first, until one is accepted. */
const undecided = new Set<string>()
/** How many of each are remembered; the oldest is forgotten first. */
const MOST = 100

export interface Asking {
  /** To pass on in place of the application's; undefined where its own goes first. */
  readonly init: RequestInit | undefined
  readonly origin: string
  /** Address and model: Azure's deployments differ, and so do the models behind a gateway. */
  readonly endpoint: string
}

/** Undefined where the call stays as it is. */
export function askingForUsage(
  protocol: Protocol,
  request: ParsedRequest,
  url: URL,
  init: RequestInit,
  headers: RequestInit['headers'],
  mode: NonNullable<LlmTapOptions['includeUsage']>,
): Asking | undefined {
  if (mode === 'off' || !protocol.usageOption || !request.stream) return undefined
  const provider = knownProviderOf(url)
  const usage = provider === undefined ? undefined : streamUsageOf(provider)
  if (usage === 'always' || (mode === 'auto' && usage !== 'on-request')) return undefined
  if (refusing.has(url.origin)) return undefined
  const version = url.searchParams.get('api-version')
  if (version && /^\d{4}-/.test(version) && version < '2024-09-01') return undefined
  // Azure's search in one's own data knows fewer options: https://github.com/Azure/azure-sdk-for-js/issues/30751
  if (provider === 'azure.ai.openai' && hasDataSources(init.body)) return undefined
  const { header } = facts(url, headers)
  if (bound.some(name => header(name) !== null)) return undefined
  const body = withUsage(init.body)
  if (body === undefined) return undefined
  const endpoint = `${url.origin}${url.pathname} ${request.model}`
  return { init: undecided.has(endpoint) ? undefined : { ...init, body }, origin: url.origin, endpoint }
}

/**
 * The answer that the application's own bytes get, where ours were refused: servers that know no such option say 400 or 422
 * before they do anything. Where the same endpoint has answered such a request before, the refusal has another reason, and
 * nothing is sent twice; nor where it has just refused the application's own bytes too.
 *
 * @param again sends what the application passed
 */
export function unlessRefused(
  answer: Promise<Response>,
  { init, origin, endpoint }: Asking,
  again: () => Promise<Response>,
): Promise<Response> {
  return answer.then(async response => {
    if (response.ok) undecided.delete(endpoint)
    if (!init) return response
    if (response.ok) remember(answering, endpoint)
    if (!isRefusal(response) || answering.has(endpoint)) return response
    response.body?.cancel().catch(() => {})
    const second = await again()
    if (second.ok) remember(refusing, origin)
    else if (isRefusal(second)) remember(undecided, endpoint)
    return second
  })
}

const isRefusal = ({ status }: Response): boolean => status === 400 || status === 422

function remember(set: Set<string>, one: string): void {
  const [oldest] = set
  if (set.size >= MOST && !set.has(one)) set.delete(oldest!)
  set.add(one)
}

function hasDataSources(body: unknown): boolean {
  if (typeof body === 'string') return body.includes('"data_sources"')
  return body instanceof Uint8Array && Buffer.from(body.buffer, body.byteOffset, body.length).includes('"data_sources"')
}

function withUsage(body: unknown): string | Buffer | undefined {
  if (typeof body === 'string') return asking(body)
  if (!(body instanceof Uint8Array)) return undefined
  const text = asking(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'))
  return text === undefined ? undefined : Buffer.from(text, 'latin1')
}

function asking(json: string): string | undefined {
  const place = memberOf(json, 'stream_options')
  if (!place) return json.replace('{', '{"stream_options":{"include_usage":true},')
  const written = json.slice(place.from, place.to)
  const options: unknown = parsed(written)
  if (options === null) return `${json.slice(0, place.from)}{"include_usage":true}${json.slice(place.to)}`
  const known = doc(options)
  if (!known || 'include_usage' in known) return undefined
  const more = written.replace('{', `{"include_usage":true${Object.keys(known).length ? ',' : ''}`)
  return json.slice(0, place.from) + more + json.slice(place.to)
}
