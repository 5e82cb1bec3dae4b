// Foreign oracle: a real Prometheus with the intervals of the pipeline, on a service that answered for an hour and then fails.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { renderRules } from '../../src/monitoring/slo/rule-file'
import { findPrometheus } from '../support/binaries.mjs'
import { isLong } from '../support/long'
import { freePorts, listen } from '../support/ports'
import { startServer } from '../support/server'
import { rulesOf } from './promtool'

const found = findPrometheus()
const { prometheus, promtool } = 'missing' in found ? { prometheus: '', promtool: undefined } : found

const PER_SECOND = 10
const series = (outcome: string) => `orders_total{service_name="shop",outcome="${outcome}"}`

describe.runIf(isLong('slo') && promtool !== undefined)('a service that fails altogether', () => {
  it('is critical within two and a half minutes', { timeout: 300_000 }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'slo-minutes-'))
    const begun = Math.floor(Date.now() / 1_000)
    // an hour of orders of which none failed, up to now
    const before = Array.from(
      { length: 241 },
      (_, at) => `${series('done')} ${at * 15 * PER_SECOND} ${begun - 3_600 + at * 15}`,
    )
    writeFileSync(path.join(folder, 'before.txt'), `# TYPE orders counter\n${before.join('\n')}\n# EOF\n`)
    const blocks = spawnSync(promtool as string, [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      `${folder}/before.txt`,
      `${folder}/data`,
    ])
    expect(blocks.status, String(blocks.stderr)).toBe(0)

    const app = createServer((_, response) => {
      const failed = (Date.now() / 1_000 - begun) * PER_SECOND
      response
        .setHeader('Content-Type', 'text/plain; version=0.0.4')
        .end(`${series('done')} 36000\n${series('failed')} ${failed}\n`)
    })
    const target = await listen(app)
    onTestFinished(() => void app.close())
    const { files } = rulesOf(`
version: prometheus/v1
service: shop
slos: [{ name: checkout, objective: 99.9, sli: { ratio: { metric: orders, bad: [{ outcome: failed }] } } }]
`)
    for (const file of files) writeFileSync(path.join(folder, file.name), renderRules('of a test', file.groups))
    const config = {
      global: { scrape_interval: '15s', evaluation_interval: '15s' },
      rule_files: ['slo-*.yml'],
      scrape_configs: [{ job_name: 'app', static_configs: [{ targets: [`127.0.0.1:${target}`] }] }],
    }
    writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify(config))
    const [port] = await freePorts(1)
    const url = `http://127.0.0.1:${port}`
    const args = [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]
    onTestFinished(await startServer({ binary: prometheus, args, folder, ready: `${url}/-/ready` }))
    const firing = async () => {
      const query = encodeURIComponent('ALERTS{alertname="CheckoutFastBurn", alertstate="firing", severity="critical"}')
      const { data } = (await (await fetch(`${url}/api/v1/query?query=${query}`)).json()) as {
        data: { result: unknown[] }
      }
      return data.result.length
    }
    expect(await firing()).toBe(0)
    await expect.poll(firing, { timeout: 280_000, interval: 1_000 }).toBe(1)
    const seconds = Date.now() / 1_000 - begun
    console.log(`critical after ${Math.round(seconds)} s`)
    expect(seconds).toBeLessThan(150)
  })
})
