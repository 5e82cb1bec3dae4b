// Where `afn-otel reconcile` pushes to: into Tempo alone. Anything else that takes OTLP is recognised by its answer, before a span is sent.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { linesOf, startCollector } from '../collector/support'
import { listen } from '../support/ports'
import { startUp } from '../support/up'
import { runReconcileAt, tempo } from './tiers'

const cache = mkdtempSync(path.join(tmpdir(), 'afn-receiver-'))
afterAll(() => rmSync(cache, { recursive: true, force: true }))
/** Nothing is there that it could repair: it refuses all the same. */
const nothing = ['--from', '2020-01-01T00:00:00Z', '--to', '2020-01-01T00:01:00Z']
const reconcile = (args: string[], env: Record<string, string> = {}) =>
  runReconcileAt(cache, ['--tempo', tempo.url, ...nothing, ...args], env)

/** Answers every request alike, and counts those that had spans. */
async function server(status: (path: string) => number, body = '') {
  let spans = 0
  const http = createServer((request, response) => {
    let length = 0
    request.on('data', chunk => {
      length += chunk.length
    })
    request.on('end', () => {
      if (length > 0) spans += 1
      response.writeHead(status(request.url ?? '')).end(body)
    })
  })
  const port = await listen(http)
  return { url: `http://127.0.0.1:${port}`, spans: () => spans, close: () => http.close() }
}

describe('the receiver of reconcile', () => {
  it('is found by what Tempo says of itself, also where variables are empty', async () => {
    const { code, stderr } = await reconcile([], { AFN_TEMPO_OTLP_URL: '', AFN_SELF_METRICS_PORT: '' })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it.skipIf(inject('collectorBinary') === undefined)("is not the Collector's, which gets nothing from it", async () => {
    const files = path.join(cache, 'files')
    const collector = await startCollector(cache, ['--files', files])
    onTestFinished(async () => void (await collector.stop('SIGKILL')))
    const { code, stdout, stderr } = await reconcile(['--otlp', collector.url])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining(`${collector.url} takes metrics too, as a Collector does. Nothing was pushed`),
    ])
    // it measures its disks by a receiver of its own, a second after its start
    for (const what of ['spans', 'metric_points'])
      expect(await collector.own(`otelcol_receiver_accepted_${what}`, 'receiver="otlp')).toBe(0)
    await collector.stop()
    expect(linesOf(files, 'detailed')).toEqual([])
  })

  it('is not that of afn-otel up, which has nothing to repair', async () => {
    const up = await startUp()
    const receiver = await reconcile(['--otlp', up.otlp])
    expect(receiver).toMatchObject({ code: 1, stderr: expect.stringContaining('takes metrics too') })
    const asTempo = await reconcile(['--tempo', up.url])
    expect(asTempo).toMatchObject({ code: 1, stderr: expect.stringContaining('there is nothing to repair') })
    await up.stop()
  })

  it.each([
    ['takes spans of every tenant', (path: string) => (path === '/v1/traces' ? 200 : 404), '', 1, 'without a tenant'],
    [
      'refuses spans for another reason',
      (path: string) => (path === '/v1/traces' ? 403 : 404),
      'no',
      1,
      'not for want',
    ],
    ['takes no OTLP at all', () => 404, 'no', 1, 'not for want'],
    ['asks for a password', () => 401, 'no', 0, 'answers /v1/metrics with 401'],
  ])('is nothing that %s', async (_, status, body, probes, said) => {
    const { url, spans, close } = await server(status, body)
    expect(await reconcile(['--otlp', url])).toMatchObject({ code: 1, stderr: expect.stringContaining(said) })
    expect(spans()).toBe(probes)
    close()
  })

  it('is not looked for beside a Tempo without tenants', async () => {
    const { url, close } = await server(() => 200, '{}')
    const { code, stderr } = await reconcile(['--tempo', url])
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('multitenancy_enabled: true') })
    close()
  })

  it('is not needed for a dry run', async () => {
    expect(await reconcile(['--otlp', 'http://127.0.0.1:9', '--dry-run'])).toMatchObject({ code: 0, stderr: '' })
  })
})
