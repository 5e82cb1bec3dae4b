// Posts one encoded request to the Collector, or to LangFuse, and tries again where that may help.
// OpenTelemetry's own transport keeps the process alive through its retry timers; ours never does.

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
 * A connect that hangs keeps a finished process alive, unref'd or not (libuv counts the request), so one attempt may not take
 * the whole time of the export. Longer than any round trip; a lost packet is what the next attempt is for.
 */
const connectMs = 1_000
/** An address that let a connect hang is not tried by a flush so soon after. */
const unreachableMs = 2 * connectMs
/** More of an answer is not read. */
const longestAnswer = 2 ** 16
/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const retryableStatuses = new Set([429, 502, 503, 504])
/** After which nothing of a connection is heard any more, a host that is gone is looked for. */
const keepAliveMs = 10_000

export interface AcceptedAttempt {
  readonly ok: true
  /** The body of the answer, as far as it came. */
  readonly body: Buffer
  readonly contentType: string
}

export interface Failure {
  readonly ok: false
  /** `timeout`, an HTTP status or the code of an error: few different ones, for `error.type`. */
  readonly type: string
  /** The same in words. */
  readonly reason: string
  /** The same request may be taken later. */
  readonly retryable: boolean
  /** By the server. */
  readonly answered: boolean
  readonly retryAfterMs?: number
  /** Its time is over, but it was sent whole: an answer may come yet. */
  readonly open?: { readonly end: Promise<AcceptedAttempt | Failure>; giveUp(): void }
}

interface RefusedAttempt extends Failure {
  /** A kept connection that the server had closed: nothing was tried yet. */
  readonly stale?: boolean
}

export interface Transport {
  /**
   * One request; never rejects.
   * @param isFlush somebody waits: an address that let a connect hang just now is not tried
   * @param deadline as of `performance.now()`
   */
  attempt(body: Buffer, isFlush: boolean, deadline: number): Promise<AcceptedAttempt | Failure>
  /**
   * Tries again where that may help. Never rejects, and resolves within the target's timeout: look-up, connect, request, answer
   * and pauses all count.
   * @param flushing once it aborts, somebody waits: a server that can't be reached is tried once more, and then given up
   * @param patienceMs how much longer a request that was sent whole may be answered: given up, it may be there twice
   */
  post(body: Buffer, flushing: AbortSignal, patienceMs?: number): Promise<AcceptedAttempt | Failure>
}

/** @param isRetryable whether a request that was refused with this status is sent again; default what OTLP says */
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
        // what was taken stays taken when the rest of the answer is lost
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
        // an export that is under way must not keep a finished app from exiting; the flush at its end has its own limit
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
        // the network may come back; others, as a wrong certificate, fail in the same way again
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
        // who flushes waits for a server that asked for time, but not for one that may come up again
        await pause(waitMs, result.answered ? undefined : flushing)
      }
    } catch (error) {
      return impossible(error)
    }
  }

  // the sockets stay for later requests; and nothing that sends makes spans
  const outside =
    <A extends unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R =>
      inRoot(() => context.with(untraced, work, undefined, ...args))
  return { attempt: outside(attempt), post: outside(post) }
}

/** A header that HTTP does not allow, for one. */
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

/** Ends early when the signal aborts. */
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

/** After the time, and after what has come meanwhile was read: a loop that was busy is not the server's delay. @returns what stops it */
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

/** A Collector beside the app has no TLS, which takes Node 5 to 8 ms to load. */
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
