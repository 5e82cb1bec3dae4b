// One big prompt costs no other span: requests have a size that every receiver takes.
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const modules = { '@opentelemetry/api': '@opentelemetry/api' }
const megabyte = 2 ** 20

/** Spans, each with one attribute of so many bytes. */
const app = (sizes: number[], end = '') => ({
  'app.cjs': `
    const tracer = require('@opentelemetry/api').trace.getTracer('t')
    for (const [n, bytes] of ${JSON.stringify(sizes)}.entries())
      tracer.startSpan('span ' + n, { attributes: { 'input.value': 'x'.repeat(bytes) } }).end()
    ${end}`,
})
const env = { AFN_CAPTURE_CONTENT: 'full', AFN_REDACTION: 'false', AFN_LOG_LEVEL: 'warn' }

describe('batches', () => {
  it('are split by bytes, and no span is lost', async () => {
    const receiver = await startReceiver(({ body }) => (body.length > 16 * megabyte ? 400 : 200))
    const sizes = Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? megabyte : 10))
    const folder = makeApp({ files: app(sizes), modules })
    const { stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    })
    const names = receiver.spans().map(({ name }) => name)
    expect(names.sort()).toEqual(sizes.map((_, n) => `span ${n}`).sort())
    const traces = receiver.requests.filter(({ path }) => path === '/v1/traces')
    expect(traces.length).toBeGreaterThan(4)
    for (const { body } of traces) expect(body.length).toBeLessThan(4.2 * megabyte)
    expect(stderr).not.toContain('AFN133')
    await receiver.close()
  })

  it('leave out the long values of a span that is too large even alone, and say so once', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: app([10, 20 * megabyte, 5 * megabyte, 10 * megabyte]), modules })
    const { stderr, code } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    })
    expect(code).toBe(0)
    const lengths = receiver.spans().map(({ name, attributes }) => [name, String(attributes['input.value']).length])
    expect(Object.fromEntries(lengths)).toMatchObject({ 'span 0': 10, 'span 2': 5 * megabyte })
    const values = receiver.spans().map(({ attributes }) => attributes['input.value'])
    expect(values).toContain(`[left out: ${20 * megabyte} bytes]`)
    expect(values).toContain(`[left out: ${10 * megabyte} bytes]`)
    expect(stderr.match(/AFN133/g)).toHaveLength(1)
    await receiver.close()
  })

  it('are split in the spool too, and all come with the next start', async () => {
    const receiver = await startReceiver()
    const sizes = Array.from({ length: 10 }, () => megabyte)
    const folder = makeApp({ files: app(sizes, 'process.exit()'), modules })
    const spooled = { ...env, AFN_SPOOL_DIR: `${folder}/spool`, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }
    await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: spooled })
    expect(readdirSync(`${folder}/spool`).length).toBeGreaterThan(2)
    const again = { ...spooled, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    await run(folder, ['--require', '@afn/otel', '-e', 'setTimeout(() => {}, 4000)'], { env: again })
    expect(receiver.spans()).toHaveLength(10)
    for (const { body } of receiver.requests) expect(body.length).toBeLessThan(4.2 * megabyte)
    await receiver.close()
  })
})
