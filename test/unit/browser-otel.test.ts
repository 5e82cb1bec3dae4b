// Redaction and sessions for those who trace a page with OpenTelemetry's SDK: on the real SDK.
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import { redacting, sessionProcessor } from '../../src/browser/otel'

function tracing(userId?: () => string) {
  const exporter = new InMemorySpanExporter()
  const spanProcessors = [sessionProcessor(userId), redacting(new SimpleSpanProcessor({ exporter }))]
  const tracer = new TracerProvider({ spanProcessors }).getTracer('test')
  return { exporter, tracer }
}

describe('redacting', () => {
  it('exports copies without secrets, and leaves the span as it was', () => {
    const { exporter, tracer } = tracing()
    const span = tracer.startSpan('mail to hannah@example.org', {
      attributes: {
        'url.full': 'https://shop.example/reset/3f1c9b7e2a5d4e6f8a?name=Hannah#x',
        'url.query': 'name=Hannah&page=2',
        'http.target': '/reset/3f1c9b7e2a5d4e6f8a?name=Hannah',
        notes: ['card 4111 1111 1111 1111', 'fine'],
        count: 3,
      },
    })
    span.addEvent('saw bob@example.com', { token: 'Bearer abcdef1234567890' })
    span.recordException(new Error('key sk-proj-abcdefgh12345678ijklmnop'))
    span.setStatus({ code: 2, message: 'no such user: hannah@example.org' })
    span.end()
    const [exported] = exporter.getFinishedSpans()
    expect(exported).toMatchObject({
      name: 'mail to [EMAIL]',
      attributes: {
        'url.full': 'https://shop.example/reset/[ID]?name=',
        'url.query': 'name=&page=',
        'http.target': '/reset/[ID]?name=',
        notes: ['card [CARD]', 'fine'],
        count: 3,
      },
      status: { code: 2, message: 'no such user: [EMAIL]' },
    })
    expect(exported!.events.map(({ name }) => name)).toEqual(['saw [EMAIL]', 'exception'])
    expect(JSON.stringify(exported!.events)).not.toMatch(/abcdef1234567890|sk-proj|bob@/)
    expect(exported!.spanContext()).toEqual(span.spanContext())
    expect(exported!.duration).toEqual((span as unknown as typeof exported)!.duration)
    expect((span as unknown as typeof exported)!.name).toContain('hannah@')
  })
})

describe('sessionProcessor', () => {
  it('puts the same session on every span, and the user once it is known', () => {
    let user: string | undefined
    const { exporter, tracer } = tracing(() => user as string)
    tracer.startSpan('one').end()
    user = 'u-482'
    tracer.startSpan('two').end()
    const [one, two] = exporter.getFinishedSpans().map(({ attributes }) => attributes)
    expect(one!['session.id']).toMatch(/^[\da-f]{32}$/)
    expect(two).toEqual({ 'session.id': one!['session.id'], 'user.id': 'u-482' })
    expect(one).not.toHaveProperty('user.id')
  })
})
