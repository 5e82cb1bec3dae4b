// A week in which nothing is wrong, through all rules that `generate` writes by default, by Prometheus' own engine: nobody hears of it.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { parse } from 'yaml'
import { defaultAlerting } from '../../src/pipeline/deployment/alerting'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { isLong } from '../support/long'
import { healthyWeeks, STEP, TIME } from './healthy-weeks'
import { inOrder, LENGTH } from './scenes'

/** What lasts LENGTH minutes, at one sample a minute, for all of the time. */
const longer = (values: string): string =>
  values
    .replace(/\+([\d.]+)x/, (_, perMinute: string) => `+${Number(perMinute) * STEP}x`)
    .replace(`x${LENGTH}`, `x${TIME / STEP}`)

/** Of each kind of false alarm one, in the short suite. */
const told = new Set([
  'traffic for 14 hours a day',
  'a batch for an hour of each night, which calls models',
  'no app at all',
])

const newest = inject('promtools')['3.16']

describe.skipIf(newest === undefined)('nobody is notified in a healthy week of', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-quiet-week-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const alerting = defaultAlerting()
  const everywhere = { ...alerting, alerts: { ...alerting.alerts, environments: {} } }
  const files = generateFiles(planOf('single'), everywhere).filter(file => /^rules\/[^/]+\.yml$/.test(file.path))
  mkdirSync(path.join(folder, 'rules'))
  for (const file of files) writeFileSync(path.join(folder, file.path), file.content)
  const groups = files.flatMap(({ content }) => parse(content).groups as { name: string }[]).map(({ name }) => name)

  it.each(Object.entries(healthyWeeks).filter(([name]) => isLong('quiet') || told.has(name)))(
    '%s',
    async (name, series) => {
      const pipeline = [
        ...Object.entries(inOrder).map(([of, values]) => [of, longer(values)] as const),
        // it is missed after three days alone
        [
          'afn_job_last_success_seconds{job="afn-otel", afn_job_name="langfuse-janitor"}',
          `0+${60 * STEP}x${TIME / STEP}`,
        ] as const,
      ]
      const test = path.join(folder, `${name.replace(/\W+/g, '-')}.test.yml`)
      const content = {
        rule_files: files.map(file => file.path),
        evaluation_interval: '10m',
        group_eval_order: groups,
        tests: [
          {
            interval: `${STEP}m`,
            input_series: [...pipeline, ...Object.entries(series)].map(([of, values]) => ({ series: of, values })),
            promql_expr_test: [
              {
                expr: 'count by (alertname, service) (count_over_time(ALERTS{alertstate="firing", alertname!="Watchdog"}[7d]))',
                eval_time: `${TIME}m`,
                exp_samples: [],
              },
            ],
          },
        ],
      }
      writeFileSync(test, JSON.stringify(content))
      const { stdout, stderr } = await promisify(execFile)(newest!, ['test', 'rules', test]).catch(error => error)
      expect(`${stdout}${stderr}`).toMatch(/SUCCESS\s*$/)
    },
    // a week is minutes of CPU
    isLong('quiet') ? 3_600_000 : undefined,
  )
})
