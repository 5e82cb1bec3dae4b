// The address that Prometheus scrapes: there where a setting wants it, redacted, and nothing that the app would notice.
// test/prometheus compares its names with those that come by OTLP.
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { problemsIn } from '../support/exposition'
import { makeApp } from '../support/packed'
import { freePorts, listen } from '../support/ports'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const modules = { '@opentelemetry/api': '@opentelemetry/api' }
const files = {
  'app.cjs': `
    require('node:http')
    const meter = require('@opentelemetry/api').metrics.getMeter('m')
    meter.createCounter('jobs').add(3, { by: 'ann@example.com', 'user.id': 'u1' })
    meter.createHistogram('wait', { unit: 's' }).record(2, { le: 'not an edge' })
    setTimeout(() => {}, 1500)
    console.log('ready')`,
}

describe('OTEL_METRICS_EXPORTER=prometheus', () => {
  it('answers scrapes without a trace of them, and lets the process end', async () => {
    const receiver = await startReceiver()
    const [port] = await freePorts(1)
    const found: { path: string; status: number; type: string | null; body: string }[] = []
    const { code, stderr } = await run(makeApp({ files, modules }), ['--require', '@afn/otel', 'app.cjs'], {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_METRICS_EXPORTER: 'prometheus',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      },
      async onReady() {
        for (const path of ['/metrics', '/metrics?name=x', '/']) {
          const response = await fetch(`http://127.0.0.1:${port}${path}`)
          const type = response.headers.get('content-type')
          found.push({ path, status: response.status, type, body: await response.text() })
        }
      },
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(found.map(({ path, status }) => [path, status])).toEqual([
      ['/metrics', 200],
      ['/metrics?name=x', 200],
      ['/', 404],
    ])
    const [{ type, body }] = found as [(typeof found)[number]]
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(body).toMatch(/^jobs_total\{.*by="\[EMAIL\]"\} 3$/m)
    expect(body).not.toContain('u1')
    expect(body).toMatch(/^wait_seconds_bucket\{[^}]*le="5"\} 1$/m)
    expect(body).not.toContain('not an edge')
    expect(body).not.toContain('http_server')
    expect(problemsIn(body)).toEqual([])
    // neither the scrapes as requests to the app, nor metrics by the other way
    expect(receiver.spans()).toEqual([])
    expect(receiver.metricNames()).toEqual([])
    await receiver.close()
  })

  it('says once that the port is taken, and the app and the other exporter go on', async () => {
    const other = createServer()
    const port = await listen(other)
    const receiver = await startReceiver()
    const { code, stdout, stderr } = await run(makeApp({ files, modules }), ['--require', '@afn/otel', 'app.cjs'], {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_METRICS_EXPORTER: 'otlp,prometheus',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      },
    })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ready\n' })
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN134 .*EADDRINUSE.*OTEL_EXPORTER_PROMETHEUS_HOST and _PORT\n$/)
    expect(receiver.metricNames()).toContain('jobs')
    await receiver.close()
    other.close()
  })
})
