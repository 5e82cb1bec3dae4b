// Whether Prometheus runs the query that was written: it prints it in its own way. Oracle: promtool 3, of every rule that is generated.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { sameQuery } from '../../../../src/backend/promql/same-query'
import { findPrometheus } from '../../../support/binaries.mjs'
import { deployed } from '../../../support/packed'

const found = findPrometheus()
const promtool = 'missing' in found ? undefined : found.promtool

it.skipIf(!promtool)('takes each rule for what Prometheus prints of it', () => {
  const folder = path.join(deployed, 'rules')
  const file = readdirSync(folder).find(name => name.endsWith('latency-p95.yml'))!
  const texts = [file, 'afn-pipeline.yml'].map(name => readFileSync(path.join(folder, name), 'utf8'))
  const queries = texts
    .flatMap(text => parse(text).groups)
    .flatMap(({ rules }) => rules.map(({ expr }: { expr: string }) => expr))
  // a fifth of them: a process each
  const some = queries.filter((_, at) => at % 5 === 0)
  expect(some.length).toBeGreaterThan(10)
  for (const query of some) {
    const { stdout } = spawnSync(promtool!, ['--experimental', 'promql', 'format', query], { encoding: 'utf8' })
    expect(stdout.trim(), query).not.toBe('')
    expect(sameQuery(stdout, query), query).toBe(true)
  }
})

it.each([
  ['sum(rate(a[5m]))', 'sum(rate(a[6m]))'],
  ['a{b="c"}', 'a{b!="c"}'],
  ['a > 1', 'a > 2'],
  ['sum by (x) (a)', 'sum by (y) (a)'],
  ['a - (b - c)', '(a - b) - c'],
  ['no query (', 'no other ('],
])('tells %s from %s', (one, other) => {
  expect(sameQuery(one, other)).toBe(false)
})
