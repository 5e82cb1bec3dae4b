// A request of OTLP as strangers send it, from its bytes to what the store and the redactor read.
import { fromJson } from '../../../src/shared/otlp/from-json'
import { fromProtobuf } from '../../../src/shared/otlp/from-protobuf'
import { requestMessages } from '../../../src/shared/otlp/messages'
import { Malformed } from '../../../src/shared/otlp/schema'
import { weighJson, weighProtobuf } from '../../../src/shared/otlp/weight'
import type { Surface } from '../search.mjs'
import { filled } from './filled'

function tried(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError) return undefined
    throw error
  }
}

const attribute = (n: number) => `{"key":"key.${n % 20}","value":{"stringValue":"abc"}},`
const span = (n: number) =>
  `${n ? ',' : ''}{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"a","startTimeUnixNano":"1544712660000000000","attributes":[${attribute(n)}${attribute(n + 1)}${attribute(n + 2).slice(0, -1)}]}`

/** What stands for the spans may end in the comma behind one. */
export const otlpOf = (spans: string) =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans.replace(/,\s*$/, '')}]}]}]}`

export const otlpJson: Surface = {
  name: 'otlp-json',
  anchors: [`${span(1)},`, ']}]}]}', '{', '}', '[', ']', ',', '"', '\\', '{}', '{},', '[],', '"k{n}":1,', '"attributes":[', '{"key":"k{n}"},', '{"key":"a","value":{"intValue":"{n}"}},', '{"value":{"arrayValue":{"values":[', '{"value":{"kvlistValue":{"values":[', '"traceId":"', '"startTimeUnixNano":"1"', '"name":"a",', '"doubleValue":"NaN"', '"doubleValue":"', '1e400', '0.1', '"intValue":', '"stringValue":"a","boolValue":true,', '"events":[{}],', '"links":[{}],', '\\u0041', 'é', '1', 'null'], // biome-ignore format: a table
  harmless: length => filled(length, '', span, ''),
  run: text =>
    tried(() => {
      const bytes = Buffer.from(otlpOf(text), 'latin1')
      weighJson(bytes)
      return fromJson(requestMessages.traces, JSON.parse(bytes.toString()))
    }),
}

/** A field that holds others, each of whose characters is a byte. */
const within = (field: number, inner: string) => String.fromCharCode(field * 8 + 2, inner.length) + inner
const string = within(1, 'abc')
const keyValue = within(1, 'key.1') + within(2, string)
const plainSpan =
  within(1, 'x'.repeat(16)) + within(2, 'x'.repeat(8)) + within(5, 'a') + within(9, keyValue) + within(9, keyValue)
/** Each a request of its own: protobuf joins what comes behind another. */
const request = (inner: string) => within(1, within(2, within(2, inner)))

export const otlpProtobuf: Surface = {
  name: 'otlp-protobuf',
  anchors: [request(plainSpan), request(''), request(within(9, '')), request(within(9, keyValue)), request(within(11, '')), request(within(13, '')), within(1, ''), within(2, ''), within(1, within(2, '')), '\x0a\x7f', '\x12\x7f', '\x0a\xff\xff\x03', '\x12\xff\xff\x03', '\x0a\xff\xff\xff\x07', '\x4a\x00', '\x18\x01', '\x10\x01', '\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01', '\x1a\x02\x08\x01', '\x12\x02\x10\x01', '\x08\x01', '\x7a\x00', '\xff\xff\xff\xff\x0f', '\x38\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01', '\x39\x00\x00\x00\x00\x00\x00\x00\x00', '\x00', '\xff', '\x80'], // biome-ignore format: a table
  // whole spans alone: what stood behind them would be no OTLP, and the request refused before it is read
  harmless: length => filled(length, '', () => request(plainSpan), '').trimEnd(),
  run: text =>
    tried(() => {
      const bytes = Buffer.from(text, 'latin1')
      weighProtobuf(requestMessages.traces, bytes)
      return fromProtobuf(requestMessages.traces, bytes)
    }),
}
