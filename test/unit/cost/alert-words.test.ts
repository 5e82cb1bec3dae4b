// Who reads Japanese learns from an alert of a budget what who reads English does.
import { expect, it } from 'vitest'
import { budgetAlerts, type CostAlert, trackingAlert } from '../../../src/operations/cost/alerts'
import { defaultCosts } from '../../../src/operations/cost/config'
import type { Standing } from '../../../src/operations/cost/standing'
import { brokenTracking, PRICE_TABLE } from '../../../src/operations/cost/tracking'

const DAY = 86_400_000
const now = Date.parse('2026-11-20T00:00:00Z')
const period = { kind: 'month', id: '2026-11', start: now - 20 * DAY, end: now + 10 * DAY } as const
const plain: Standing = {
  budget: { name: 'all-7', period: 'month', amount: 1_000, scope: {}, thresholds: [50, 75], forecast: true },
  ...{ period, spent: 812.5, credited: 0, percent: 81.25, calls: 4_321, unpriced: 0, noUsage: 0, passed: [50, 75] },
  forecast: { expected: 1_234.56, interval: { low: 1_100.25, high: 1_400.75 } } as Standing['forecast'],
  willExceed: true,
  unknownBefore: undefined,
}
const everything: Standing = {
  ...plain,
  budget: { ...plain.budget, scope: { service: ['cart', 'pay2'], team: ['t3'], user: ['ann', 'bob'], model: ['m5'] } },
  ...{ credited: 17.5, unpriced: 12, noUsage: 3, unknownBefore: now - 9 * DAY },
}
const spend = (environment?: string) => ({
  labels: { service: 'cart', ...(environment && { environment }) },
  ...{ usd: 1, calls: 900, unpriced: 99 },
})
const old = Date.parse(PRICE_TABLE.published) + 91 * DAY

const alertsIn = (language: 'en' | 'ja'): CostAlert[] => {
  const said = { receiver: 'http://alerts', language }
  const broken = [...brokenTracking([spend(), spend('staging')], now, 3_650), ...brokenTracking([], old, 90)]
  return [
    ...[plain, everything].flatMap(standing => budgetAlerts(standing, defaultCosts, said)),
    ...broken.map(one => trackingAlert(one, '2026-11-20', said)),
  ]
}

/** Numbers and names; a percentage that is not of this alert too. */
const facts = (text: string) => (text.match(/[A-Za-z_@/-]*\d[\w.,:-]*\d|\d|cart|staging|AFN_PRICES/g) ?? []).sort()

it('alerts of budgets in Japanese have the names and figures of the English ones, the same labels, and no English', () => {
  const [english, japanese] = [alertsIn('en'), alertsIn('ja')]
  expect(japanese).toHaveLength(9)
  for (const [at, { labels, annotations }] of japanese.entries()) {
    expect(labels).toEqual(english[at]!.labels)
    for (const name of ['summary', 'description']) {
      const [theirs, ours] = [english[at]!.annotations[name]!, annotations[name]!]
      expect(facts(ours), ours).toEqual(facts(theirs))
      expect(ours).toMatch(/\p{Script=Hiragana}.*。$/u)
      expect(theirs).not.toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u)
      expect(ours).not.toMatch(/\b(?:of|the|is|are|calls?|budget|spent|days?)\b/i)
    }
  }
})
