// Each alert by Prometheus' own engine: promtool evaluates the rules that `generate` writes on series of a pipeline that is in order, and
// of one in which one part is broken. What fires then is exactly what should.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, inject, it } from 'vitest'
import { parse } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { type ProfileName, profiles } from '../../src/pipeline/deployment/profiles'
import { isLong } from '../support/long'
import { DAY_MINUTES, faults, inOrder, ofBucket, ofCluster, ofFiles, type Scene, silences } from './scenes'

const promtools = Object.entries(inject('promtools'))

interface Rule {
  readonly alert: string
}
const rulesOf = (profile: ProfileName, own: object = {}) =>
  generateFiles(planOf(profile, own)).find(file => file.path === 'rules/afn-pipeline.yml')!.content
const namesIn = (rules: string): string[] =>
  parse(rules).groups.flatMap(({ rules }: { rules: Rule[] }) => rules.map(({ alert }) => alert))

interface Test {
  readonly name: string
  readonly interval: string
  readonly input_series: readonly { series: string; values: string }[]
  readonly promql_expr_test: readonly object[]
}

/** What promtool says of it; `SUCCESS` at its end where all is as expected. */
async function tried(
  promtool: string,
  rules: string,
  tests: readonly Test[],
  evaluation_interval = '1m',
): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-scenes-'))
  writeFileSync(path.join(folder, 'rules.yml'), rules)
  const test = path.join(folder, 'test.yml')
  writeFileSync(test, JSON.stringify({ rule_files: ['rules.yml'], evaluation_interval, tests }))
  const { stdout, stderr } = await promisify(execFile)(promtool, ['test', 'rules', test]).catch(error => error)
  rmSync(folder, { recursive: true, force: true })
  return `${stdout}${stderr}`
}

/** Faults of different series at once, where all are seen at the same moment: a tenth of the time. */
function together(scenes: readonly Scene[]): Scene[] {
  const merged: Scene[] = []
  for (const scene of scenes) {
    const partner = merged.find(
      ({ at, series }) => at === scene.at && Object.keys(scene.series).every(name => !(name in series)),
    )
    if (!partner || scene.alerts.length === 0) merged.push(scene)
    else
      merged[merged.indexOf(partner)] = {
        ...partner,
        alerts: [...new Set([...partner.alerts, ...scene.alerts])],
        what: `${partner.what}; ${scene.what}`,
        series: { ...partner.series, ...scene.series },
      }
  }
  return merged
}

const testOf = ({ what, series, alerts, at = 75 }: Scene, others: object = inOrder): Test => ({
  name: what,
  interval: '1m',
  input_series: Object.entries({ ...others, ...series }).map(([name, values]) => ({ series: name, values })),
  promql_expr_test: [
    {
      expr: 'group by (alertname) (ALERTS{alertstate="firing"})',
      eval_time: `${at}m`,
      exp_samples: ['Watchdog', ...alerts].map(alertname => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
    },
  ],
})

describe.each(promtools)('promtool %s', (version, promtool) => {
  const single = rulesOf('single')

  // the other promtool's turn is the long suite's
  it.runIf(version === '3.16' || isLong('monitoring'))(
    'finds nothing but the Watchdog where all is in order, and in each fault what it should',
    async () => {
      const healthy: Scene = { alerts: [], what: 'all is in order', series: {}, at: 140 }
      const scenes = [healthy, ...(isLong('monitoring') ? faults : together(faults))]
      expect(
        await tried(
          promtool,
          single,
          scenes.map(scene => testOf(scene)),
        ),
      ).toMatch(/SUCCESS\s*$/)
    },
    600_000,
  )

  it('finds the faults that only a cluster has', async () => {
    const tests = ofCluster.map(scene => testOf(scene, scene.series))
    expect(await tried(promtool, rulesOf('cluster'), tests)).toMatch(/SUCCESS\s*$/)
  })

  it('finds the faults of metrics in a bucket', async () => {
    const tests = ofBucket.map(scene => testOf(scene, scene.series))
    expect(await tried(promtool, rulesOf('cluster', { bucket: { name: 'afn' } }), tests)).toMatch(/SUCCESS\s*$/)
  })

  it('finds log files that nobody sweeps', async () => {
    const rules = rulesOf('single', { logs: 'files' })
    const tests = ofFiles.map(scene => testOf(scene))
    expect(await tried(promtool, rules, tests)).toMatch(/SUCCESS\s*$/)
  })

  it('finds a service that fell silent after it sent all day, and none that has office hours', async () => {
    const tests = silences.map(
      ({ what, series, signals }): Test => ({
        name: what,
        interval: '5m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: 'group by (service, signal) (ALERTS{alertname="AfnServiceSilent", alertstate="firing"})',
            eval_time: `${DAY_MINUTES + 180}m`,
            exp_samples: signals.map(signal => ({ labels: `{service="shop", signal="${signal}"}`, value: 1 })),
          },
        ],
      }),
    )
    const { groups } = parse(single)
    const freshness = groups.filter(({ name }: { name: string }) => name === 'afn-freshness')
    expect(await tried(promtool, JSON.stringify({ groups: freshness }), tests, '5m')).toMatch(/SUCCESS\s*$/)
  })
})

it('every alert has a scene', () => {
  const played = [...faults, ...ofCluster, ...ofBucket, ...ofFiles].flatMap(({ alerts }) => alerts)
  const all = [
    ...(Object.keys(profiles) as ProfileName[]).flatMap(profile => namesIn(rulesOf(profile))),
    ...namesIn(rulesOf('cluster', { bucket: { name: 'afn' } })),
  ]
  expect([...new Set(all)].filter(name => !played.includes(name)).sort()).toEqual(['AfnServiceSilent', 'Watchdog'])
})
