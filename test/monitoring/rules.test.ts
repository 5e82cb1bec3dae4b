// The rules that `generate` writes: each names what there really is, says what to do, and is taken by promtool of 2.42 and of 3.16.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { parse } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { jobsOf } from '../../src/pipeline/deployment/jobs'
import { planOf } from '../../src/pipeline/deployment/plan'
import { type ProfileName, profiles } from '../../src/pipeline/deployment/profiles'
import { knownMetrics } from './known'
import { lint, type RuleFile } from './lint'

interface AlertRule {
  readonly alert?: string
  readonly labels: Record<string, string>
  readonly annotations: Record<string, string>
}

const promtools = inject('promtools')
const plans = [
  ...(Object.keys(profiles) as ProfileName[]).map(name => planOf(name)),
  planOf('cluster', { bucket: { name: 'afn' } }),
]
const filesOf = (plan: (typeof plans)[number]) => generateFiles(plan)
const ruleFiles = (plan: (typeof plans)[number]): RuleFile[] =>
  filesOf(plan)
    .filter(file => file.path.startsWith('rules/'))
    .map(file => ({ path: file.path, ...parse(file.content) }))

/** The values that labels of the Collector and of scrapes can have follow from what is generated beside the rules. */
function settingOf(plan: (typeof plans)[number]) {
  const text = (name: string) => parse(filesOf(plan).find(file => file.path === name)!.content)
  const collector = text('otel-collector.yaml')
  const { scrape_configs: scrapes } = text('prometheus.yml')
  return {
    known: knownMetrics(),
    values: {
      exporter: Object.keys(collector.exporters),
      filter: Object.keys(collector.processors).filter(name => name.startsWith('filter/')),
      job: scrapes.map(({ job_name }: { job_name: string }) => job_name),
      resolution: plan.metrics === 'three' ? ['high', 'medium', 'low'] : ['high'],
      telemetry_distro_name: ['@afn/otel'],
      afn_health_check_state: ['pass', 'warn', 'fail'],
      afn_job_name: jobsOf(plan).map(({ name }) => name),
    },
  }
}

describe.each(plans)('the rules of the profile $profile with metrics in $metrics', plan => {
  const files = ruleFiles(plan)
  const rules = files.flatMap(({ groups }) => groups.flatMap(group => group.rules as unknown as AlertRule[]))
  const alerts = rules.filter(rule => rule.alert)

  it('name metrics and labels that there are, and record nothing twice', () => {
    expect(files.length).toBeGreaterThan(0)
    expect(lint(files, settingOf(plan))).toEqual([])
  })

  it('say of each alert how urgent it is, what it is about, what to do and where that stands', () => {
    for (const { alert, labels, annotations } of alerts) {
      expect({ alert, labels }).toEqual({
        alert: expect.stringMatching(/^[A-Z][A-Za-z0-9]+$/),
        labels: expect.objectContaining({
          severity: expect.stringMatching(/^(?:critical|high|medium|low|none)$/),
          service: expect.stringMatching(/./),
        }),
      })
      expect({ alert, annotations }).toEqual({
        alert,
        annotations: expect.objectContaining({
          summary: expect.stringMatching(/\w.*\.$/),
          description: expect.stringMatching(/\. .*\.$/),
          runbook_url: expect.stringMatching(/^http:\/\/localhost:9095\/runbooks\/\w+$/),
        }),
      })
    }
  })
})

it.each(Object.entries(promtools))('promtool %s takes every rule', (_, promtool) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-rules-'))
  const written = plans.flatMap((plan, n) =>
    filesOf(plan)
      .filter(file => file.path.startsWith('rules/'))
      .map(file => {
        const at = path.join(folder, `${n}-${file.path.replaceAll('/', '-')}`)
        writeFileSync(at, file.content)
        return at
      }),
  )
  const { status, stdout, stderr } = spawnSync(promtool, ['check', 'rules', '--lint-fatal', ...written], {
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true, force: true })
  expect(`${stdout}${stderr}`).toContain('SUCCESS')
  expect(status).toBe(0)
})

describe('the lint', () => {
  const plan = planOf('single')
  const mistakes = (...rules: { record?: string; alert?: string; expr: string; labels?: Record<string, string> }[]) =>
    lint([{ path: 'a', groups: [{ name: 'g', rules }] }], settingOf(plan)).map(mistake =>
      mistake.replace(/^a g \w+: /, ''),
    )

  it.each([
    [
      'a name as the documentation has it',
      'increase(otelcol_exporter_sent_spans_total[5m]) > 0',
      /nothing has the metric/,
    ],
    ['a label that the metric has not', 'otelcol_exporter_queue_size{queue="a"} > 0', /has no label queue/],
    ['an exporter that is not there', 'otelcol_exporter_queue_size{exporter="otlp/tempo"} > 0', /never otlp\/tempo/],
    ['a job that nobody scrapes', 'up{job="otel-collector"} == 0', /job is never otel-collector/],
    ['a grouping by what is not there', 'sum by (pod) (otelcol_exporter_queue_size) > 0', /has the label pod/],
  ])('finds %s', (_, expr, sentence) => {
    expect(mistakes({ alert: 'A', expr })).toEqual([expect.stringMatching(sentence)])
  })

  it('finds two producers of one record, and not two of different labels', () => {
    const rule = { record: 'a:b', expr: 'up', labels: { sloth_id: '1' } }
    expect(mistakes(rule, rule)).toEqual([expect.stringMatching(/makes the same record/)])
    expect(mistakes(rule, { ...rule, labels: { sloth_id: '2' } })).toEqual([])
  })
})
