// Posts one encoded request to the Collector, or to LangFuse.
// OpenTelemetry's own transport keeps the process alive through its retry timers; ours never does.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { OtlpTarget } from '../config/otlp'
import { version } from '../version'

const compress = promisify(gzip)
const firstWaitMs = 1_000
const longestWaitMs = 5_000
/** Statuses that OTLP calls retryable, https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const retryable = new Set([429, 502, 503, 504])

type Answer =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly retry: boolean; readonly afterMs?: number }

export interface Transport {
  /**
   * Resolves to `undefined` when the Collector took the request, else to the reason in words.
   * Retries within the target's timeout, but not once `hurry` is aborted. Never rejects.
   */
  post(body: Buffer, hurry: AbortSignal): Promise<string | undefined>
}

/** @param refused reads a good answer, and tells in words what is not good about it */
export function createTransport(
  target: Omit<OtlpTarget, 'signal'>,
  refused?: (answer: string) => string | undefined,
): Transport {
  const url = new URL(target.url)
  const secure = url.protocol === 'https:'
  const agent = secure ? new https.Agent({ keepAlive: true, ...tls(target) }) : new http.Agent({ keepAlive: true })
  const headers = {
    'user-agent': `afn-otel/${version}`,
    ...target.headers,
    'content-type': target.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    ...(target.gzip && { 'content-encoding': 'gzip' }),
  }

  function attempt(body: Buffer, timeoutMs: number): Promise<Answer> {
    return new Promise(resolve => {
      const options = { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } }
      const request = (secure ? https : http).request(url, options, response => {
        response.on('error', () => {})
        const status = response.statusCode ?? 0
        if (status >= 200 && status < 300 && refused) return read(response, resolve, refused)
        response.resume()
        if (status >= 200 && status < 300) return resolve({ ok: true })
        const afterMs = retryAfterMs(response.headers['retry-after'])
        resolve({
          ok: false,
          reason: `HTTP ${status}`,
          retry: retryable.has(status),
          ...(afterMs !== undefined && { afterMs }),
        })
      })
      // an export that is under way must not keep a finished app from exiting; the flush at its end has its own limit
      request.on('socket', socket => socket.unref())
      request.setTimeout(timeoutMs, () => request.destroy(new Error('no answer in time')))
      request.on('error', error => {
        resolve({ ok: false, reason: (error as NodeJS.ErrnoException).code ?? error.message, retry: true })
      })
      request.end(body)
    })
  }

  return {
    async post(plain, hurry) {
      const deadline = Date.now() + target.timeoutMs
      const body = target.gzip ? await compress(plain) : plain
      for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
        const answer = await attempt(body, Math.max(1, deadline - Date.now()))
        if (answer.ok) return undefined
        const pauseMs = answer.afterMs ?? waitMs * (0.8 + Math.random() * 0.4)
        if (!answer.retry || hurry.aborted || Date.now() + pauseMs > deadline) return answer.reason
        await sleep(pauseMs, undefined, { ref: false, signal: hurry }).catch(() => {})
        if (hurry.aborted) return answer.reason
      }
    },
  }
}

/** A request that was taken and partly refused would be refused again. */
function read(
  response: http.IncomingMessage,
  resolve: (answer: Answer) => void,
  refused: (answer: string) => string | undefined,
): void {
  const chunks: Buffer[] = []
  response.on('data', chunk => chunks.push(chunk))
  response.on('close', () => {
    const reason = refused(Buffer.concat(chunks).toString())
    resolve(reason === undefined ? { ok: true } : { ok: false, reason, retry: false })
  })
}

function tls(target: Omit<OtlpTarget, 'signal'>) {
  return {
    ...(target.certificate && { ca: readFileSync(target.certificate) }),
    ...(target.clientCertificate && { cert: readFileSync(target.clientCertificate) }),
    ...(target.clientKey && { key: readFileSync(target.clientKey) }),
  }
}

/** `Retry-After` as seconds or a date. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (!header) return undefined
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
