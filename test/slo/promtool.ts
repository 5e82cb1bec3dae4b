// Has promtool run rules of ours on series.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'
import { stringify } from 'yaml'
import { readSlos } from '../../src/monitoring/slo/read'
import { renderRules } from '../../src/monitoring/slo/rule-file'
import { type RulesOfSlo, ruleFiles } from '../../src/monitoring/slo/rule-files'
import { findOldPromtool, findPrometheus } from '../support/binaries.mjs'

const newest = findPrometheus()
const oldest = findOldPromtool()

/** By name; what is not there is left out. */
export const promtools: readonly [name: string, binary: string][] = (
  [
    ['promtool 3.16', 'missing' in newest ? undefined : newest.promtool],
    ['promtool 2.42', 'missing' in oldest ? undefined : oldest.binary],
  ] as const
).flatMap(([name, binary]) => (binary === undefined ? [] : [[name, binary]]))

/** Of the only SLO of a file. */
export function rulesOf(text: string): RulesOfSlo {
  const { slos, mistakes } = readSlos(text)
  expect(mistakes).toEqual([])
  return ruleFiles(slos, { days: 40 }).made[0] as RulesOfSlo
}

export interface Run {
  /** Between two samples, and between two evaluations. */
  readonly interval: string
  readonly series: Readonly<Record<string, string>>
  /** What an expression gives at a time: labels in braces → value. */
  readonly expected: readonly (readonly [at: string, expr: string, samples: Readonly<Record<string, number>>])[]
}

/** The alerts that fire, with their severity. */
export const FIRING = 'count by (alertname, severity) (ALERTS{alertstate="firing"})'

/** Fails with the words of the newest promtool where something else comes out. */
export function expectRules({ files }: RulesOfSlo, { interval, series, expected }: Run): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'slo-rules-'))
  try {
    for (const file of files) writeFileSync(path.join(folder, file.name), renderRules('of a test', file.groups))
    const test = {
      rule_files: files.map(({ name }) => name),
      evaluation_interval: interval,
      group_eval_order: files.flatMap(({ groups }) => groups).map(({ name }) => name),
      tests: [
        {
          interval,
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          promql_expr_test: expected.map(([eval_time, expr, samples]) => ({
            expr,
            eval_time,
            exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels, value })),
          })),
        },
      ],
    }
    writeFileSync(path.join(folder, 'test.yml'), stringify(test, { lineWidth: 0 }))
    for (const [name, binary] of promtools.slice(0, 1)) {
      const { status, stdout, stderr } = spawnSync(binary, ['test', 'rules', path.join(folder, 'test.yml')], {
        encoding: 'utf8',
      })
      expect(status, `${name}: ${stdout}${stderr}`).toBe(0)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
