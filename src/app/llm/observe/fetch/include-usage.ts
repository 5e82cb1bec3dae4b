// Requests the usage of a stream if the app did not (AFN_INCLUDE_USAGE). Only this option is added to the request, and only if nothing else
// depends on its bytes.

import type { HeaderOf, ParsedRequest, Protocol } from '../../providers/protocol'
import { knownProviderOf, streamUsageOf } from '../../providers/providers'
import { doc, parsed } from '../../wire/json'
import { memberOf } from '../../wire/json-member'
import type { LlmTapOptions } from '../options'

/** Headers that are computed from the bytes of the body, or sent together with such a header. */
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
/** Endpoints that accepted the option. */
const answering = new Set<string>()
/** Endpoints that refused a request both with and without the option. The app's own bytes are sent first until one is accepted. */
const undecided = new Set<string>()
/** Maximum entries of each set; the oldest is removed first. */
const MOST = 100

export interface Asking {
  /** The body to send instead of the app's. */
  readonly body: string | Uint8Array
  /** Whether the app's own body is sent first. */
  readonly isLater: boolean
  readonly origin: string
  /** Address and model, because Azure deployments differ, and so do the models behind a gateway. */
  readonly endpoint: string
  /** Whether the host is known to support the option. Then a refusal that does not name the option has another reason. */
  readonly isKnown: boolean
}

/** Whether usage may be requested there, judged by the address. */
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
 * Undefined if the request stays as it is.
 * @param body the app's whole body
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
  // Azure OpenAI On Your Data supports fewer options: https://github.com/Azure/azure-sdk-for-js/issues/30751
  if (knownProviderOf(url) === 'azure.ai.openai' && hasDataSources(body)) return undefined
  if (bound.some(name => typeof header(name) === 'string')) return undefined
  const asking = withUsage(body)
  if (asking === undefined) return undefined
  const endpoint = `${url.origin}${url.pathname} ${request.model}`
  return { body: asking, isLater: undecided.has(endpoint), origin: url.origin, endpoint, isKnown: usageAt(url) === 'on-request' } // biome-ignore format: one line
}

/**
 * Sends the app's own bytes if ours were refused: servers that do not know the option answer 400 or 422 before they do anything. If the
 * same endpoint has accepted such a request before, or the host is known to support the option and the refusal does not name it, the
 * refusal has another reason and nothing is sent again. The same applies if the endpoint has just refused the app's own bytes too.
 * @param again sends what the app passed
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

/** For a client that cannot send the app's own bytes after a refusal: they are sent first the next time, until one is accepted. */
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
