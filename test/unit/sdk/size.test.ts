import { SpanKind } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import { shrink, sizeOf } from '../../../src/app/sdk/overload'
import { SpanCopy } from '../../../src/app/sdk/span-copy'
import { encodeSpans } from '../../../src/shared/otlp/protobuf'

function spanWith(attributes: object, events: object[] = []): SpanCopy {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const span = provider
    .getTracer('t')
    .startSpan('chat gpt-4o', { kind: SpanKind.CLIENT, attributes: attributes as never })
  for (const event of events) span.addEvent('exception', event as never)
  span.end()
  return new SpanCopy(exporter.getFinishedSpans()[0]!)
}

const plain = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`http.request.header.name_${n}`, `value ${n}`]))

describe('the size of a span', () => {
  it.each<[string, object, object[]]>([
    ['a plain one', plain, []],
    ['one with long text', { 'gen_ai.input.messages': 'ab'.repeat(50_000) }, []],
    ['one with text that is not ASCII', { 'gen_ai.input.messages': '日本語'.repeat(10_000) }, []],
    ['one with numbers and lists', { a: 1, b: 2.5, c: true, d: Array.from({ length: 500 }, () => 'finish') }, []],
    ['one with events', plain, [plain, { 'exception.stacktrace': 'at x\n'.repeat(2_000) }]],
  ])('%s is close to what it takes when encoded', (_, attributes, events) => {
    const span = spanWith(attributes, events)
    // without the resource, which a batch has once
    const encoded = encodeSpans([span, span]).length - encodeSpans([span]).length
    expect(sizeOf(span) / encoded).toBeGreaterThan(0.9)
    expect(sizeOf(span) / encoded).toBeLessThan(1.25)
  })

  it('counts neither what the app put on Object.prototype nor a circle', () => {
    const span = spanWith(plain)
    const size = sizeOf(span)
    const polluted = Object.prototype as { extra?: object }
    polluted.extra = {}
    try {
      expect(sizeOf(span)).toBe(size)
    } finally {
      delete polluted.extra
    }
    const circle: Record<string, unknown> = {}
    circle.self = [circle]
    span.own().circle = circle as never
    expect(sizeOf(span)).toBeGreaterThan(size)
  })

  it('is small after its long values were left out, which say so', () => {
    const huge = 'x'.repeat(9_000_000)
    const span = spanWith({ ...plain, 'input.value': huge, list: ['a', huge] }, [{ 'exception.stacktrace': huge }])
    shrink(span)
    expect(sizeOf(span)).toBeLessThan(4_000)
    expect(span.attributes).toMatchObject({ ...plain, 'input.value': '[left out: 9000000 bytes]' })
    expect(span.events[0]!.attributes).toEqual({ 'exception.stacktrace': '[left out: 9000000 bytes]' })
  })
})
