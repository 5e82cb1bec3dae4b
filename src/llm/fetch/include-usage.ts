// Asks a stream for its counts where the application did not (AFN_INCLUDE_USAGE). Called when a call starts. The bytes of
// the request change by that one option, and only where nothing else depends on them.
import type { Protocol, RequestTold } from '../protocols/protocol'
import { providerOf } from '../provider'
import { memberOf } from '../wire/member'
import { doc, parsed } from '../wire/value'
import { facts } from './request'

/**
 * These tell the counts of every stream, or refuse an option that they do not know. Google's join them to the content, where
 * they could not be told from what comes unasked.
 */
const unasked: ReadonlySet<string> = new Set([
  'cohere',
  'deepseek',
  'gcp.gemini',
  'gcp.vertex_ai',
  'groq',
  'mistral_ai',
  'moonshot_ai',
  'openrouter',
  'perplexity',
  'together_ai',
  'x_ai',
])

/** What of a request is reckoned from the body's bytes, or comes with what is. */
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

/** Origins that refused the question, and how many of them are remembered. */
const refusing = new Set<string>()
const MOST = 100

export interface Asking {
  /** To pass on in place of the application's. */
  readonly init: RequestInit
  readonly origin: string
}

/** Undefined where the call stays as it is. */
export function askingForUsage(
  protocol: Protocol,
  told: RequestTold,
  url: URL,
  init: RequestInit,
  headers: RequestInit['headers'],
): Asking | undefined {
  if (!protocol.usageOption || !told.stream || unasked.has(providerOf(url, protocol.provider))) {
    return undefined
  }
  if (refusing.has(url.origin)) return undefined
  // Azure knows the option from this version on.
  const version = url.searchParams.get('api-version')
  if (version && /^\d{4}-/.test(version) && version < '2024-09-01') return undefined
  const { header } = facts(url, headers)
  if (bound.some(name => header(name) !== null)) return undefined
  const body = withUsage(init.body)
  return body === undefined ? undefined : { init: { ...init, body }, origin: url.origin }
}

/**
 * The answer that the application's own bytes get, where ours were refused: servers that know no such option say 400 or 422
 * before they do anything.
 *
 * @param again sends what the application passed
 */
export function unlessRefused(
  answer: Promise<Response>,
  { origin }: Asking,
  again: () => Promise<Response>,
): Promise<Response> {
  return answer.then(async response => {
    if (response.status !== 400 && response.status !== 422) return response
    response.body?.cancel().catch(() => {})
    const second = await again()
    if (second.ok && refusing.size < MOST) refusing.add(origin)
    return second
  })
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
  const given = json.slice(place.from, place.to)
  const options: unknown = parsed(given)
  if (options === null) return `${json.slice(0, place.from)}{"include_usage":true}${json.slice(place.to)}`
  const known = doc(options)
  if (!known || 'include_usage' in known) return undefined
  const more = given.replace('{', `{"include_usage":true${Object.keys(known).length ? ',' : ''}`)
  return json.slice(0, place.from) + more + json.slice(place.to)
}
