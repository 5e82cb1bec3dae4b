// One span of protobuf → one row.

import { spanKinds } from '../../otlp/trace'
import { WireReader } from '../../otlp/wire'
import { type Policies, type TierSpan, tierFlags, tierFlagsOf } from '../../tiers'
import { inBaseline } from '../../tiers/baseline'
import type { AttributeReader } from './attributes'
import type { Batch } from './batch'
import type { DedupCache } from './dedup-cache'
import { isId, putSpanId, putTraceId } from './ids'
import { Items, readEvent, readLink } from './nested'
import { isTime, type Nanoseconds, SpanFields } from './span-fields'
import type { Texts } from './texts'
import type { Bytes, Fixed, List } from './vectors'
import type { WholeTraces } from './whole-traces'

export interface SpanRowOptions {
  readonly batch: Batch
  readonly attributes: AttributeReader
  /** Spans that were stored before. */
  readonly recent: DedupCache
  /** Gets each span that is stored. */
  readonly traces: WholeTraces
  readonly policies: Policies
}

export class SpanRow {
  readonly recent: DedupCache
  readonly traces: WholeTraces
  readonly #options: SpanRowOptions
  readonly #span: SpanFields
  readonly #events: Items
  readonly #links: Items
  readonly #columns: {
    readonly [name in
      | 'seq'
      | 'traceId'
      | 'spanId'
      | 'parentId'
      | 'start'
      | 'duration'
      | 'resource'
      | 'scope'
      | 'received']: Fixed
  } & { readonly [name in 'kind' | 'status' | 'signals']: Bytes } & { readonly [name in 'events' | 'links']: List }
  /** Of the span before, in the same request: spans of a trace come together. The 16 bytes of the id as latin1. */
  #trace = ''
  #baseline = 0
  readonly #received: Nanoseconds = { low: 0, high: 0 }
  /** Of the span that was read last: it said a time that can't be. */
  isMisdated = false
  #receivedNs = 0n
  #seq: number

  /** @param next the number of the next span */
  constructor(options: SpanRowOptions, next: number) {
    this.#seq = next
    this.#options = options
    this.recent = options.recent
    this.traces = options.traces
    const { columns } = options.batch
    this.#span = new SpanFields(columns, options.attributes)
    this.#events = new Items(columns.list('events'), options.attributes, this.#received)
    this.#links = new Items(columns.list('links'), options.attributes, this.#received)
    this.#columns = {
      seq: columns.fixed('seq'),
      traceId: columns.fixed('trace_id'),
      spanId: columns.fixed('span_id'),
      parentId: columns.fixed('parent_id'),
      start: columns.fixed('start_ns'),
      duration: columns.fixed('duration_ns'),
      resource: columns.fixed('resource'),
      scope: columns.fixed('scope'),
      received: columns.fixed('received_ns'),
      kind: columns.bytes('kind'),
      status: columns.bytes('status'),
      signals: columns.bytes('signals'),
      events: columns.list('events'),
      links: columns.list('links'),
    }
  }

  /** A request begins. @param receivedNs nanoseconds since 1970 */
  begin(receivedNs: bigint): void {
    this.#trace = ''
    this.#receivedNs = receivedNs
    this.#received.low = Number(receivedNs & 0xffff_ffffn)
    this.#received.high = Number(receivedNs >> 32n)
  }

  /**
   * The span that the reader has entered. One that was stored before is taken, and not stored again.
   * @returns whether it was taken
   */
  read(texts: Texts, resource: number, scope: number, reader: WireReader, depth: number): boolean {
    const { batch, attributes } = this.#options
    const span = this.#span
    const { row } = batch
    span.read(row, texts, reader, depth)
    const { decisive, added } = attributes
    this.isMisdated = false
    for (const time of [span.start, span.end]) {
      if (isTime(time)) continue
      this.isMisdated = true
      Object.assign(time, this.#received)
    }
    const events = this.#readEvents(texts, depth + 1)
    this.#readLinks(texts, depth + 1)
    const isTaken = isValid(span)
    if (!isTaken || !this.#isNew(texts)) {
      batch.discardRow()
      return isTaken
    }
    this.#enterTrace(texts)
    const columns = this.#columns
    const seq = this.#seq++
    columns.seq.set2(row, seq >>> 0, Math.floor(seq / 2 ** 32))
    putTraceId(columns.traceId, row, texts.bytes, span.traceId)
    putSpanId(columns.spanId, row, texts.bytes, span.spanId)
    putSpanId(columns.parentId, row, texts.bytes, span.parentId)
    columns.received.set2(row, this.#received.low, this.#received.high)
    columns.start.set2(row, span.start.low, span.start.high)
    putDuration(columns.duration, row, span)
    const kind = known(span.kind, spanKinds.length)
    columns.kind.set(row, kind)
    const status = known(span.status, 3)
    columns.status.set(row, status)
    columns.resource.set1(row, resource)
    columns.scope.set1(row, scope)
    const signals = this.#baseline | this.#tierFlags(decisive, events)
    columns.signals.set(row, signals)
    const parentId = idAt(texts, span.parentId)
    this.traces.add(this.#trace, {
      spanId: idAt(texts, span.spanId),
      parentId,
      kind,
      seq,
      start: nanoseconds(span.start),
      end: nanoseconds(span.end),
      received: this.#receivedNs,
      failed: status === FAILED,
      signals,
      resource,
      name: parentId === 0n ? texts.bytes.toString('utf8', span.nameFrom, span.nameTo) : '',
      attributes: added,
    })
    batch.next()
    return true
  }

  #readEvents(texts: Texts, depth: number): TierSpan['events'] {
    const { events: places, row } = this.#span
    const { attributes } = this.#options
    this.#columns.events.open(row)
    if (places.length === 0) return none
    const events = []
    for (let at = 0; at < places.length; at += 2) {
      this.#events.open(row, texts)
      readEvent(this.#events, new WireReader(texts.bytes, places[at], places[at + 1]), depth)
      if (this.#events.isMisdated) this.isMisdated = true
      events.push({ name: this.#events.name, attributes: attributes.decisive })
    }
    return events
  }

  #readLinks(texts: Texts, depth: number): void {
    const { links: places, row } = this.#span
    this.#columns.links.open(row)
    for (let at = 0; at < places.length; at += 2) {
      this.#links.open(row, texts)
      readLink(this.#links, new WireReader(texts.bytes, places[at], places[at + 1]), depth)
    }
  }

  /** As Tempo has it, the same id as another kind is another span: the two ends of one call may share it. */
  #isNew({ bytes }: Texts): boolean {
    const { spanId, traceId, kind } = this.#span
    const trace =
      bytes.readUInt32LE(traceId) ^
      Math.imul(bytes.readUInt32LE(traceId + 4), 3) ^
      Math.imul(bytes.readUInt32LE(traceId + 8), 5) ^
      Math.imul(bytes.readUInt32LE(traceId + 12), 7)
    return this.#options.recent.add(bytes.readUInt32LE(spanId), bytes.readUInt32LE(spanId + 4), (trace + kind) >>> 0)
  }

  #enterTrace({ bytes }: Texts): void {
    const { traceId } = this.#span
    const trace = bytes.toString('latin1', traceId, traceId + 16)
    if (trace === this.#trace) return
    this.#trace = trace
    const { policies } = this.#options
    this.#baseline = inBaseline(bytes.subarray(traceId, traceId + 16), policies.baseline) ? tierFlags.baseline : 0
  }

  #tierFlags(attributes: TierSpan['attributes'], events: TierSpan['events']): number {
    const { kind, status, parentId, texts } = this.#span
    const parentSpanId = isId(texts.bytes, parentId, 8) ? 'another span' : ''
    const span = { kind: spanKinds[kind] ?? 'unspecified', statusCode: status, parentSpanId, attributes, events }
    return tierFlagsOf(span, this.#options.policies)
  }
}

/** STATUS_CODE_ERROR */
const FAILED = 2

const nanoseconds = ({ low, high }: Nanoseconds): bigint => (BigInt(high) << 32n) | BigInt(low)

const none: TierSpan['events'] = []

/** What newer versions of OTLP may say is `unspecified` and `unset`. */
const known = (value: number, count: number): number => (value < count ? value : 0)

const idAt = ({ bytes }: Texts, from: number): bigint => (from < 0 ? 0n : bytes.readBigUInt64BE(from))

const isValid = ({ texts, traceId, spanId }: SpanFields): boolean =>
  isId(texts.bytes, traceId, 16) && isId(texts.bytes, spanId, 8)

function putDuration(column: Fixed, row: number, { start, end }: { start: Nanoseconds; end: Nanoseconds }): void {
  const low = end.low - start.low
  const high = end.high - start.high - (low < 0 ? 1 : 0)
  if (high < 0) column.zero(row)
  else column.set2(row, low >>> 0, high)
}
