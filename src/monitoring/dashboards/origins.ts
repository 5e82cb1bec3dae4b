/** What a panel needs that no app sends: without who makes it, a 0 or an empty panel would say what nobody knows. */
import type { Need, Panel } from './board'
import { type Metric, metrics, ofServers, records, seriesOf } from './metrics'
import { readQuery } from './read-promql'
import type { Text, TextKey } from './words'

const { spans, spanDuration, featureCost, guardrails, auditEntries, auditCheckpoint } = metrics
const { budgetSpent, budgetAmount, budgetForecast, budgetThreshold } = metrics
const { agentCost, agentEdits, agentSessions } = metrics
const { vitals, layoutShift, leaks, violations } = metrics
const seriesOfAll = (...all: readonly Metric[]): readonly string[] => all.flatMap(seriesOf)

interface Maker {
  readonly text: TextKey
  readonly series: ReadonlySet<string>
  /** What is there as well where it is at work. */
  readonly sign?: string
}

const makers: readonly Maker[] = [
  {
    text: 'from.collector',
    series: new Set([
      ...seriesOfAll(spans, spanDuration, featureCost, guardrails, auditEntries, auditCheckpoint),
      ...seriesOfAll(agentCost, agentEdits, agentSessions),
      ...seriesOfAll(vitals, layoutShift, leaks, violations),
      ...Object.values(ofServers).filter(name => name.startsWith('otelcol_')),
    ]),
  },
  { text: 'from.budgets', series: new Set(seriesOfAll(budgetSpent, budgetAmount, budgetForecast, budgetThreshold)) },
  { text: 'from.rules', series: new Set(Object.values(records)) },
  // without alerts these series are absent
  { text: 'from.alerts', series: new Set([ofServers.alerts]), sign: records.objective },
]

/** @returns undefined where what apps send is enough */
export function needOf({ queries }: Panel, text: Text): Need | undefined {
  const queried = new Set(queries.flatMap(({ expr }) => readQuery(expr).selectors.map(({ metric }) => metric)))
  for (const { text: key, series, sign } of makers) {
    const names = [...queried].filter(name => series.has(name))
    const signs = [...names, ...(sign ? [sign] : [])]
    if (names.length > 0)
      return { expr: `count(last_over_time({__name__=~"${signs.join('|')}"}[$__range]))`, sentence: text(key) }
  }
  return undefined
}
