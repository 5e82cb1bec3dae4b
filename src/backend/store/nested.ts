// Reads the events and links of a span into its two lists.
import { type FieldReader, fieldsReader } from '../../shared/otlp/fields'
import { messages } from '../../shared/otlp/messages'
import type { AttributeReader, AttributeSink } from './attributes'
import { putSpanId, putTraceId, readId } from './ids'
import { mapsAmong } from './maps'
import { isTime, type Nanoseconds } from './span-fields'
import type { Texts } from './texts'
import { Fixed, type List, type Struct } from './vectors'

/** All items of one list, and the current one. */
export class Items {
  readonly columns: Struct
  readonly place: AttributeSink
  readonly attributes: AttributeReader
  /** When the request arrived. */
  received: Nanoseconds = { low: 0, high: 0 }
  index = 0
  texts!: Texts
  /** The current event's name. */
  name = ''
  /** Whether the current item had an impossible time. */
  isMisdated = false
  readonly #list: List
  readonly #plain: readonly Fixed[]

  constructor(list: List, attributes: AttributeReader) {
    this.#list = list
    this.columns = list.items as Struct
    this.place = { maps: mapsAmong(this.columns) }
    this.#plain = [...this.columns.fields.values()].filter(column => column instanceof Fixed)
    this.attributes = attributes
  }

  /** Begins an item in the list of this row. */
  open(row: number, texts: Texts): void {
    this.index = this.#list.add(row)
    this.texts = texts
    this.name = ''
    this.isMisdated = false
    for (const column of this.#plain) column.zero(this.index)
    this.attributes.open(this.place, this.index)
  }
}

const attributeFields: Record<string, FieldReader<Items>> = {
  attributes({ attributes, place, index, texts }, reader, depth) {
    attributes.read(place, index, texts, reader, depth)
  },
  droppedAttributesCount({ columns, index }, reader) {
    columns.fixed('dropped_attributes').set1(index, reader.uint32())
  },
}

export const readEvent = fieldsReader<Items>(messages.Event, {
  ...attributeFields,
  timeUnixNano(event, reader) {
    reader.words()
    event.isMisdated = !isTime(reader)
    const { low, high } = event.isMisdated ? event.received : reader
    event.columns.fixed('time_ns').set2(event.index, low, high)
  },
  name(event, reader) {
    reader.range()
    event.texts.put(event.columns.fixed('name'), event.index, reader.from, reader.to)
    event.name = event.texts.bytes.toString('utf8', reader.from, reader.to)
  },
})

export const readLink = fieldsReader<Items>(messages.Link, {
  ...attributeFields,
  traceId({ columns, index, texts }, reader) {
    putTraceId(columns.fixed('trace_id'), index, texts.bytes, readId(reader, 16))
  },
  spanId({ columns, index, texts }, reader) {
    putSpanId(columns.fixed('span_id'), index, texts.bytes, readId(reader, 8))
  },
  traceState({ columns, index, texts }, reader) {
    reader.range()
    texts.put(columns.fixed('trace_state'), index, reader.from, reader.to)
  },
  flags({ columns, index }, reader) {
    columns.fixed('flags').set1(index, reader.fixed32())
  },
})
