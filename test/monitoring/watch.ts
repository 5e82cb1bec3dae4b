// A real Prometheus with the rules that `generate` writes. Expressions are as they are; nothing is waited for: no `for`, and each second
// a scrape and an evaluation.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject } from 'vitest'
import { parse } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { freePorts } from '../support/ports'
import { startServer } from '../support/server'

export interface Firing {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface Watch {
  readonly url: string
  /** What fires of a name, when something does; ninety seconds at most. */
  readonly fires: (name: string, labels?: Record<string, string>) => Promise<Firing>
  /** Waits until nothing of the name fires. */
  readonly ends: (name: string) => Promise<void>
  readonly stop: () => Promise<void>
}

interface Setting {
  /** Job → ports of this machine. */
  readonly scraped?: Readonly<Record<string, readonly number[]>>
  /** Rules besides ours, as a file has them. */
  readonly more?: object
}

export async function startWatch({ scraped = {}, more }: Setting): Promise<Watch> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-watch-'))
  const [port] = await freePorts(1)
  const generated = generateFiles(planOf('single'))
  const text = (name: string) => parse(generated.find(file => file.path === name)!.content)
  const groups = text('rules/afn-pipeline.yml').groups.map(
    ({ interval: _, rules, ...group }: { interval?: string; rules: object[] }) => ({
      ...group,
      rules: rules.map(rule => ({ ...rule, for: '0s' })),
    }),
  )
  mkdirSync(path.join(folder, 'rules'))
  writeFileSync(path.join(folder, 'rules/afn-pipeline.yml'), JSON.stringify({ groups }))
  if (more) writeFileSync(path.join(folder, 'rules/more.yml'), JSON.stringify(more))
  const { alerting: _, remote_write: __, scrape_configs: ___, ...config } = text('prometheus.yml')
  const scrape_configs = Object.entries({ prometheus: [port!], ...scraped }).map(([job_name, ports]) => ({
    job_name,
    static_configs: [{ targets: ports.map(one => `127.0.0.1:${one}`), ...(job_name === 'prometheus' && { labels: { resolution: 'high' } }) }], // biome-ignore format: one line
  }))
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' }
  writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify({ ...config, global, scrape_configs }))
  const url = `http://127.0.0.1:${port}`
  const stop = await startServer({
    binary: inject('prometheusBinary')!,
    args: [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-otlp-receiver',
      '--enable-feature=created-timestamp-zero-ingestion',
    ],
    folder,
    ready: `${url}/-/ready`,
  })
  const firing = async (name: string): Promise<Firing[]> => {
    const { data } = (await (await fetch(`${url}/api/v1/alerts`)).json()) as { data: { alerts: Firing[] } }
    return data.alerts.filter(({ labels }) => labels.alertname === name)
  }
  return {
    url,
    stop,
    fires: (name, labels = {}) =>
      soon(`${name} to fire`, async () =>
        (await firing(name)).find(one => Object.entries(labels).every(([label, value]) => one.labels[label] === value)),
      ),
    ends: async name => void (await soon(`${name} to end`, async () => (await firing(name)).length === 0)),
  }
}

export async function soon<T>(what: string, condition: () => Promise<T>): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + 90_000; ; await new Promise(resolve => setTimeout(resolve, 300))) {
    const found = await condition()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
  }
}
