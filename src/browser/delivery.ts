/**
 * From encoded records to requests of OTLP/HTTP, within the budget that a page has for requests that outlive it. A batch is in
 * one place at a time (pending, on its way, or with `way.failed`), and that is why nothing arrives twice.
 * Features change the way: packed, by beacon, again and later.
 */
import { diagnose } from './diagnose'
import type { Signal } from './otlp'

/** Characters of records that wait no longer, and of one request, or a record more. Twice as many where they are packed: a request costs a page some 2 ms. */
const ENOUGH = 25_000
/** Bytes of bodies on their way with `keepalive`; the Fetch standard allows 65,536 a page, beacons included. */
const BUDGET = 60_000

export interface Batch {
  readonly signal: Signal
  /** JSON, redacted. */
  body: string
}

type Bytes = Uint8Array<ArrayBuffer>
type Send = (url: string, init: RequestInit) => Promise<Response>

/** Batches that are not on their way. */
export const ready = new Set<Batch>()

/** How requests are made; features change it. */
export const way = {
  send,
  /** Called with a batch that was not taken, by what came at which `performance.now()` it was sent; or was not sent at all. */
  failed: (batch: Batch, answer?: Response | Error, _sentAt?: number) =>
    answer ? diagnose('AFN180', `lost: ${(answer as Response).status ?? answer}`) : ready.add(batch),
  /** The server took a batch. */
  taken: () => ready.size && flush(),
} as {
  endpoint: string
  headers: Readonly<Record<string, string>> | undefined
  fetch: Send
  send(batch: Batch): Promise<unknown>
  /** @param records with commas between them */
  wrap(signal: Signal, records: string): string
  /** gzip. Waits for nothing but promises: it has to end within a handler of `pagehide` (decision 0011). */
  pack?: (bytes: Bytes) => Promise<Bytes>
  /** Whether nothing may be sent now. */
  closed?(): boolean
  failed(batch: Batch, answer?: Response | Error, sentAt?: number): unknown
  taken(): unknown
  /** The way is open again: what was kept may go. */
  resend?(): void
  /** Consent is gone. */
  forget?(): void
  /** Whether the page is hidden, and may be gone at any time. */
  leaving?: boolean
}

/** Encoded records, a comma before each. */
const pending: Record<Signal, string> = { logs: '', traces: '' }
/** Bytes on their way. */
let used = 0
let timer: ReturnType<typeof setTimeout> | undefined
let soon: boolean | undefined
let done: Promise<void> | undefined

async function send(batch: Batch): Promise<unknown> {
  // no Blob: to make one waits for another process
  let body = new TextEncoder().encode(batch.body)
  const fits = () => used + body.length <= BUDGET || (!way.leaving && !used)
  const pack = !(way.leaving && fits()) && way.pack
  if (pack) {
    ready.delete(batch)
    body = await pack(body)
  }
  const headers = { 'content-type': 'application/json', ...(pack && { 'content-encoding': 'gzip' }), ...way.headers }
  const mayGo = !way.closed?.() && fits()
  // Firefox ends the handler of a tab that it closes, at the next call that is no native's: the next one begins with what is here
  ready.delete(batch)
  if (!mayGo) return way.failed(batch)
  const sentAt = performance.now()
  let answer: Response | Error
  used += body.length
  try {
    answer = await way.fetch(`${way.endpoint}/v1/${batch.signal}`, {
      body,
      keepalive: body.length <= BUDGET,
      method: 'POST',
      headers,
      signal: AbortSignal.timeout?.(30_000),
    })
    // Chromium gives the budget back when the body was read
    await answer.text()
  } catch (error) {
    answer = error as Error
  }
  used -= body.length
  if ((answer as Response).ok) way.taken()
  else way.failed(batch, answer, sentAt)
}

/** Makes a request of what was recorded. */
function cut(signal: Signal): void {
  if (pending[signal]) ready.add({ signal, body: way.wrap(signal, pending[signal].slice(1)) })
  pending[signal] = ''
}

/** Resolves when what was recorded is sent, or queued because it could not be. */
export function flush(): Promise<void> {
  soon = timer = clearTimeout(timer) as undefined
  cut('logs')
  cut('traces')
  // a copy, since what does not fit comes back; then, so that it does not hold what all before it held
  done = Promise.all([done, ...[...ready].map(way.send)]).then(() => {})
  return done
}

/** @param record encoded */
export function deliver(signal: Signal, record: string): void {
  timer ??= setTimeout(flush, 5_000)
  pending[signal] += `,${record}`
  const isFull = pending[signal].length > (way.pack ? 2 * ENOUGH : ENOUGH)
  if (isFull) cut(signal)
  if (isFull || way.leaving) {
    // not at once: a handler that records a hundred events makes one request
    if (!soon) queueMicrotask(flush)
    soon = true
  }
}

/** @param away whether the page is hidden or gone */
export function pageIs(away: boolean): void {
  way.leaving = away
  if (away) flush()
}

export function dropAll(): void {
  pending.logs = pending.traces = ''
  ready.clear()
  way.forget?.()
}
