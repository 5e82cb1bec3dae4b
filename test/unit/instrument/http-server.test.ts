// What frameworks say that a request failed with, and what becomes of it on the span and in the metric.
import { createServer, get, Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Attributes, context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { traceServer } from '../../../src/app/instrument/http-server'
import { noteError } from '../../../src/app/instrument/request-error'

const exporter = new InMemorySpanExporter()
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
const series: Attributes[] = []
let stop = () => {}

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  stop = traceServer(Server, 'http', {
    tracer: provider.getTracer('test'),
    isIgnored: () => false,
    duration: (_, attributes) => series.push(attributes),
    failed(error) {
      throw error
    },
  })
})

afterAll(() => {
  stop()
  context.disable()
})

const broken = new RangeError('out of stock')

it.each([
  ['a status of 500 or more', (r: ServerResponse) => r.writeHead(502).end(), ['502', 502]],
  ['an answer that is never finished', (r: ServerResponse) => r.destroy(), [undefined, 200]],
])('%s has what the request failed with: type, message and stack, once', async (_, answer, measured) => {
  const { span, point } = await serve(response => {
    noteError(new Error('an earlier one'))
    noteError(broken)
    answer(response)
  })
  expect(span.attributes['error.type']).toBe('RangeError')
  expect(span.status).toEqual({ code: 2, message: 'out of stock' })
  const said = {
    'exception.type': 'RangeError',
    'exception.message': 'out of stock',
    'exception.stacktrace': broken.stack,
  }
  expect(span.events.map(({ name, attributes }) => [name, attributes])).toEqual([['exception', said]])
  expect([point['error.type'], point['http.response.status_code']]).toEqual(measured)
})

it('an error that became a status below 500 was handled', async () => {
  const { span } = await serve(response => {
    noteError(broken)
    response.writeHead(404).end()
  })
  expect([span.status, span.events, span.attributes['error.type']]).toEqual([{ code: 0 }, [], undefined])
})

it('what is said outside of a request is nobody’s', () => {
  expect(noteError(broken)).toBeUndefined()
})

async function serve(handler: (response: ServerResponse) => void) {
  exporter.reset()
  series.length = 0
  const server = createServer((_, response) => handler(response)).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>(resolve => {
    const done = () => resolve()
    get({ port, host: '127.0.0.1', agent: false }, answer => answer.resume().on('end', done)).on('error', done)
  })
  await new Promise(resolve => server.close(resolve))
  return { span: exporter.getFinishedSpans()[0]!, point: series[0]! }
}
