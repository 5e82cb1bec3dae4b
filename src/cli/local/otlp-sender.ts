// Sends one request of OTLP until the receiver has answered for it, at its pace.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { fetchable, withoutCredentials } from '../../shared/config/credentials'
import { type Signal, signalUrl } from '../../shared/config/otlp'
import { WireReader, wireTypes } from '../../shared/otlp/wire'
import { reasonOf } from '../../shared/queries/http'
import { retryAfterMs } from '../../shared/retry-after'
import { version } from '../../shared/version'

const pack = promisify(gzip)
const wait = promisify(setTimeout)

/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const comesAgain = new Set([429, 502, 503, 504])
const [FIRST_MS, LONGEST_MS, LONGEST_ASKED_MS] = [1_000, 30_000, 600_000]
const ANSWER_MS = 60_000

/** What the receiver said at last. */
export type Outcome =
  | { readonly kind: 'taken'; readonly rejected: number; readonly message: string }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'silent'; readonly message: string }

export interface Sender {
  /** The receiver's base URL, without credentials. */
  readonly shown: string
  /** @param onWait is told why it waits. @returns the outcome, and whether the request may have been taken before */
  send(
    signal: Signal,
    body: Buffer,
    onWait: (why: string, ms: number) => void,
  ): Promise<{ readonly outcome: Outcome; readonly isAgain: boolean }>
}

/** @param patienceMs after so long without an answer that takes anything it is given up */
export function createSender(to: string, headers: Readonly<Record<string, string>>, patienceMs = 300_000): Sender {
  const { url, headers: credentials } = fetchable(to)
  const fixed = {
    'user-agent': `afn-otel/${version}`,
    ...credentials,
    ...headers,
    'content-type': 'application/x-protobuf',
    'content-encoding': 'gzip',
  }
  return {
    shown: withoutCredentials(to),
    async send(signal, body, onWait) {
      const packed = await pack(body)
      const since = performance.now()
      let pause = FIRST_MS
      for (let isAgain = false; ; ) {
        let why: string
        let asked: number | undefined
        try {
          const signalOf = AbortSignal.timeout(ANSWER_MS)
          const init = { method: 'POST', headers: fixed, body: packed, redirect: 'manual', signal: signalOf } as const
          const response = await fetch(signalUrl(url, signal), init)
          const answer = Buffer.from(await response.arrayBuffer())
          if (response.ok) return { outcome: taken(answer, response.headers.get('content-type')), isAgain }
          const message = messageOf(answer, response.headers.get('content-type'))
          if (!comesAgain.has(response.status))
            return { outcome: { kind: 'refused', status: response.status, message }, isAgain }
          why = `${response.status}${message && `: ${message}`}`
          asked = retryAfterMs(response.headers.get('retry-after'))
        } catch (error) {
          why = reasonOf(error)
          // nobody was there to take it
          isAgain ||= !/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/.test(why)
        }
        const ms = Math.min(asked ?? pause * (0.8 + Math.random() * 0.4), LONGEST_ASKED_MS)
        pause = Math.min(pause * 2, LONGEST_MS)
        if (performance.now() - since + ms > patienceMs) return { outcome: { kind: 'silent', message: why }, isAgain }
        onWait(why, ms)
        await wait(ms)
      }
    },
  }
}

/** An `Export…ServiceResponse`: all three have the same fields. */
function taken(body: Buffer, contentType: string | null): Outcome {
  let [rejected, message] = [0, '']
  try {
    if (contentType?.includes('json')) {
      const { partialSuccess = {} } = JSON.parse(body.toString()) as { partialSuccess?: Record<string, unknown> }
      message = String(partialSuccess.errorMessage ?? '')
      const counts = Object.entries(partialSuccess).filter(([name]) => name.startsWith('rejected'))
      rejected = Number(counts[0]?.[1] ?? 0)
    } else {
      const reader = new WireReader(body)
      while (reader.more) {
        const tag = reader.tag()
        if (tag !== PARTIAL_SUCCESS) {
          reader.skip(tag & 7)
          continue
        }
        const outer = reader.enter()
        while (reader.more) {
          const inner = reader.tag()
          if (inner === REJECTED) rejected = Number(reader.varint())
          else if (inner === MESSAGE) message = textIn(body, reader)
          else reader.skip(inner & 7)
        }
        reader.leave(outer)
      }
    }
  } catch {
    // a receiver that answers 2xx has taken it, whatever else it says
  }
  return { kind: 'taken', rejected, message }
}

const PARTIAL_SUCCESS = 1 * 8 + wireTypes.delimited
const REJECTED = 1 * 8 + wireTypes.varint
const MESSAGE = 2 * 8 + wireTypes.delimited

function textIn(body: Buffer, reader: WireReader): string {
  reader.range()
  return body.toString('utf8', reader.from, reader.to)
}

/** Of a `google.rpc.Status`, or a text. */
function messageOf(body: Buffer, contentType: string | null): string {
  try {
    if (contentType?.includes('protobuf')) {
      const reader = new WireReader(body)
      while (reader.more) {
        const tag = reader.tag()
        if (tag === MESSAGE) return textIn(body, reader)
        reader.skip(tag & 7)
      }
      return ''
    }
    if (contentType?.includes('json'))
      return String((JSON.parse(body.toString()) as { message?: string }).message ?? '')
  } catch {
    // as it stands
  }
  return body.toString().trim().slice(0, 500)
}
