// Reads the fields of one protobuf span. Independent fields go straight into columns; span-row.ts judges the others together.
import { fieldsReader } from '../../shared/otlp/fields'
import { messages } from '../../shared/otlp/messages'
import type { WireReader } from '../../shared/otlp/wire'
import type { AttributeReader, AttributeSink } from './attributes'
import { readId } from './ids'
import { mapsAmong } from './maps'
import type { Texts } from './texts'
import type { Fixed, Struct } from './vectors'

/** 64 bits in two unsigned halves. */
export interface Nanoseconds {
  low: number
  high: number
}

/** Times beyond 63 bits, the width of the columns, are impossible: they end in 2262. */
export const isTime = ({ high }: Nanoseconds): boolean => high < 2 ** 31

export class SpanFields {
  row = 0
  texts!: Texts
  /** Positions of the ids in the bytes; -1 if missing. */
  traceId = -1
  spanId = -1
  parentId = -1
  /** Position of the name in the bytes. */
  nameFrom = 0
  nameTo = 0
  kind = 0
  status = 0
  readonly start: Nanoseconds = { low: 0, high: 0 }
  readonly end: Nanoseconds = { low: 0, high: 0 }
  /** Positions of events and links in the bytes, start and end alternating. They are read after the span's own attributes. */
  readonly events: number[] = []
  readonly links: number[] = []

  readonly attributes: AttributeReader
  readonly place: AttributeSink
  readonly name: Fixed
  readonly statusMessage: Fixed
  readonly traceState: Fixed
  readonly flags: Fixed
  readonly droppedAttributes: Fixed
  readonly droppedEvents: Fixed
  readonly droppedLinks: Fixed

  constructor(columns: Struct, attributes: AttributeReader) {
    this.attributes = attributes
    this.place = { maps: mapsAmong(columns), promoted: columns }
    this.name = columns.fixed('name')
    this.statusMessage = columns.fixed('status_message')
    this.traceState = columns.fixed('trace_state')
    this.flags = columns.fixed('flags')
    this.droppedAttributes = columns.fixed('dropped_attributes')
    this.droppedEvents = columns.fixed('dropped_events')
    this.droppedLinks = columns.fixed('dropped_links')
  }

  /** Reads the span that the reader has entered into this row. @throws Malformed */
  read(row: number, texts: Texts, reader: WireReader, depth: number): void {
    this.row = row
    this.texts = texts
    this.traceId = this.spanId = this.parentId = -1
    this.kind = this.status = this.nameFrom = this.nameTo = 0
    this.start.low = this.start.high = this.end.low = this.end.high = 0
    this.events.length = this.links.length = 0
    this.name.zero(row)
    this.statusMessage.zero(row)
    this.traceState.zero(row)
    this.flags.zero(row)
    this.droppedAttributes.zero(row)
    this.droppedEvents.zero(row)
    this.droppedLinks.zero(row)
    this.attributes.open(this.place, row)
    readFields(this, reader, depth)
  }

  text(column: Fixed, reader: WireReader): void {
    reader.range()
    this.texts.put(column, this.row, reader.from, reader.to)
  }
}

const readStatus = fieldsReader<SpanFields>(messages.Status, {
  message: (span, reader) => span.text(span.statusMessage, reader),
  code(span, reader) {
    span.status = reader.uint32()
  },
})

const readFields = fieldsReader<SpanFields>(messages.Span, {
  traceId(span, reader) {
    span.traceId = readId(reader, 16)
  },
  spanId(span, reader) {
    span.spanId = readId(reader, 8)
  },
  parentSpanId(span, reader) {
    span.parentId = readId(reader, 8)
  },
  traceState: (span, reader) => span.text(span.traceState, reader),
  name(span, reader) {
    span.text(span.name, reader)
    span.nameFrom = reader.from
    span.nameTo = reader.to
  },
  kind(span, reader) {
    span.kind = reader.uint32()
  },
  startTimeUnixNano: (span, reader) => time(span.start, reader),
  endTimeUnixNano: (span, reader) => time(span.end, reader),
  attributes: ({ attributes, place, row, texts }, reader, depth) => attributes.read(place, row, texts, reader, depth),
  droppedAttributesCount: (span, reader) => span.droppedAttributes.set1(span.row, reader.uint32()),
  events: (span, reader) => void span.events.push(reader.at, reader.end),
  droppedEventsCount: (span, reader) => span.droppedEvents.set1(span.row, reader.uint32()),
  links: (span, reader) => void span.links.push(reader.at, reader.end),
  droppedLinksCount: (span, reader) => span.droppedLinks.set1(span.row, reader.uint32()),
  status: readStatus,
  flags: (span, reader) => span.flags.set1(span.row, reader.fixed32()),
})

function time(into: Nanoseconds, reader: WireReader): void {
  reader.words()
  into.low = reader.low
  into.high = reader.high
}
