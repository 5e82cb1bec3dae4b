// `afn-otel export --to URL`: all that an `up` has, sent to a receiver of OTLP in the order in which it came, batch by batch. The cursor is
// on the disk before a batch leaves and after it was answered for.

import type { ReplayCounts } from '../../backend/api/answers'
import type { Signal } from '../../shared/config/otlp'
import { type Backend, BackendError, getJson, request } from '../../shared/queries/http'
import type { Outcome, Sender } from './otlp-sender'
import type { ReplayCursor, SignalCursor } from './replay-cursor'

export const nounOf = { traces: 'spans', metrics: 'data points', logs: 'log records' } as const

export interface ReplayOptions {
  readonly up: Backend
  readonly sender: Sender
  readonly cursor: ReplayCursor
  readonly signals: readonly Signal[]
  /** A batch that the receiver refuses for good is left out. */
  readonly skipRefused: boolean
  readonly say: (line: string) => void
}

/** Of this run. */
export interface Sums {
  sent: number
  rejected: number
  skipped: number
  /** That may be there twice, where the receiver does not know records by their ids. */
  again: number
}

export type Plan = ReadonlyMap<Signal, ReplayCounts>

export async function planOf({ up, cursor, signals }: Pick<ReplayOptions, 'up' | 'cursor' | 'signals'>): Promise<Plan> {
  const plan = new Map<Signal, ReplayCounts>()
  for (const signal of signals) {
    const { after, received } = cursor.of(signal)
    const parameters = { ...selectionOf(cursor, signal), after, received }
    plan.set(signal, (await getJson(up, 'api/afn/replay/counts', parameters)) as ReplayCounts)
  }
  return plan
}

function selectionOf({ job: { fromNs, toNs } }: ReplayCursor, signal: Signal): Record<string, string> {
  return { signal, ...(fromNs !== null && { from: fromNs }), ...(toNs !== null && { to: toNs }) }
}

/** @throws BackendError when `up` or the receiver is not there, or refuses; the next run goes on where it was */
export async function replay(options: ReplayOptions, plan: Plan): Promise<ReadonlyMap<Signal, Sums>> {
  const all = new Map<Signal, Sums>()
  for (const [signal, counts] of plan) {
    const sums: Sums = { sent: 0, rejected: 0, skipped: 0, again: 0 }
    all.set(signal, sums)
    await replaySignal(options, signal, counts, sums)
  }
  return all
}

/** Milliseconds between two lines of progress. */
const EACH = 5_000

async function replaySignal(
  { up, sender, cursor, skipRefused, say }: ReplayOptions,
  signal: Signal,
  counts: ReplayCounts,
  sums: Sums,
): Promise<void> {
  const known = cursor.of(signal)
  // the numbers of rows have begun anew, and nothing of it is under way
  let place: SignalCursor = known.after === counts.after ? known : { ...known, after: counts.after, sending: undefined }
  let told = performance.now()
  while (BigInt(place.after) < BigInt(counts.until)) {
    const isAgain = place.sending !== undefined
    const batch = await nextBatch(up, selectionOf(cursor, signal), place.after, place.sending ?? counts.until)
    if (!batch) {
      if (!isAgain) break
      // all of it went meanwhile
      place = { ...place, after: place.sending!, sending: undefined }
      cursor.set(signal, place)
      continue
    }
    const { until, records, received, body } = batch
    const newest = BigInt(received) > BigInt(place.received) ? received : place.received
    place = { ...place, sending: until }
    cursor.set(signal, place)
    let outcome: Outcome = { kind: 'taken', rejected: 0, message: '' }
    if (records > 0) {
      const answer = await sender.send(signal, body, (why, ms) =>
        say(`${sender.shown} returned ${why}; retrying ${signal} in ${Math.ceil(ms / 1_000)} s`),
      )
      outcome = answer.outcome
      if (isAgain || answer.isAgain) sums.again += records
    }
    place = { ...place, ...after(outcome, records), after: until, received: newest, sending: undefined }
    cursor.set(signal, place)
    if (performance.now() - told > EACH) {
      told = performance.now()
      say(`${signal}: ${sums.sent} of ${counts.records} ${nounOf[signal]}`)
    }
  }

  function after(outcome: Outcome, records: number): Pick<SignalCursor, 'sent' | 'rejected' | 'skipped'> {
    const { sent, rejected, skipped } = place
    if (outcome.kind === 'taken') {
      sums.sent += records
      sums.rejected += outcome.rejected
      if (outcome.message !== '') say(`${sender.shown} on ${signal}: ${outcome.message}`)
      return { sent: sent + records, rejected: rejected + outcome.rejected, skipped }
    }
    if (outcome.kind === 'refused' && skipRefused && mayBeContent.has(outcome.status)) {
      sums.skipped += records
      say(`${sender.shown} rejected ${records} ${nounOf[signal]} (${outcome.status}): ${outcome.message}`)
      return { sent, rejected, skipped: skipped + records }
    }
    throw new BackendError(`${sender.shown} ${whyNot(outcome, signal)}`)
  }
}

/** What is wrong with a batch, not with the address or the credentials. */
const mayBeContent = new Set([400, 413, 422])

function whyNot(outcome: Exclude<Outcome, { kind: 'taken' }>, signal: Signal): string {
  if (outcome.kind === 'silent')
    return `does not accept ${signal} (${outcome.message}); when it does, run the same command again to resume`
  const { status, message } = outcome
  const said = `returned ${status} for ${signal}${message && `: ${message}`}`
  if (status === 401 || status === 403)
    return `${said}; set OTEL_EXPORTER_OTLP_HEADERS, such as authorization=Bearer%20TOKEN`
  if (status === 404 || status === 405)
    return `${said}; it does not accept ${signal} there: correct --to, or exclude them with --signals`
  return `${said}; fix it there and run the same command again, or skip such batches with --skip-refused`
}

interface Batch {
  readonly until: string
  readonly records: number
  readonly received: string
  readonly body: Buffer
}

async function nextBatch(
  up: Backend,
  selection: Record<string, string>,
  after: string,
  until: string,
): Promise<Batch | undefined> {
  const signal = AbortSignal.timeout(60_000)
  const response = await request(up, 'api/afn/replay', { ...selection, after, until }, { signal })
  if (response.status === 204) return undefined
  const header = (name: string) => response.headers.get(name) ?? ''
  if (!/^\d+$/.test(header('afn-until')))
    throw new BackendError(`${up.name} at ${up.url} has a different version; stop it and start up of this version`)
  return {
    until: header('afn-until'),
    records: Number(header('afn-records')),
    received: header('afn-received') || '0',
    body: Buffer.from(await response.arrayBuffer()),
  }
}
