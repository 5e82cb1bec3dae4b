// A real Prometheus that has a past: what a day of services left, who go on as they did, and the rules that `generate` writes, of which none
// waits.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject } from 'vitest'
import { parse } from 'yaml'
import { defaultAlerting } from '../../src/pipeline/deployment/alerting'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { startIn } from '../prometheus/start'
import { listen } from '../support/ports'
import { type Firing, soon } from './watch'

/** The value of a series so many minutes before the start; below 0 it is later. Undefined where it was not there. */
export type Past = (ago: number) => number | undefined

export interface Backfilled {
  readonly url: string
  readonly fires: (name: string) => Promise<Firing>
  readonly firing: () => Promise<Firing[]>
  readonly stop: () => Promise<void>
}

/** Minutes: a day and the half hours before it. */
const FROM = 26 * 60

/** @param alertmanager `host:port`; nobody is told where it is absent */
export async function startBackfilled(
  world: Readonly<Record<string, Past>>,
  { alertmanager, alerting = defaultAlerting() }: { alertmanager?: string; alerting?: ReturnType<typeof defaultAlerting> } = {}, // biome-ignore format: one line
): Promise<Backfilled> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-backfill-'))
  // promtool's own notation has spaces, which its reader of OpenMetrics has not
  const series = Object.fromEntries(Object.entries(world).map(([name, past]) => [name.replaceAll(', ', ','), past]))
  const start = Math.floor(Date.now() / 1_000)
  const app = createServer((_, response) => {
    const ago = (start - Date.now() / 1_000) / 60
    const lines = Object.entries(series).flatMap(([name, past]) => {
      const value = past(ago)
      return value === undefined ? [] : [`${name} ${value}`]
    })
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(`${lines.join('\n')}\n`)
  })
  const scraped = await listen(app)
  writeFileSync(path.join(folder, 'past.txt'), openMetricsOf(series, start))
  const promtool = path.join(path.dirname(inject('prometheusBinary')!), 'promtool')
  const made = spawnSync(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', 'past.txt', 'data'], { cwd: folder })
  if (made.status !== 0) throw new Error(String(made.stderr))
  const generated = generateFiles(planOf('single'), alerting)
  mkdirSync(path.join(folder, 'rules'))
  const files = generated.filter(({ path: file }) => /^rules\/(?:period\/)?[\w.-]+\.yml$/.test(file))
  for (const [index, { content }] of files.entries())
    writeFileSync(path.join(folder, `rules/${index}.yml`), JSON.stringify({ groups: parse(content).groups.map(hurried) })) // biome-ignore format: one line
  const config = {
    global: { evaluation_interval: '1s' },
    rule_files: ['rules/*.yml'],
    scrape_configs: [
      {
        job_name: 'world',
        honor_labels: true,
        scrape_interval: '5s',
        static_configs: [{ targets: [`127.0.0.1:${scraped}`] }],
      },
    ],
    ...(alertmanager && { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
  }
  const { url, stop } = await startIn(folder, inject('prometheusBinary')!, config, [])
  const firing = async () => {
    const { data } = (await (await fetch(`${url}/api/v1/alerts`)).json()) as { data: { alerts: (Firing & { state: string })[] } } // biome-ignore format: one line
    return data.alerts.filter(({ state }) => state === 'firing')
  }
  return {
    url,
    firing,
    fires: name =>
      soon(`${name} to fire`, async () => (await firing()).find(({ labels }) => labels.alertname === name)),
    async stop() {
      await stop()
      app.close()
      app.closeAllConnections()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const hurried = ({ interval: _, rules, ...group }: { interval?: string; rules: { alert?: string }[] }) => ({
  ...group,
  rules: rules.map(rule => (rule.alert ? { ...rule, for: '0s' } : rule)),
})

function openMetricsOf(series: Readonly<Record<string, Past>>, start: number): string {
  const lines = Object.entries(series).flatMap(([name, past]) => {
    const own: string[] = []
    for (let ago = FROM; ago >= 0; ago--) {
      const value = past(ago)
      if (value !== undefined) own.push(`${name} ${value} ${start - ago * 60}`)
    }
    return own
  })
  return `${lines.join('\n')}\n# EOF\n`
}

/** A counter that grows so much a minute, from so many minutes ago on and to so many. */
export const growing =
  (perMinute: number, { from = FROM, to = Number.NEGATIVE_INFINITY }: { from?: number; to?: number } = {}): Past =>
  ago =>
    ago > from ? 0 : ago < to ? undefined : (from - ago) * perMinute

export const steady =
  (value: number, { to = Number.NEGATIVE_INFINITY }: { to?: number } = {}): Past =>
  ago =>
    ago < to ? undefined : value
