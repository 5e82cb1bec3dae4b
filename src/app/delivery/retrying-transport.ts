// Posts an encoded request to the Collector or to LangFuse, with retries where useful. OpenTelemetry's own transport keeps the process
// alive with its retry timers; this one never does.

import { readFileSync } from 'node:fs'
import http from 'node:http'
import type * as Https from 'node:https'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import type { OtlpTarget } from '../../shared/config/otlp'
import { reason } from '../../shared/diag/report'
import { retryAfterMs } from '../../shared/retry-after'
import { version } from '../../shared/version'
import { inRoot } from '../root-context'
import { Backoff } from './backoff'

const untraced = suppressTracing(ROOT_CONTEXT)
const compress = promisify(gzip)
/**
 * Timeout of a connect. A hanging connect keeps a finished process alive, even unref'd, because libuv counts the request. So an attempt
 * must not use the whole export timeout. The limit exceeds any round trip; lost packets are left to the next attempt.
 */
const connectMs = 1_000
/** After a hanging connect, a flush does not try the address for this time. */
const unreachableMs = 2 * connectMs
/** Maximum bytes that are read of an answer. */
const longestAnswer = 2 ** 16
/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const retryableStatuses = new Set([429, 502, 503, 504])
/** Idle time of a connection after which TCP keep-alive checks for a dead host. */
const keepAliveMs = 10_000

export interface AcceptedAttempt {
  readonly ok: true
  /** The body of the answer, as far as it arrived. */
  readonly body: Buffer
  readonly contentType: string
}

export interface Failure {
  readonly ok: false
  /** `timeout`, an HTTP status or an error code: a value of low cardinality for `error.type`. */
  readonly type: string
  /** The same as text. */
  readonly reason: string
  /** Whether the same request may be accepted later. */
  readonly retryable: boolean
  /** Whether a server answered. */
  readonly answered: boolean
  readonly retryAfterMs?: number
  /** Set if the request timed out after it was sent completely; an answer may still arrive. */
  readonly open?: { readonly end: Promise<AcceptedAttempt | Failure>; giveUp(): void }
}

interface RefusedAttempt extends Failure {
  /** The server had closed a kept-alive connection, so nothing was sent. */
  readonly stale?: boolean
}

export interface Transport {
  /**
   * Sends one request; never rejects.
   * @param isFlush a flush waits, so an address whose last connect hung is not tried
   * @param deadline as of `performance.now()`
   */
  attempt(body: Buffer, isFlush: boolean, deadline: number): Promise<AcceptedAttempt | Failure>
  /**
   * Sends with retries where useful. Never rejects, and resolves within the target's timeout, which includes DNS, connect, request, answer
   * and pauses.
   * @param flushing once it aborts, a flush waits: an unreachable server is tried only once more
   * @param patienceMs how much longer to wait for the answer to a completely sent request, because a retry might deliver it twice
   */
  post(body: Buffer, flushing: AbortSignal, patienceMs?: number): Promise<AcceptedAttempt | Failure>
}

/** @param isRetryable whether a request rejected with this status is retried; by default as OTLP defines */
export function createTransport(
  target: Omit<OtlpTarget, 'signal'>,
  isRetryable = (status: number): boolean => retryableStatuses.has(status),
): Transport {
  const url = new URL(target.url)
  const secure = url.protocol === 'https:'
  const { agent, client } = secure ? overTls(target) : { client: http, agent: new http.Agent({ keepAlive: true }) }
  const isAddress = isIP(url.hostname.replace(/^\[|\]$/g, '')) > 0
  const headers = {
    'user-agent': `afn-otel/${version}`,
    ...target.headers,
    'content-type': target.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    ...(target.gzip && { 'content-encoding': 'gzip' }),
  }
  let unreachableAt = Number.NEGATIVE_INFINITY

  function once(body: Buffer, timeoutMs: number): Promise<AcceptedAttempt | RefusedAttempt> {
    return new Promise(first => {
      let resolve = first
      let isTaken = false
      const options = { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } }
      const request = client.request(url, options, response => {
        const { statusCode: status = 0 } = response
        isTaken = status >= 200 && status < 300
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length <= longestAnswer) chunks.push(chunk)
          else request.destroy()
        })
        response.on('error', () => {})
        // an accepted request counts even if the rest of the answer is lost
        const contentType = response.headers['content-type'] ?? ''
        if (isTaken) response.on('close', () => resolve({ ok: true, body: Buffer.concat(chunks), contentType }))
        else resolve(refusedBy(status, isRetryable(status), response.headers['retry-after']))
      })
      const stopTimer = after(timeoutMs, () => {
        if (isTaken) return request.destroy()
        const failure = unanswered(
          'timeout',
          `no ${request.socket?.connecting ? 'connection' : 'answer'} in time`,
          true,
        )
        if (!request.writableFinished) {
          resolve(failure)
          return request.destroy()
        }
        const tell = resolve
        const end = new Promise<AcceptedAttempt | RefusedAttempt>(later => {
          resolve = later
        })
        return tell({ ...failure, open: { end, giveUp: () => request.destroy() } })
      })
      request.on('socket', socket => {
        // an export in progress must not keep a finished app alive; the flush at exit has its own limit
        socket.unref()
        socket.setKeepAlive(true, keepAliveMs)
        if (!socket.connecting) return
        const watch = () => {
          const stopTimer = after(connectMs, () => {
            unreachableAt = performance.now()
            resolve(unanswered('timeout', 'no connection in time', true))
            request.destroy()
          })
          socket.once('connect', stopTimer).once('close', stopTimer)
        }
        if (isAddress) watch()
        else socket.once('lookup', watch)
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        const { code = 'error' } = error
        const isBroken = code === 'ECONNRESET' || code === 'EPIPE'
        // network errors may be temporary; others, such as an invalid certificate, recur
        const isRetryable = isBroken || error.syscall !== undefined
        resolve({
          ...unanswered(code, error.code ?? reason(error), isRetryable),
          stale: request.reusedSocket && isBroken,
        })
      })
      request.on('close', stopTimer)
      request.end(body)
    })
  }

  async function send(body: Buffer, isFlush: boolean, deadline: number): Promise<AcceptedAttempt | Failure> {
    if (isFlush && performance.now() - unreachableAt < unreachableMs)
      return unanswered('timeout', 'no connection in time', true)
    for (;;) {
      const result = await once(body, Math.max(1, deadline - performance.now()))
      if (result.ok || !result.stale) return result
    }
  }

  const packed = (body: Buffer) => (target.gzip ? compress(body, { level: constants.Z_BEST_SPEED }) : body)

  async function attempt(plain: Buffer, isFlush: boolean, deadline: number): Promise<AcceptedAttempt | Failure> {
    try {
      return await send(await packed(plain), isFlush, deadline)
    } catch (error) {
      return impossible(error)
    }
  }

  async function post(plain: Buffer, flushing: AbortSignal, patienceMs = 0): Promise<AcceptedAttempt | Failure> {
    const deadline = performance.now() + target.timeoutMs
    const backoff = new Backoff()
    try {
      const body = await packed(plain)
      for (;;) {
        let result = await send(body, flushing.aborted, deadline)
        if (!result.ok && result.open) {
          const { end, giveUp } = result.open
          const late = patienceMs > 0 && (await Promise.race([end, pause(patienceMs, flushing)]))
          giveUp()
          if (late) result = late
        }
        if (result.ok) return result
        if (!result.retryable || (flushing.aborted && !result.answered)) return result
        const waitMs = backoff.next(result.retryAfterMs)
        if (performance.now() + waitMs > deadline) return result
        // a flush waits for a server that asked for time, but not for an unreachable one
        await pause(waitMs, result.answered ? undefined : flushing)
      }
    } catch (error) {
      return impossible(error)
    }
  }

  // sockets outlive the caller's context, and exporting must not create spans
  const outside =
    <A extends unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R =>
      inRoot(() => context.with(untraced, work, undefined, ...args))
  return { attempt: outside(attempt), post: outside(post) }
}

/** For example, a header that HTTP does not allow. */
function impossible(error: unknown): Failure {
  return unanswered((error as NodeJS.ErrnoException).code ?? 'error', reason(error), false)
}

function unanswered(type: string, reason: string, retryable: boolean): RefusedAttempt {
  return { ok: false, type, reason, retryable, answered: false }
}

function refusedBy(status: number, retryable: boolean, retryAfter: string | undefined): RefusedAttempt {
  const afterMs = retryAfterMs(retryAfter)
  return {
    ok: false,
    type: String(status),
    reason: `HTTP ${status}`,
    retryable,
    answered: true,
    ...(afterMs !== undefined && { retryAfterMs: afterMs }),
  }
}

/** Ends early if the signal aborts. */
function pause(ms: number, cutShort: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(end, ms).unref()
    function end() {
      clearTimeout(timer)
      cutShort?.removeEventListener('abort', end)
      resolve()
    }
    if (cutShort?.aborted) end()
    else cutShort?.addEventListener('abort', end)
  })
}

/**
 * Fires after the time, but only once pending input is read: a busy event loop is not the server's delay. @returns a function that stops
 * the timer
 */
function after(ms: number, callback: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined
  const timer = setTimeout(() => {
    immediate = setImmediate(callback)
  }, ms).unref()
  return () => {
    clearTimeout(timer)
    clearImmediate(immediate)
  }
}

/** TLS is loaded on demand: it takes Node 5 to 8 ms, and a local Collector does not use it. */
function overTls(target: Omit<OtlpTarget, 'signal'>) {
  const client = require('node:https') as typeof Https
  const agent = new client.Agent({
    keepAlive: true,
    ...(target.certificate && { ca: readFileSync(target.certificate) }),
    ...(target.clientCertificate && { cert: readFileSync(target.clientCertificate) }),
    ...(target.clientKey && { key: readFileSync(target.clientKey) }),
  })
  return { client, agent }
}
