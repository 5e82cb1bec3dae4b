// What `up` rates by itself is there for PromQL under the names that the rules of src/monitoring/slo record. Oracle: the counts that are sent, a tenth
// of which failed, and Prometheus' own rule of ALERTS: a series while an alert is pending or fires.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertsAnswer } from '../../../../src/backend/api/alert-answers'
import { type Up, up } from '../../../../src/backend/up'
import { defaultSloFile } from '../../../../src/monitoring/slo/defaults'
import { readSlos } from '../../../../src/monitoring/slo/read'
import { ruleFiles } from '../../../../src/monitoring/slo/rule-files'
import { planOf } from '../../../../src/pipeline/deployment/plan'
import { metricsUntil } from '../../../prometheus/burning'

const { slos } = readSlos(defaultSloFile())

describe('an objective that up rates', () => {
  let running: Up
  let clock = Date.now()
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-records-'))
  const query = async (query: string) => {
    const answer = await fetch(`${running.api.url}/api/v1/query?${new URLSearchParams({ query })}`)
    return (await answer.json()).data.result as { metric: Record<string, string>; value: [number, string] }[]
  }
  const alerts = async () => (await (await fetch(`${running.api.url}/api/afn/alerts`)).json()) as AlertsAnswer

  beforeAll(async () => {
    symlinkSync(path.resolve('collector'), path.join(folder, 'collector'))
    const { retention, policies } = planOf('laptop')
    running = await up({
      port: 0,
      otlpPort: 0,
      data: undefined,
      access: { host: '127.0.0.1' },
      now: () => clock,
      retention,
      policies,
      objectives: { slos, problems: [] },
      boards: () => ({ boards: [], problems: [] }),
      say: () => {},
      package: folder,
    })
    const now = clock
    for (const minutes of [4, 2, 0]) {
      const counts = { ok: 900 * (60 - minutes), failed: 100 * (60 - minutes) }
      const body = JSON.stringify(metricsUntil('shop', now - 3_600_000, now - minutes * 60_000, counts))
      const headers = { 'content-type': 'application/json' }
      await fetch(`${running.receiver.url}/v1/metrics`, { method: 'POST', headers, body })
    }
    // rules look at minutes that are over
    clock += 3 * 60_000
  })
  afterAll(async () => {
    await running?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('has the series of the recording rules, with their labels, as the counts say', async () => {
    await expect
      .poll(async () => (await alerts()).alerts.length, { timeout: 40_000, interval: 1_000 })
      .toBeGreaterThan(0)
    const of = async (record: string) => {
      // what was evaluated first may be before the metrics
      const evaluated = async () => (await alerts()) && query(`${record}{sloth_slo="availability"}`)
      await expect.poll(evaluated, { timeout: 40_000 }).toHaveLength(1)
      const [found] = await query(`${record}{sloth_slo="availability"}`)
      return found!
    }
    const { metric, value } = await of('slo:sli_error:ratio_rate1h')
    expect(Number(value[1])).toBeCloseTo(0.1, 9)
    expect(Number((await of('slo:period_error_budget_remaining:ratio')).value[1])).toBeCloseTo(1 - 0.1 / 0.001, 6)
    expect(Number((await of('slo:objective:ratio')).value[1])).toBeCloseTo(0.999, 12)
    // the labels of the generated rule
    const rules = ruleFiles(slos, { days: 32 }).made.flatMap(({ files }) => files.flatMap(({ groups }) => groups))
    const rule = rules
      .flatMap(group => group.rules)
      .find(
        one =>
          'record' in one && one.record === 'slo:sli_error:ratio_rate1h' && one.labels?.sloth_slo === 'availability',
      )
    expect(metric).toMatchObject(rule!.labels!)
  })

  it('has its firing alerts as ALERTS', async () => {
    const firing = (await alerts()).alerts.filter(({ state }) => state === 'firing').map(({ name }) => name)
    const series = await query('ALERTS{alertstate="firing"}')
    expect(series.map(({ metric }) => metric.alertname).toSorted()).toEqual(firing.toSorted())
    expect(series[0]!.metric).toMatchObject({ severity: expect.any(String), service: expect.any(String) })
  })
})
