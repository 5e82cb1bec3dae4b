// Requests the counts of a stream where the application did not (AFN_INCLUDE_USAGE). The bytes of the request change by that one
// option, and only where nothing else depends on them.

import type { HeaderOf, ParsedRequest, Protocol } from '../../providers/protocol'
import { knownProviderOf, streamUsageOf } from '../../providers/providers'
import { doc, parsed } from '../../wire/json'
import { memberOf } from '../../wire/json-member'
import type { LlmTapOptions } from '../options'

/** Headers that are computed from the body's bytes, or sent with such a header. */
const bound = [
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
  /** To send in place of the application's. */
  readonly body: string | Uint8Array
  /** Whether the application's own goes first. */
  readonly isLater: boolean
  readonly origin: string
  /** Address and model: Azure's deployments differ, and so do the models behind a gateway. */
  readonly endpoint: string
  /** The host is known to understand: a refusal that does not name the option has another reason. */
  readonly isKnown: boolean
}

/** Whether the counts of a stream there are requested, as far as the address tells. */
export function mayAsk(protocol: Protocol, url: URL, mode: LlmTapOptions['includeUsage']): boolean {
  if (mode === undefined || mode === 'off' || !protocol.usageOption || refusing.has(url.origin)) return false
  const usage = usageAt(url)
  return mode === 'on' ? usage !== 'always' : usage === 'on-request'
}

function usageAt(url: URL) {
  const provider = knownProviderOf(url)
  return provider === undefined ? undefined : streamUsageOf(provider)
}

/**
 * Undefined where the call stays as it is.
 * @param body of the application, in one piece
 */
export function askingForUsage(
  protocol: Protocol,
  request: ParsedRequest,
  url: URL,
  body: unknown,
  header: HeaderOf,
  mode: LlmTapOptions['includeUsage'],
): Asking | undefined {
  if (!request.stream || !mayAsk(protocol, url, mode)) return undefined
  const version = url.searchParams.get('api-version')
  if (version && /^\d{4}-/.test(version) && version < '2024-09-01') return undefined
  // Azure's search in one's own data knows fewer options: https://github.com/Azure/azure-sdk-for-js/issues/30751
  if (knownProviderOf(url) === 'azure.ai.openai' && hasDataSources(body)) return undefined
  if (bound.some(name => typeof header(name) === 'string')) return undefined
  const asking = withUsage(body)
  if (asking === undefined) return undefined
  const endpoint = `${url.origin}${url.pathname} ${request.model}`
  return { body: asking, isLater: undecided.has(endpoint), origin: url.origin, endpoint, isKnown: usageAt(url) === 'on-request' } // biome-ignore format: one line
}

/**
 * The answer that the application's own bytes get, where ours were refused: servers that know no such option say 400 or 422
 * before they do anything. Where the same endpoint has answered such a request before, or the host is known to understand and does not
 * name the option, the refusal has another reason, and nothing is sent twice; nor where it has just refused the application's own
 * bytes too.
 *
 * @param again sends what the application passed
 */
export function unlessRefused(
  answer: Promise<Response>,
  asking: Asking,
  again: () => Promise<Response>,
): Promise<Response> {
  const { origin, endpoint, isKnown } = asking
  return answer.then(async response => {
    if (response.ok) undecided.delete(endpoint)
    if (asking.isLater) return response
    if (response.ok) remember(answering, endpoint)
    if (!isRefusal(response.status) || answering.has(endpoint)) return response
    if (isKnown && !namesOption(await bodyOf(response))) return response
    response.body?.cancel().catch(() => {})
    const second = await again()
    if (second.ok) remember(refusing, origin)
    else if (isRefusal(second.status)) remember(undecided, endpoint)
    return second
  })
}

/** Of a client that can't send the application's own after a refusal: it goes first the next time, until one is accepted. */
export function answered({ endpoint, isLater }: Asking, status: number, body: string): void {
  if (status < 300) {
    undecided.delete(endpoint)
    if (!isLater) remember(answering, endpoint)
  } else if (!isLater && isRefusal(status) && namesOption(body)) remember(undecided, endpoint)
}

const isRefusal = (status: number): boolean => status === 400 || status === 422

const namesOption = (body: string): boolean => /stream_options|include_usage/.test(body)

async function bodyOf(response: Response): Promise<string> {
  try {
    return await response.clone().text()
  } catch {
    return '' // the application gets the same failure
  }
}

function remember(set: Set<string>, one: string): void {
  const [oldest] = set
  if (set.size >= MOST && !set.has(one)) set.delete(oldest!)
  set.add(one)
}

function hasDataSources(body: unknown): boolean {
  if (typeof body === 'string') return body.includes('"data_sources"')
  return body instanceof Uint8Array && Buffer.from(body.buffer, body.byteOffset, body.length).includes('"data_sources"')
}

function withUsage(body: unknown): string | Uint8Array | undefined {
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
