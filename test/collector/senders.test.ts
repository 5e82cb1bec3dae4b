// The Collector dies again and again while real apps send: one with our preload, one with upstream's, both as their users start them.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import http, { type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { makeApp, root } from '../support/packed'
import { freePorts } from '../support/ports'
import { startFakeTempo } from './fake-tempo'
import { alsoToFile, sumOf } from './sums'
import { describeCollector, scratchFolder, startCollector, until } from './support'

const [deaths, spansPerSecond, batch] = [3, 200, 100]
const senders = {
  ours: '@afn/otel',
  upstream: '@opentelemetry/auto-instrumentations-node/register',
}

/** What stands before the Collector and notes the spans that it said yes to. Where it doesn't answer, neither does this. */
async function startRelay(to: number): Promise<{ port: number; acknowledged: Set<string>; close(): void }> {
  const acknowledged = new Set<string>()
  const server = http.createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const { method, url: path, headers } = request
    const onward = http.request({ port: to, host: '127.0.0.1', method, path, headers })
    onward.on('error', () => request.socket.destroy()).end(body)
    const [answer] = (await once(onward, 'response').catch(() => [])) as IncomingMessage[]
    if (!answer) return
    if (answer.statusCode === 200)
      for (const { scopeSpans } of JSON.parse(String(body)).resourceSpans)
        for (const { spans } of scopeSpans) for (const { spanId } of spans) acknowledged.add(spanId)
    response.writeHead(answer.statusCode!, answer.headers)
    answer.pipe(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, acknowledged, close: () => void server.close() }
}

describeCollector('what apps send to a Collector that is killed three times', () => {
  it.each(Object.entries(senders))('arrives and is counted, by %s', async (name, preload) => {
    const folder = scratchFolder()
    const tempo = await startFakeTempo()
    const [port] = await freePorts(1)
    // Upstream gives a batch up after five attempts, which a busy machine needs to start a Collector: what counts is what it had a yes for.
    const relay = name === 'ours' ? undefined : await startRelay(port!)
    const start = () =>
      startCollector(folder, ['--overlay', alsoToFile(folder)], {
        AFN_TEMPO: tempo.address,
        AFN_OTLP_HTTP: `127.0.0.1:${port}`,
        AFN_SPANMETRICS_FLUSH: '1s',
        AFN_DECISION_WAIT: '2s',
        AFN_AFTER_ROOT: '1s',
      })
    let collector = await start()
    const cwd = makeApp({
      files: {},
      modules: Object.fromEntries(
        ['api', 'auto-instrumentations-node'].map(name => [`@opentelemetry/${name}`, `@opentelemetry/${name}`]),
      ),
    })
    const app: ChildProcess = fork(path.join(root, 'test/support/outage-app.cjs'), {
      cwd,
      execArgv: ['--require', preload],
      env: {
        PATH: process.env.PATH,
        TMPDIR: cwd,
        RATE: String(spansPerSecond),
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${relay?.port ?? port}`,
        ...(relay && { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }),
        OTEL_SERVICE_NAME: 'shop',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        OTEL_BSP_SCHEDULE_DELAY: '200',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: String(batch),
        ...(name === 'ours' && { FLUSH_BY: path.join(cwd, 'node_modules/@afn/otel/dist/api.cjs') }),
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const delivered = () => [...tempo.spans('afn-detailed').values()].flat()
    try {
      for (let death = 0; death < deaths; death++) {
        const before = delivered().length
        await until('spans', () => delivered().length > before + spansPerSecond)
        await collector.stop('SIGKILL')
        await sleep(500)
        collector = await start()
      }
      await sleep(6_000)
      app.send({})
      const [{ made }] = (await once(app, 'message')) as [{ made: string[][] }]
      const ids = relay?.acknowledged ?? new Set(made.flat())
      expect(ids.size).toBeGreaterThan(deaths * spansPerSecond)
      await until('the last spans', () => new Set(delivered()).size >= ids.size).catch(() => {})
      await sleep(4_000)
      const arrived = new Set(delivered())
      const calls = sumOf('afn.span.calls', [folder])
      expect([...ids].filter(id => !arrived.has(id))).toEqual([])
      // A request whose answer was lost is counted again when it comes again (decision 0098).
      expect(calls).toBeGreaterThanOrEqual(ids.size)
      expect(calls).toBeLessThanOrEqual(made.flat().length + deaths * batch)
    } finally {
      app.kill('SIGKILL')
      await collector.stop('SIGKILL')
      relay?.close()
      await tempo.away()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
