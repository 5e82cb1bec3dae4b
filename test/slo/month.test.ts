// How much of a month's error budget is left, by the generated rules on a real Prometheus. The oracle is the arithmetic of the generator's
// own counts: uneven traffic, restarts of the counters, and 6 hours that nobody scraped.
import { writeSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSloFile } from '../../src/slo/defaults'
import { readSlos } from '../../src/slo/read'
import type { Rule } from '../../src/slo/rule-file'
import { ruleFiles } from '../../src/slo/rule-files'
import { budgetOf, type Slo } from '../../src/slo/spec'
import { periodSeconds } from '../../src/slo/windows'
import { findPrometheus } from '../support/binaries.mjs'
import { isLong } from '../support/long'
import { type Backfilled, backfill } from './backfill'
import { type Count, dayAt, type Kind } from './traffic'

const DAY = 86_400
const days = isLong('slo') ? 30 : 2
const found = findPrometheus()
const missing =
  'missing' in found ? found.missing : found.promtool ? undefined : 'there is no promtool beside Prometheus'
if (missing) writeSync(1, `skipped: a month of SLOs: ${missing}\n`)

const { slos } = readSlos(defaultSloFile('shop'))
const kinds: Record<string, Kind> = { availability: 'availability', 'latency-p95': 'latency', 'llm-errors': 'llm', 'llm-quality': 'quality' } // biome-ignore format: one line

const rulesOf = (slo: Slo): Rule[] => ruleFiles([slo], { days: 40 }).made.flatMap(({ files }) => files).flatMap(({ groups }) => groups.flatMap(({ rules }) => rules)) // biome-ignore format: one line
const asSloth = (slo: Slo): Slo => ({ ...slo, compat: 'sloth', id: `${slo.id}-sloth`, name: `${slo.name}-sloth` })
const isBase = ({ record = '' }: Rule) => /^slo:sli_(errors|events):increase1m$/.test(record)
const isBaseOfSloth = ({ record = '' }: Rule) => record === 'slo:sli_error:ratio_rate5m'

const expressionOf = (slo: Slo, name: string): string => rulesOf(slo).find(({ record }) => record === name)!.expr
const ratioName = ({ period }: Slo): string => `slo:sli_error:ratio_rate${period === '7d' ? '1w' : period}`

/** What is left by the rule's own expression, with the records of the same group put in their places. */
function budgetLeft(slo: Slo): string {
  const put = (into: string, record: string, what: string) =>
    into.replaceAll(new RegExp(`${record}\\{[^}]*\\}`, 'g'), () => `(${what})`)
  const rate = expressionOf(slo, 'slo:period_burn_rate:ratio')
  const burn = put(rate, ratioName(slo), expressionOf(slo, ratioName(slo)))
  return put(expressionOf(slo, 'slo:period_error_budget_remaining:ratio'), 'slo:period_burn_rate:ratio', burn)
}

describe.skipIf(missing)(`${days} days of four SLOs`, () => {
  let month: Backfilled

  beforeAll(async () => {
    if ('missing' in found || !found.promtool) return
    const records = slos.flatMap(slo => [
      ...rulesOf(slo).filter(isBase),
      ...rulesOf(asSloth(slo)).filter(isBaseOfSloth),
    ])
    // it ends at a midnight, so that its last week is made of whole days
    const end = Math.floor(Date.now() / 1_000 / DAY) * DAY
    const options = { start: end - days * DAY, days, gapAt: dayAt(0.2, days * DAY) + 14 * 3_600, service: 'shop' }
    month = await backfill({ prometheus: found.prometheus, promtool: found.promtool }, options, records)
  }, 580_000)
  afterAll(() => month?.stop())

  function truth(slo: Slo): Count {
    const { end, days: byDay } = month.traffic
    const first = new Date((end - periodSeconds[slo.period]) * 1_000).toISOString().slice(0, 10)
    const sum = { total: 0, bad: 0 }
    for (const [day, counts] of byDay) {
      if (day < first) continue
      sum.total += counts[kinds[slo.name]!].total
      sum.bad += counts[kinds[slo.name]!].bad
    }
    return sum
  }

  const left = (slo: Slo): number => 1 - truth(slo).bad / truth(slo).total / budgetOf(slo)

  it.each(slos.map(slo => [slo.name, slo] as const))(
    'of %s, what is left of the budget is what the counts say',
    async (_, slo) => {
      const said = await month.value(budgetLeft(slo))
      const { total, bad } = truth(slo)
      writeSync(
        1,
        `month: ${slo.name}: ${bad} of ${total} bad: ${left(slo).toFixed(5)} left; by the rules ${said?.toFixed(5)}\n`,
      )
      // of two days, the minutes at the edges are more
      expect(Math.abs(said! - left(slo))).toBeLessThan(isLong('slo') ? 1e-3 : 3e-3)
    },
  )

  it('Sloth has no number for it after a quiet half hour, and without that one that is far off', async () => {
    const [availability] = slos
    const ofSloth = expressionOf(asSloth(availability!), ratioName(availability!))
    expect(await month.value(ofSloth)).toBeNaN()
    const withoutNaN = ofSloth.replaceAll(/_over_time\((slo:[^\]]*)\[(\w+)\]/g, '_over_time(($1 >= 0)[$2:1m]')
    const said = 1 - (await month.value(withoutNaN))! / budgetOf(availability!)
    writeSync(1, `month: availability by Sloth's rules without NaN: ${said.toFixed(5)} left\n`)
    expect(Math.abs(said - left(availability!))).toBeGreaterThan(0.1)
  })
})
