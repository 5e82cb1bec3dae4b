// Log records of pino's lines, beside those of OpenTelemetry's stream for pino, which it does not export.
import { type LogRecord, logs } from '@opentelemetry/api'
import { afterAll, expect, it } from 'vitest'
// @ts-expect-error: the package exports none of it
import { OTelPinoStream } from '../../../node_modules/@opentelemetry/instrumentation-pino/dist/log-sending-utils.mjs'
import { PinoRecords } from '../../../src/app/instrument/pino-records'

const emitted: LogRecord[] = []
logs.setGlobalLoggerProvider({
  getLogger: () => ({ emit: record => void emitted.push(record), enabled: () => true }),
})
afterAll(() => logs.disable())

const format = {
  messageKey: 'msg',
  errorKey: 'err',
  labels: { 30: 'info', 35: 'notice' },
  millis: (time: unknown) => time as number,
}
const stream = new OTelPinoStream({
  ...format,
  levels: { labels: format.labels },
  otelTimestampFromTime: format.millis,
})

const lines = [
  '{"level":30,"time":1700000000123,"pid":1,"hostname":"h","msg":"hello","a":{"b":[1,null]}}',
  '{"level":"INFO","time":1700000000123,"msg":"renamed level","trace_id":"1","span_id":"2","trace_flags":"01"}',
  '{"level":30,"time":0,"msg":"the beginning"}',
  '{"level":50,"time":1700000000123,"err":{"type":"TypeError","message":"m","stack":"s"},"msg":"m"}',
  '{"level":50,"time":1700000000123,"err":{"name":"Own","type":"TypeError"}}',
  '{"level":50,"time":1700000000123,"err":"a text"}',
  '{"level":50,"time":1700000000123,"err":["a list"]}',
  '{"level":30,"time":1700000000123,"otel.event.name":"bought"}',
  '{"level":30,"time":1700000000123,"otel.event.name":7}',
]
const levels = [Number.NaN, -5, 1, 10, 12, 20, 29, 30, 35, 40, 50, 51, 60, 69, 70, 1_000, 12.5]

it("are OpenTelemetry's, whatever the line and the level", () => {
  for (const line of lines)
    for (const level of levels) {
      stream.lastLevel = level
      stream._write(line, 'utf8', () => {})
      const theirs = emitted.splice(0)
      new PinoRecords().emit(line, level, format)
      expect(emitted.splice(0), `${line} ${level}`).toEqual(theirs)
    }
})

it('have the time of day and the attribute `time` where the app writes times of its own', () => {
  const before = Date.now()
  new PinoRecords().emit('{"level":30,"time":"yesterday","msg":"m"}', 30, format)
  const [{ timestamp, attributes }] = emitted.splice(0) as [LogRecord]
  expect((timestamp as [number, number])[0]).toBeGreaterThanOrEqual(Math.floor(before / 1_000))
  expect(attributes).toEqual({ time: 'yesterday' })
})

it('are none for what is no line of JSON', () => {
  for (const line of ['no JSON', '', 'null', '{"level":']) new PinoRecords().emit(line, 30, format)
  expect(emitted).toEqual([])
})
