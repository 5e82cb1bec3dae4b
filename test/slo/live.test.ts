// Foreign oracle: a real Prometheus evaluates every rule of every SLO, on series of which all events fail.
import { mkdtempSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertName } from '../../src/monitoring/slo/alert-texts'
import { firingTiers } from '../../src/monitoring/slo/alerts'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { readSlos } from '../../src/monitoring/slo/read'
import { type RuleGroup, renderRules } from '../../src/monitoring/slo/rule-file'
import { ruleFiles } from '../../src/monitoring/slo/rule-files'
import { samplesOf } from '../../src/monitoring/slo/sample-series'
import { findPrometheus } from '../support/binaries.mjs'
import { freePorts, listen } from '../support/ports'
import { startServer } from '../support/server'
import { oddFiles } from './odd'

const found = findPrometheus()
if ('missing' in found) writeSync(1, `skipped: rules of SLOs in a real Prometheus: ${found.missing}\n`)

const slos = [defaultSloFile('shop'), ...Object.values(oddFiles)].flatMap(text => readSlos(text).slos)
/** In a text that is scraped there are no native histograms, and a maintenance window may be open now. */
const failing = slos.filter(
  ({ sli, exclude }) => exclude.length === 0 && !('metric' in sli && sli.metric.type === 'native'),
)

/** The period is rated once a minute, which is too long for a test. */
const quick = (group: RuleGroup): RuleGroup => ({ ...group, interval: '1s' })

/** A thousand events a second, which all fail. */
function exposed(seconds: number): string {
  const lines = failing.flatMap(({ sli }) =>
    (samplesOf(sli) ?? []).map(sample => {
      const isCounted = 'counts' in sample && (sample.counts === 'bad' || sample.counts === 'all')
      return `${sample.series} ${isCounted ? seconds * 1_000 : 0}`
    }),
  )
  return `${[...new Set(lines)].join('\n')}\n`
}

interface Alert {
  readonly state: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

describe.skipIf('missing' in found)('a real Prometheus', () => {
  let url = ''
  const stops: (() => unknown)[] = []
  beforeAll(async () => {
    const start = Date.now()
    const app = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(exposed((Date.now() - start) / 1_000))
    })
    stops.push(() => app.close())
    const target = await listen(app)
    const folder = mkdtempSync(path.join(tmpdir(), 'slo-live-'))
    for (const { files } of ruleFiles(slos, { days: 40 }).made)
      for (const file of files)
        writeFileSync(path.join(folder, file.name), renderRules('of a test', file.groups.map(quick)))
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['slo-*.yml'],
      scrape_configs: [{ job_name: 'app', static_configs: [{ targets: [`127.0.0.1:${target}`] }] }],
    }
    writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify(config))
    const [port] = await freePorts(1)
    url = `http://127.0.0.1:${port}`
    const args = [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]
    const binary = (found as { prometheus: string }).prometheus
    stops.push(await startServer({ binary, args, folder, ready: `${url}/-/ready` }))
  })
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop()
  })

  const ask = async <T>(what: string): Promise<T> =>
    ((await (await fetch(`${url}/api/v1/${what}`)).json()) as { data: T }).data

  it('raises every tier that can fire, of the five defaults and of odd SLOs, and says until when', async () => {
    const wanted = failing
      .flatMap(slo => firingTiers(slo).map(({ name }) => `${slo.id} ${alertName(slo, name)}`))
      .sort()
    expect(wanted.length).toBeGreaterThan(25)
    await expect
      .poll(
        async () => {
          const { alerts } = await ask<{ alerts: Alert[] }>('alerts')
          return alerts
            .filter(({ state }) => state === 'firing')
            .map(({ labels }) => `${labels.sloth_id} ${labels.alertname}`)
            .sort()
        },
        { timeout: 50_000, interval: 500 },
      )
      .toEqual(wanted)
    const { alerts } = await ask<{ alerts: Alert[] }>('alerts')
    for (const { annotations } of alerts.filter(({ state }) => state === 'firing')) {
      expect(annotations.description).toMatch(/a full budget lasts (?:\d+d )?(?:\d+h )?(?:\d+m )?\d+s\./)
      expect(Object.values(annotations).join('\n')).not.toMatch(/error expanding|\{\{ (?!\$labels)/)
    }
  })

  it('evaluates each rule without an error', async () => {
    interface Evaluated {
      readonly groups: readonly { readonly rules: readonly { name: string; health: string; lastError?: string }[] }[]
    }
    const all = async () => (await ask<Evaluated>('rules')).groups.flatMap(({ rules }) => rules)
    await expect
      .poll(async () => (await all()).filter(({ health }) => health === 'unknown'), { timeout: 50_000 })
      .toEqual([])
    expect((await all()).filter(({ health }) => health !== 'ok')).toEqual([])
  })
})
