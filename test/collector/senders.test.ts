// The Collector dies again and again while real apps send: one with our preload, one with upstream's, both as their users start them.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
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

describeCollector('what apps send to a Collector that is killed three times', () => {
  it.each(Object.entries(senders))('arrives and is counted, by %s', async (name, preload) => {
    const folder = scratchFolder()
    const tempo = await startFakeTempo()
    const [http] = await freePorts(1)
    const start = () =>
      startCollector(folder, ['--overlay', alsoToFile(folder)], {
        AFN_TEMPO: tempo.address,
        AFN_OTLP_HTTP: `127.0.0.1:${http}`,
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
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${http}`,
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
      const ids = new Set(made.flat())
      await until('the last spans', () => new Set(delivered()).size >= ids.size).catch(() => {})
      await sleep(4_000)
      const arrived = new Set(delivered())
      const calls = sumOf('afn.span.calls', [folder])
      expect(arrived).toEqual(ids)
      // A request whose answer was lost is counted again when it comes again (decision 0098).
      expect(calls).toBeGreaterThanOrEqual(ids.size)
      expect(calls).toBeLessThanOrEqual(ids.size + deaths * batch)
    } finally {
      app.kill('SIGKILL')
      await collector.stop('SIGKILL')
      await tempo.away()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
