// What `$increase` of the catalogue makes of a counter, by Prometheus' own engine: promtool evaluates it on series that are
// written down here, an hour before 120 minutes have passed. The answers are by hand.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, it } from 'vitest'
import { parseQuery } from '../../src/shared/queries/header'
import { substitute } from '../../src/shared/queries/substitute'

const promtool = inject('promtool')
const query = parseQuery(
  'counted.promql',
  '# Title: t\n# Question: q\n# Answer: instant\n# Tiers: high\n$increase(counted_total)',
)
const expr = `round(${substitute(query, {}, { since: '1h', rate: '5m' })})`

it.skipIf(promtool === undefined).each([
  ['one value, as a process of one export leaves it', '_x100 5', 5],
  ['one value behind the 0 that Prometheus puts before it', '_x99 0 5', 5],
  ['a counter that grows by 1 a minute since the day before', '100+1x120', 60],
  ['a counter that stands still', '7x120', 0],
  ['a counter that was away and came back', '3x40 _x40 9', 6],
  ['a process that restarts under the same labels', '0+1x90 0+1x29', 59],
  ['a process that restarts at the edge of the window', '100x60 0+3x59', 177],
  ['a process that restarted before the window', '500x30 0+2x89', 120],
  ['a process that is gone', '7 8 9', undefined],
])('%s', async (_, values, expected) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-promtool-'))
  const file = path.join(folder, 'test.yml')
  const exp_samples = expected === undefined ? [] : [{ labels: '{model="a"}', value: expected }]
  const test = {
    interval: '1m',
    input_series: [{ series: 'counted_total{model="a"}', values }],
    promql_expr_test: [{ expr, eval_time: '120m', exp_samples }],
  }
  writeFileSync(file, JSON.stringify({ evaluation_interval: '1m', tests: [test] }))
  const { stdout } = await promisify(execFile)(promtool!, ['test', 'rules', file]).catch(error => error)
  expect(stdout).toContain('SUCCESS')
  rmSync(folder, { recursive: true, force: true })
})
