/** Every query that this package sends to a Prometheus: boards, budgets, the catalogue and the generated rules; and points that they find. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse as parseYaml } from 'yaml'
import type { Expr, Selector } from '../../../src/backend/promql/ast'
import { parse } from '../../../src/backend/promql/parse'
import { boardsOf } from '../../../src/monitoring/dashboards/boards'
import { budgetsBoard } from '../../../src/monitoring/dashboards/budgets'
import { readCatalogue } from '../../../src/shared/queries/catalogue'
import { substitute } from '../../../src/shared/queries/substitute'
import { filledIn } from '../../dashboards/ask'
import { deployed, root } from '../../support/packed'
import { Random } from '../../support/random'
import { STEP } from './points'

const kept = { high: 7, medium: 32, low: 365 }
const window = { range: 600, rate: '1m', step: 15 }

/** @param rules those of the generated rules too: there are as many of them as of all others */
export function ownQueries(rules: boolean): string[] {
  const account = { timeZone: 'Asia/Tokyo', currency: 'JPY' }
  const boards = [...Object.values(boardsOf('en', kept)), budgetsBoard(account, 'en', kept)]
  const ofBoards = boards.flatMap(({ panels }) =>
    panels.flatMap(panel => panel.queries.map(({ expr }) => filledIn(expr, panel, window))),
  )
  const catalogue = [...readCatalogue(path.join(root, 'collector/queries')).values()]
    .filter(({ language }) => language === 'promql')
    .map(query => substitute(query, {}, { since: '30m', rate: '1m' }))
  return [...new Set([...ofBoards, ...catalogue, ...(rules ? ofRules() : [])])]
}

function ofRules(): string[] {
  const folder = path.join(deployed, 'rules')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yml'))
    .flatMap(file => {
      const { groups } = parseYaml(readFileSync(path.join(folder, file), 'utf8')) as {
        groups: { rules: { expr: string }[] }[]
      }
      return groups.flatMap(({ rules }) => rules.map(({ expr }) => expr))
    })
}

function* selectorsIn(expr: Expr): Iterable<Selector> {
  if (expr.type === 'selector') yield expr
  else if (expr.type === 'call') for (const arg of expr.args) yield* selectorsIn(arg)
  else if (expr.type === 'binary') {
    yield* selectorsIn(expr.left)
    yield* selectorsIn(expr.right)
  } else if ('of' in expr) yield* selectorsIn(expr.of)
}

function* groupedIn(expr: Expr): Iterable<string> {
  if (expr.type === 'aggregate') yield* expr.labels
  if (expr.type === 'binary') yield* expr.matching?.labels ?? []
  const inner =
    expr.type === 'call' ? expr.args : expr.type === 'binary' ? [expr.left, expr.right] : 'of' in expr ? [expr.of] : []
  for (const each of inner) yield* groupedIn(each)
}

interface Metric {
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  /** By label the values that a query asks for. */
  readonly labels: Map<string, Set<string>>
}

/** What a series of this name comes from, so that Prometheus gives it this name. */
function metricOf(series: string, all: ReadonlySet<string>): Pick<Metric, 'name' | 'kind'> {
  const stem = series.replace(/_(?:bucket|count|sum)$/, '')
  if (stem !== series && (all.has(`${stem}_bucket`) || !series.endsWith('_count')))
    return { name: stem, kind: 'histogram' }
  if (series.endsWith('_total')) return { name: series.replace(/_total$/, ''), kind: 'counter' }
  return { name: series, kind: 'gauge' }
}

const FROM_RESOURCE = new Set(['service_name', 'job', 'instance', 'deployment_environment_name', 'le', '__name__'])

function metricsOf(queries: readonly string[]): Metric[] {
  const found = new Map<string, Metric>()
  const parsed = queries.map(query => parse(query))
  const selectors = parsed.map(expr => [expr, [...selectorsIn(expr)]] as const)
  const nameOf = ({ matchers }: Selector) => matchers.find(({ label }) => label === '__name__')?.value ?? ''
  const all = new Set(selectors.flatMap(([, each]) => each.map(nameOf)))
  for (const [expr, each] of selectors) {
    for (const selector of each) {
      const { name, kind } = metricOf(nameOf(selector), all)
      if (!/^[\w:]+$/.test(name)) continue
      const metric = found.get(`${name} ${kind}`) ?? { name, kind, labels: new Map() }
      found.set(`${name} ${kind}`, metric)
      const add = (label: string, values: readonly string[]) => {
        if (FROM_RESOURCE.has(label)) return
        const known = metric.labels.get(label) ?? new Set(['other'])
        for (const value of values) known.add(value)
        metric.labels.set(label, known)
      }
      for (const { label, value } of selector.matchers)
        add(
          label,
          value.split('|').filter(text => /^[\w.-]+$/.test(text)),
        )
      for (const label of groupedIn(expr)) add(label, ['one'])
    }
  }
  return [...found.values()]
}

/** @param end milliseconds since 1970, of the last request; @returns requests in OTLP JSON, the oldest first */
export function pointsFor(queries: readonly string[], end: number, seed = 7): object[] {
  const random = new Random(seed)
  const metrics = metricsOf(queries)
  const count = 45
  const first = end - (count - 1) * STEP
  const totals = new Map<string, number[]>()
  return Array.from({ length: count }, (_, at) => {
    const time = `${first + at * STEP}000000`
    const ofService = (service: string) => ({
      resource: {
        attributes: Object.entries({
          'service.name': service,
          'service.instance.id': `${service}-1`,
          'host.name': 'box',
        }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      },
      scopeMetrics: [
        {
          scope: {},
          metrics: metrics.map(metric => ofMetric(metric, service, time, `${first - 1_000}000000`, totals, random)),
        },
      ],
    })
    return { resourceMetrics: ['shop', 'otelcol'].map(ofService) }
  })
}

const explicitBounds = [0.1, 0.25, 0.5, 1, 2.5]

function ofMetric(
  { name, kind, labels }: Metric,
  service: string,
  timeUnixNano: string,
  startTimeUnixNano: string,
  totals: Map<string, number[]>,
  random: Random,
) {
  const dataPoints = [0, 1, 2].map(variant => {
    const attributes = [...labels].map(([key, values]) => {
      const list = [...values]
      return { key, value: { stringValue: list[(variant + key.length) % list.length]! } }
    })
    attributes.push({ key: 'variant', value: { stringValue: String(variant) } })
    const key = `${name} ${kind} ${service} ${variant}`
    const before = totals.get(key) ?? [0, 0, 0, 0, 0, 0]
    const after = before.map(value => value + random.below(3))
    totals.set(key, after)
    const base = { attributes, timeUnixNano, startTimeUnixNano }
    if (kind === 'histogram')
      return {
        ...base,
        explicitBounds,
        bucketCounts: after.map(String),
        count: String(after.reduce((a, b) => a + b)),
        sum: after[0]! * 0.7,
      }
    return { ...base, asDouble: kind === 'counter' ? after[0]! / 8 : random.below(4) }
  })
  if (kind === 'gauge') return { name, unit: '', gauge: { dataPoints } }
  const temporality = { aggregationTemporality: 2, dataPoints }
  return {
    name,
    unit: '',
    ...(kind === 'counter' ? { sum: { ...temporality, isMonotonic: true } } : { histogram: temporality }),
  }
}
