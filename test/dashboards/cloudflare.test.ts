// The board of Cloudflare. Oracle: Prometheus' own engine (promtool), of samples that are written down here.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { cloudflareBoard } from '../../src/monitoring/dashboards/cloudflare'
import { cloudflareFiles } from '../../src/monitoring/dashboards/files'
import { lint } from '../../src/monitoring/dashboards/lint'
import { readQuery } from '../../src/monitoring/dashboards/read-promql'
import { en } from '../../src/monitoring/dashboards/words/en'
import { findPrometheus } from '../support/binaries.mjs'
import { deployed } from '../support/packed'

const board = cloudflareBoard('en', { high: 7, medium: 32 })
const found = findPrometheus()
const promtool = 'missing' in found ? undefined : found.promtool

it('breaks no rule of boards in either language, and asks the same in both', () => {
  const files = cloudflareFiles({ high: 7, medium: 32 }, 'test')
  expect(files.map(({ path: file }) => file)).toEqual(['grafana/dashboards/cloudflare.json', 'grafana/dashboards-ja/cloudflare.json']) // biome-ignore format: one line
  const { exclusions } = parse(readFileSync(path.join(deployed, 'grafana/dashboards/.lint'), 'utf8'))
  // what is seen at the edge belongs to no service
  for (const { content } of files)
    expect(lint(JSON.parse(content), exclusions).filter(({ rule }) => rule !== 'target-service-rule')).toEqual([])
  const japanese = cloudflareBoard('ja', { high: 7, medium: 32 })
  const shape = ({ panels }: typeof board) => panels.map(({ type, place, queries }) => [type, place, queries])
  expect(shape(japanese)).toEqual(shape(board))
  for (const { title, description } of japanese.panels)
    for (const words of [title, description]) expect(words).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u) // biome-ignore format: one line
  for (const { queries } of board.panels)
    for (const { expr } of queries) expect(readQuery(expr).problem, expr).toBeUndefined()
})

it.skipIf(promtool === undefined)('shows what was counted', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-edge-board-'))
  const exprOf = (text: keyof typeof en) => board.panels.find(({ title }) => title === en[text])!.queries[0]!.expr
  const zone = (name: string, labels: string, metric = 'requests') =>
    `afn_cloudflare_${metric}{job="afn-otel", service_name="afn-otel", afn_cloudflare_zone_name="${name}", ${labels}}`
  const requests = (name: string, status: number, cache: string) =>
    zone(name, `http_response_status_code="${status}", afn_cloudflare_cache_status="${cache}"`)
  const monitor = 'job="shop/afn-otel-monitor", service_name="afn-otel-monitor", service_namespace="shop"'
  const test = {
    interval: '1m',
    input_series: [
      { series: requests('a.example', 200, 'hit'), values: '300x30' },
      { series: requests('b.example', 200, 'dynamic'), values: '270x30' },
      // of one minute alone
      { series: requests('b.example', 522, 'dynamic'), values: '_x28 150 _ _' },
      { series: zone('a.example', 'afn_cloudflare_quantile="0.95"', 'time_to_first_byte_seconds'), values: '0.4x30' },
      { series: zone('b.example', 'afn_cloudflare_quantile="0.95"', 'time_to_first_byte_seconds'), values: '0.7x30' },
      { series: `afn_probe_up{${monitor}, afn_probe_name="ready"}`, values: '1x30' },
      { series: `afn_probe_up{${monitor}, afn_probe_name="api"}`, values: '0x30' },
      { series: `afn_monitor_last_run_seconds{${monitor}}`, values: '0+60x25 _ _ _ _ _' },
      { series: 'afn_cloudflare_sample_interval{afn_cloudflare_dataset="httpRequestsAdaptiveGroups"}', values: '10x30' },
    ],
    promql_expr_test: [
      [exprOf('cloudflare.requests'), { '{http_response_status_code="200"}': 9.5, '{http_response_status_code="522"}': 0.5 }],
      [exprOf('cloudflare.errors'), { '{}': 0.05 }],
      [exprOf('cloudflare.cached'), { '{}': 0.5 }],
      [exprOf('cloudflare.firstByte'), { '{afn_cloudflare_quantile="0.95"}': 0.7 }],
      [exprOf('cloudflare.probes'), { '{afn_probe_name="ready"}': 1, '{afn_probe_name="api"}': 0 }],
      [exprOf('cloudflare.lastRun'), { '{}': 300 }],
      [exprOf('cloudflare.sampling'), { '{afn_cloudflare_dataset="httpRequestsAdaptiveGroups"}': 10 }],
    ].map(([expr, values]) => ({
      expr: `round(${expr as string}, 0.001)`,
      eval_time: '30m',
      exp_samples: Object.entries(values as Record<string, number>).map(([labels, value]) => ({ labels, value })),
    })),
  } // biome-ignore format: a table
  const file = path.join(folder, 'test.yml')
  writeFileSync(file, JSON.stringify({ evaluation_interval: '1m', tests: [test] }))
  const { stdout, stderr } = await promisify(execFile)(promtool!, ['test', 'rules', file]).catch(error => error)
  expect(`${stdout}${stderr}`).toContain('SUCCESS')
  rmSync(folder, { recursive: true, force: true })
})
