// Foreign oracle: promtool takes or refuses the same queries.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { problemInQuery } from '../../src/monitoring/slo/promql-validation'
import { renderRules } from '../../src/monitoring/slo/rule-file'
import { promtools } from './promtool'

const right = [
  'sum(rate(x[5m]))',
  'sum by (a) (rate(x{b=~"c|d"}[5m] offset 1h)) / on(a) group_left sum(y)',
  'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))',
  'x > bool 1',
  '1 - avg_over_time(up[5m])',
  'max_over_time(sum(rate(x[5m]))[1h:1m])',
  'quantile_over_time(0.5, x[1m])',
  'topk(3, x) # the largest',
  '(x or y) unless z',
  'label_replace(x, "a", "$1", "b", "(.*)")',
  'vector(1) and on() (hour() * 60 + minute() > 5)',
  'count_values("a", x)',
  'scalar(x) + y @ end()',
  '-x ^ 2',
  'absent_over_time(x[5m])',
  'predict_linear(x[1h], 3600)',
  'x == 1 or vector(0)',
]
const wrong = [
  'rate(x)',
  'x[5m]',
  'sum(x[5m])',
  'rate(sum(x)[5m])',
  'rate(x[5m]',
  'sum(5)',
  '1 and 2',
  'x and 2',
  '"a"',
  '1 > 2',
  'foo(x)',
  'x[5m] + 1',
  'abs(x[5m])',
  'sum(rate(x[5m])) /',
  'rate(rate(x[5m])[5m])',
  'x{a=1}',
  'x{a="b"',
  '-"a"',
  '',
]

it.each(right)('takes %s', query => {
  expect(problemInQuery(query)).toBeUndefined()
})

it.each(wrong)('refuses %s', query => {
  expect(problemInQuery(query)).toEqual(expect.any(String))
})

if (promtools.length === 0) writeSync(1, 'skipped: queries at promtool: there is none\n')

it.skipIf(promtools.length === 0)('promtool takes and refuses the same', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'slo-promql-'))
  try {
    const files = [...right, ...wrong].map((expr, at) => {
      const file = path.join(folder, `${at}.yml`)
      // as a rule of ours has it
      const inRule = `(${expr}\n)\nunless on()\n(x)`
      writeFileSync(file, renderRules('of a test', [{ name: 'g', rules: [{ record: 'r', expr: inRule }] }]))
      return file
    })
    const { stdout, stderr } = spawnSync(promtools[0]![1], ['check', 'rules', ...files], { encoding: 'utf8' })
    const failed = [...`${stdout}\n${stderr}`.matchAll(/(\d+)\.yml: \d+:\d+: group/g)].map(([, at]) => Number(at))
    expect([...new Set(failed)].sort((a, b) => a - b)).toEqual(wrong.map((_, at) => right.length + at))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
