/**
 * From encoded records to requests of OTLP/HTTP, within the budget that a page has for requests that outlive it. A batch is in
 * one place at a time (pending, on its way, or with `way.failed`), and that is why nothing arrives twice. Called by `start.ts`;
 * features change the way: packed, by beacon, again and later.
 */
import { diagnose } from './diagnose'
import type { Signal } from './otlp'

/** Characters of pending records that wait no longer, and of one request. */
const ENOUGH = 40_000
/** Bytes of bodies on their way with `keepalive`; the Fetch standard allows 65,536 a page, beacons included. */
const BUDGET = 60_000

export interface Batch {
  readonly signal: Signal
  /** JSON, redacted. */
  readonly body: string
}

type Send = (url: string, init: RequestInit) => Promise<Response>

/** How requests are made; features change it. */
export const way = {
  open: () => true,
  /** Called with a batch that was not taken, by what came at which `performance.now()` it was sent; or was not sent at all. */
  failed: (batch: Batch, answer?: Response | Error, _sentAt?: number) =>
    answer ? diagnose('AFN180', `lost: ${(answer as Response).status ?? answer}`) : ready.push(batch),
  /** The server took a batch. */
  taken: () => ready[0] && flush(),
  /** The way is open again: what was kept may go. */
  resend: () => {},
  /** Consent is gone. */
  forget: () => {},
} as {
  endpoint: string
  headers: Readonly<Record<string, string>> | undefined
  fetch: Send
  wrap(signal: Signal, records: readonly string[]): string
  /** gzip. Waits for nothing but promises: it has to end within a handler of `pagehide` (decision 0011). */
  pack?: (text: string) => Promise<BlobPart[]>
  open(): boolean
  failed(batch: Batch, answer?: Response | Error, sentAt?: number): void
  taken(): void
  resend(): void
  forget(): void
  /** Whether the page is hidden, and may be gone at any time. */
  leaving?: boolean
}

let pending: Record<Signal, string[]> = { logs: [], traces: [] }
/** Characters of pending records. */
let size = 0
let ready: Batch[] = []
/** Bytes on their way. */
let used = 0
let timer: ReturnType<typeof setTimeout> | undefined
let soon = false
let done: Promise<unknown> | undefined

const blob = (parts: BlobPart[]) => new Blob(parts, { type: 'application/json' })

export async function send(batch: Batch): Promise<void> {
  let body = blob([batch.body])
  const fits = () => used + body.size <= BUDGET || (!way.leaving && !used)
  const pack = way.leaving && fits() ? undefined : way.pack
  if (pack) body = blob(await pack(batch.body))
  if (!way.open() || !fits()) return way.failed(batch)
  const sentAt = performance.now()
  let answer: Response | Error
  used += body.size
  try {
    answer = await way.fetch(`${way.endpoint}/v1/${batch.signal}`, {
      method: 'POST',
      headers: { ...(pack && { 'content-encoding': 'gzip' }), ...way.headers },
      body,
      keepalive: body.size <= BUDGET,
    })
    // Chromium gives the budget back when the body was read
    await answer.text()
  } catch (error) {
    answer = error as Error
  }
  used -= body.size
  if ((answer as Response).ok) way.taken()
  else way.failed(batch, answer, sentAt)
}

function cut(): void {
  size = 0
  for (const signal of ['logs', 'traces'] as const) {
    const records = pending[signal].splice(0)
    if (records[0]) ready.push({ signal, body: way.wrap(signal, records) })
  }
}

/** Resolves when what was recorded is sent, or queued because it could not be. */
export async function flush(): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  soon = false
  cut()
  // then, so that it does not hold what all before it held
  done = Promise.all([done, ...ready.splice(0).map(send)]).then(() => {})
  await done
}

export function deliver(signal: Signal, record: string): void {
  pending[signal].push(record)
  size += record.length
  const enough = size >= ENOUGH
  // packed, more is within the budget
  if (size >= (way.pack ? 100_000 : ENOUGH)) cut()
  if (enough || way.leaving) {
    // not at once: a handler that records a hundred events makes one request
    if (!soon) queueMicrotask(flush)
    soon = true
  } else timer ??= setTimeout(flush, 5_000)
}

/** @param away whether the page is hidden or gone */
export function pageIs(away: boolean): void {
  way.leaving = away
  if (away) flush()
}

export function dropAll(): void {
  pending = { logs: [], traces: [] }
  ready = []
  way.forget()
}
