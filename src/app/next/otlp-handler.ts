/**
 * The way of a page's telemetry to the Collector, behind the origin of the page itself: no CORS, no open receiver, no address
 * that blockers know. For any framework that has `Request` and `Response`.
 */
import { context } from '@opentelemetry/api'
import { fetchable } from '../../shared/config/credentials'
import { headers, attributes as resourceAttributes, url } from '../../shared/config/kinds'
import { signalUrl } from '../../shared/config/otlp'
import { type Work, warm, workOf } from '../../shared/otlp/redaction-work'
import { TooMany } from '../../shared/otlp/schema'
import { nextTurn } from '../../shared/otlp/turns'
import { weighJson } from '../../shared/otlp/weight'
import { createRedactor, type Redactor } from '../../shared/redact'
import { slot } from '../runtime'
import { readWithin, Share, TooBusy, TooLarge, TooSlow } from './body'
import { createFeedbackRecorder, type Feedback, FeedbackLimits, isWithoutRecords, takeFeedback } from './page-feedback'
import { fromPage } from './page-otlp'
import { clientBehind, createLimits } from './rate-limit'

export interface OtlpHandlerOptions {
  /**
   * Base of the Collector's OTLP/HTTP. Default: `OTEL_EXPORTER_OTLP_{TRACES,LOGS}_ENDPOINT`, which are whole URLs, else
   * `OTEL_EXPORTER_OTLP_ENDPOINT`, else `http://localhost:4318`. A variable with a value that is not allowed counts as not set.
   */
  readonly endpoint?: string
  /** Sent to the Collector. Default: `OTEL_EXPORTER_OTLP_HEADERS`, and those of `OTEL_EXPORTER_OTLP_{TRACES,LOGS}_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Origins that may send, besides the one of the request itself: `https://www.example.com`. */
  readonly origins?: readonly string[]
  /** Whether who sends may: the app's session cookie is in the request. Default: all who come from an allowed origin. */
  readonly authorize?: (request: Request) => boolean | Promise<boolean>
  /**
   * What a page may write as `service.name`; any other name becomes the first of these. Default: the name of the app
   * (`OTEL_SERVICE_NAME`) followed by `-web`, and the host name of the page, which is the browser SDK's own default.
   */
  readonly serviceNames?: readonly string[]
  /** Bytes of one request, packed and unpacked. Default: 128 KiB, which is five of the browser SDK's batches. */
  readonly maxBytes?: number
  /** Requests a minute of one client. Default: 120. The Collector gets at most a hundred times as many of all together. */
  readonly perMinute?: number
  /**
   * How many proxies in front of the app append the address that they see to `x-forwarded-for`; 0 where there is none, so
   * that the header is the client's own. Default: 1.
   */
  readonly trustedHops?: number
  /**
   * Tells clients apart; '' for one that is not known, whose requests only the limit of all together bounds. Default: the
   * address of `x-forwarded-for` that `trustedHops` makes trustworthy, of IPv6 the first 64 bits.
   */
  readonly clientOf?: (request: Request) => string
  /**
   * The `user.id` of the person whose session the request belongs to, as `setUser()` has it. With it a person who objected is known
   * whatever the page says of itself, and nobody can ask about others. Default: what the page says.
   */
  readonly userOf?: (request: Request) => string | undefined | Promise<string | undefined>
  /** Reads every text again, since the browser has the smallest rules only. Default: those of `@afn/otel/redact`, masking. */
  readonly redactor?: Redactor
}

/** Milliseconds for the Collector's answer. */
const PATIENCE = 10_000
/** Of OpenTelemetry's SDK: what runs under it is no span. */
const SUPPRESS_TRACING = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

const answer = (status: number, message: string, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(message ? { message } : {}), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })

type Signal = 'logs' | 'traces'

interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Where a signal goes, by the options, else by OpenTelemetry's variables, which the exporters of the app obey too. */
function targetOf(signal: Signal, options: Pick<OtlpHandlerOptions, 'endpoint' | 'headers'>): Target {
  const { env } = process
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}`
  const whole = options.endpoint === undefined ? url.parse(env[`${own}_ENDPOINT`]) : undefined
  const base = options.endpoint ?? url.parse(env.OTEL_EXPORTER_OTLP_ENDPOINT) ?? 'http://localhost:4318'
  const target = fetchable(whole ?? signalUrl(base, signal))
  const extra = options.headers ?? {
    ...headers.parse(env.OTEL_EXPORTER_OTLP_HEADERS),
    ...headers.parse(env[`${own}_HEADERS`]),
  }
  return { url: target.url, headers: { ...target.headers, ...extra } }
}

/** Until another limit is set: what the page's service may be called. */
function defaultNames(origin: string): string[] {
  const { env } = process
  const own = env.OTEL_SERVICE_NAME || resourceAttributes.parse(env.OTEL_RESOURCE_ATTRIBUTES)?.['service.name']
  return [...(own ? [`${own}-web`] : []), ...(URL.canParse(origin) ? [new URL(origin).hostname] : [])]
}

const busy = (why: string, seconds = '5') => answer(503, why, { 'retry-after': seconds })

const tooMany = () => answer(429, 'too many requests', { 'retry-after': '60' })

/** The origin of the page when it may send; the request's own is what its `Host` says, or the proxy in front. */
function allowedOrigin(request: Request, origins: readonly string[]): string | undefined {
  const { headers } = request
  const origin = headers.get('origin')
  if (!origin) return undefined
  const host = headers.get('x-forwarded-host') ?? headers.get('host') ?? new URL(request.url).host
  return origins.includes(origin) || origin.replace(/^https?:\/\//, '') === host ? origin : undefined
}

/**
 * @returns a function that answers 200, or says by its status what was wrong: 401 not authorized, 403 another origin, 404, 405,
 *   408 too slow, 413 too large, 415 no JSON, 429 too many with `retry-after`, 400 no OTLP, 503 the Collector does not answer,
 *   or too much is being read at once
 */
export function otlpHandler(options: OtlpHandlerOptions = {}): (request: Request) => Promise<Response> {
  const { origins = [], maxBytes = 2 ** 17, perMinute = 120, trustedHops = 1 } = options
  const { serviceNames, clientOf = request => clientBehind(trustedHops, request) } = options
  const targets = { logs: targetOf('logs', options), traces: targetOf('traces', options) }
  const limits = createLimits(perMinute)
  const recordFeedback = createFeedbackRecorder()
  const feedbackLimits = new FeedbackLimits()
  let redactor: Redactor | undefined

  async function forward({ url, headers }: Target, body: object): Promise<Response> {
    const send = () =>
      fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE),
      })
    try {
      const { status, headers } = await context.with(context.active().setValue(SUPPRESS_TRACING, true), send)
      if (status < 300) return answer(200, '')
      const after = headers.get('retry-after')
      return status < 500 && status !== 429 && status !== 408
        ? answer(400, 'the Collector refused it')
        : answer(503, 'the Collector is busy', after ? { 'retry-after': after } : {})
    } catch {
      return answer(503, 'the Collector does not answer')
    }
  }

  /** Whether the person has objected whose session the request belongs to, or whom the page names where the app does not know. */
  async function isSuppressed(request: Request, named?: unknown): Promise<boolean> {
    const { suppression } = slot().runtime ?? {}
    if (!suppression) return false
    const user = options.userOf ? await options.userOf(request) : named
    return (typeof user === 'string' || typeof user === 'number') && suppression.has(String(user))
  }

  /** What `AFN_SUPPRESSION_LIST` says of one person, for the page of that person. */
  async function answerSuppression(request: Request, share: Share): Promise<Response> {
    const body: unknown = JSON.parse(await readWithin(request, 4096, share))
    const suppressed = await isSuppressed(request, (body as Record<string, unknown> | null)?.['user.id'])
    return new Response(JSON.stringify({ suppressed }), {
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    })
  }

  async function take(request: Request, signal: Signal | 'suppression', origin: string): Promise<Response> {
    // first of all: what comes after it costs the app something
    const client = clientOf(request)
    if (!limits.admits(client)) return tooMany()
    if (!/^application\/json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? ''))
      return answer(415, 'send JSON')
    if (options.authorize && !(await options.authorize(request))) return answer(401, 'not authorized')
    const share = new Share()
    let work: Work | undefined
    try {
      if (signal === 'suppression') return await answerSuppression(request, share)
      if (options.userOf && (await isSuppressed(request))) return answer(200, '')
      const json = await readWithin(request, maxBytes, share)
      weighJson(Buffer.from(json))
      const body: unknown = JSON.parse(json)
      const list = (body as Record<string, unknown> | null)?.[signal === 'logs' ? 'resourceLogs' : 'resourceSpans']
      if (!Array.isArray(list)) return answer(400, 'no OTLP')
      if (!limits.forwards()) return tooMany()
      redactor ??= warm(options.redactor ?? createRedactor())
      await nextTurn()
      work = workOf(limits.work())
      const names = serviceNames ?? defaultNames(origin)
      const { runtime } = slot()
      let isEmpty = false
      let feedback: Feedback[] = []
      const outgoing = await fromPage(signal, body, names, redactor, work, sent => {
        isEmpty = runtime?.suppression?.remove(signal, sent) === 0
        if (signal === 'traces' || !runtime?.recordEvaluation) return
        feedback = takeFeedback(sent, feedbackLimits)
        if (feedback.length > 0) isEmpty ||= isWithoutRecords(sent)
      })
      const response = isEmpty ? answer(200, '') : await forward(targets[signal], outgoing)
      // the page sends all of it again after a 503
      if (response.status !== 503) recordFeedback(feedback, one => runtime?.recordEvaluation?.(one))
      return response
    } catch (error) {
      if (error instanceof TooBusy) return busy('too much at once')
      if (error instanceof TooSlow) return answer(408, 'the request did not come in time')
      if (error instanceof TooLarge) return answer(413, `more than ${maxBytes} bytes`)
      return error instanceof TooMany ? answer(413, 'too many records') : answer(400, 'no OTLP')
    } finally {
      share.release()
      limits.charge(client, work?.spent ?? 0)
    }
  }

  return async request => {
    const name = /\/v1\/(logs|traces|suppression)\/?$/.exec(new URL(request.url).pathname)?.[1]
    const signal = name as Signal | 'suppression' | undefined
    if (!signal) return answer(404, 'there are v1/logs and v1/traces, and v1/suppression')
    const origin = allowedOrigin(request, origins)
    if (!origin) return answer(403, 'not from this origin')
    const cors = { 'access-control-allow-origin': origin, vary: 'origin' }
    if (request.method === 'OPTIONS')
      return answer(204, '', {
        ...cors,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type,content-encoding',
        'access-control-max-age': '7200',
      })
    if (request.method !== 'POST') return answer(405, 'send a POST', { allow: 'POST, OPTIONS' })
    // `authorize` is the app's, and may fail; the page keeps what it has and comes again
    const response = await take(request, signal, origin).catch(() => answer(503, 'not now'))
    for (const [name, value] of Object.entries({ ...cors, 'access-control-expose-headers': 'retry-after' }))
      response.headers.set(name, value)
    return response
  }
}
