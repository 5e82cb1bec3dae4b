// Turns a protobuf span into a row.

import { spanKinds } from '../../shared/otlp/trace'
import { WireReader } from '../../shared/otlp/wire'
import { type Policies, type TierSpan, tierFlags, tierFlagsOf } from '../../shared/tiers'
import { inBaseline } from '../../shared/tiers/baseline'
import type { AttributeReader } from './attributes'
import type { Batch } from './batch'
import type { DedupCache } from './dedup-cache'
import { isId, putSpanId, putTraceId } from './ids'
import { Items, readEvent, readLink } from './nested'
import { isTime, type Nanoseconds, SpanFields } from './span-fields'
import type { Texts } from './texts'
import { aheadNs } from './trace-parts'
import { lengthOf } from './trace-sums'
import { type Halves, halvesOf, isZero } from './tree'
import type { Bytes, Fixed, List } from './vectors'
import type { WholeTraces } from './whole-traces'

export interface SpanRowOptions {
  readonly batch: Batch
  readonly attributes: AttributeReader
  /** Recognises spans that were stored before. */
  readonly recent: DedupCache
  /** Receives each stored span. */
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
  /** The previous span's trace id in this request, its 16 bytes as latin1: spans of a trace usually arrive together. */
  #trace = ''
  #baseline = 0
  /** Position of that id in the bytes; -1 before the first span. */
  #traceFrom = -1
  #received: Halves = { low: 0, high: 0 }
  #latest: Halves = { low: 0, high: 0 }
  /** Whether the last span had an impossible time. */
  isMisdated = false
  #seq: number

  /** @param next the next sequence number */
  constructor(options: SpanRowOptions, next: number) {
    this.#seq = next
    this.#options = options
    this.recent = options.recent
    this.traces = options.traces
    const { columns } = options.batch
    this.#span = new SpanFields(columns, options.attributes)
    this.#events = new Items(columns.list('events'), options.attributes)
    this.#links = new Items(columns.list('links'), options.attributes)
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

  /** Begins a request. @param receivedNs nanoseconds since 1970 */
  begin(receivedNs: bigint): void {
    this.#trace = ''
    this.#traceFrom = -1
    this.#received = halvesOf(receivedNs)
    this.#latest = halvesOf(receivedNs + aheadNs)
    this.#events.received = this.#received
  }

  /**
   * Reads the span that the reader has entered. A span that was stored before is accepted but not stored again.
   * @returns whether the span is valid
   */
  read(texts: Texts, resource: number, scope: number, reader: WireReader, depth: number): boolean {
    const { batch, attributes } = this.#options
    const span = this.#span
    const { row } = batch
    span.read(row, texts, reader, depth)
    const { decisive, added } = attributes
    this.isMisdated = false
    this.#date(span.start)
    this.#date(span.end)
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
    const number = { low: seq | 0, high: Math.floor(seq / 2 ** 32) }
    columns.seq.set2(row, number.low, number.high)
    putTraceId(columns.traceId, row, texts.bytes, span.traceId)
    putSpanId(columns.spanId, row, texts.bytes, span.spanId)
    putSpanId(columns.parentId, row, texts.bytes, span.parentId)
    columns.received.set2(row, this.#received.low, this.#received.high)
    columns.start.set2(row, span.start.low, span.start.high)
    const start = signed(span.start)
    const end = signed(span.end)
    const duration = lengthOf(start, end)
    columns.duration.set2(row, duration.low, duration.high)
    const kind = known(span.kind, spanKinds.length)
    columns.kind.set(row, kind)
    const status = known(span.status, 3)
    columns.status.set(row, status)
    columns.resource.set1(row, resource)
    columns.scope.set1(row, scope)
    const signals = this.#baseline | this.#tierFlags(decisive, events)
    columns.signals.set(row, signals)
    const parent = idAt(texts, span.parentId)
    this.traces.add(this.#trace, {
      id: idAt(texts, span.spanId),
      parent,
      kind,
      seq: number,
      start,
      end,
      received: this.#received,
      latest: this.#latest,
      failed: status === FAILED,
      signals,
      resource,
      name: isZero(parent) ? texts.bytes.toString('utf8', span.nameFrom, span.nameTo) : '',
      attributes: added,
    })
    batch.next()
    return true
  }

  #date(time: Nanoseconds): void {
    if (isTime(time)) return
    this.isMisdated = true
    Object.assign(time, this.#received)
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

  /** Follows Tempo: spans with the same id but another kind are different spans, since both ends of a call may share an id. */
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
    const before = this.#traceFrom
    this.#traceFrom = traceId
    if (before >= 0 && isSame(bytes, before, traceId)) return
    this.#trace = bytes.toString('latin1', traceId, traceId + 16)
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

const signed = ({ low, high }: Nanoseconds): Halves => ({ low: low | 0, high: high | 0 })

const none: TierSpan['events'] = []

/** Values that only newer versions of OTLP know become `unspecified` or `unset`. */
const known = (value: number, count: number): number => (value < count ? value : 0)

/** Compares two trace ids. */
function isSame(bytes: Buffer, a: number, b: number): boolean {
  for (let at = 0; at < 16; at++) if (bytes[a + at] !== bytes[b + at]) return false
  return true
}

const idAt = ({ bytes }: Texts, from: number): Halves =>
  from < 0 ? { low: 0, high: 0 } : { low: bytes.readInt32BE(from + 4), high: bytes.readInt32BE(from) }

const isValid = ({ texts, traceId, spanId }: SpanFields): boolean =>
  isId(texts.bytes, traceId, 16) && isId(texts.bytes, spanId, 8)
