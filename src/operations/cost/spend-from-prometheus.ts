/**
 * Spend from Prometheus counters, which is complete whatever the sampling of traces. Counters have no user and no feature, because each
 * would be a separate series; see `spend-from-traces.ts`. A call counts at the time of the first export that includes it, up to a minute
 * after its end.
 */
import {
  AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE,
  ATTR_AFN_LLM_UNPRICED_REASON,
  METRIC_AFN_LLM_COST,
  METRIC_AFN_LLM_OPERATION_COST,
  METRIC_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_OPTIONS_AFN_LLM_COST,
  METRIC_OPTIONS_AFN_LLM_OPERATION_COST,
  METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS,
} from '../../../semconv'
import type { Span } from '../../shared/calendar/period'
import { parseDuration } from '../../shared/durations'
import { ENVIRONMENT, TEAM } from '../../shared/otlp/origin-labels'
import { labelName, metricName } from '../../shared/otlp/prometheus-names'
import { type Backend, getJson } from '../../shared/queries/http'
import { oneOf, quoted } from '../../shared/queries/promql-strings'
import type { Dimension, Scope } from './config'
import { type Growth, growthOf } from './growth'
import { type Labels, type Spend, type SpendSource, totalsBy } from './spend'
import { type Tokens, tokenKinds, tokenMetrics } from './tokens'

const cost = metricName(METRIC_AFN_LLM_COST, METRIC_OPTIONS_AFN_LLM_COST.unit, 'counter')!
const priced = `${metricName(METRIC_AFN_LLM_OPERATION_COST, METRIC_OPTIONS_AFN_LLM_OPERATION_COST.unit, 'other')}_count`
const unpriced = metricName(
  METRIC_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS.unit,
  'counter',
)!

const reasonLabel = labelName(ATTR_AFN_LLM_UNPRICED_REASON)!

/** Dimension → label. */
const labelOf = {
  service: 'service_name',
  team: TEAM,
  environment: ENVIRONMENT,
  provider: 'gen_ai_provider_name',
  model: 'gen_ai_request_model',
} as const satisfies Partial<Record<Dimension, string>>

type PrometheusDimension = keyof typeof labelOf
const known = Object.keys(labelOf) as PrometheusDimension[]
const isKnown = (dimension: Dimension): dimension is PrometheusDimension => dimension in labelOf

interface Server {
  readonly backend: Backend
  /** Retention in milliseconds; infinite if only the size is limited. */
  readonly keeps: number
}

/** @param backends of one pipeline, finest resolution first @throws BackendError if one does not respond */
export async function prometheusSpend(backends: readonly Backend[]): Promise<SpendSource> {
  const servers = await Promise.all(backends.map(serverOf))
  const longest = servers.reduce((best, server) => (server.keeps > best.keeps ? server : best))

  const keepingAt =
    (now: number) =>
    ({ start }: Span): Backend =>
      (servers.find(({ keeps }) => now - keeps < start) ?? longest).backend

  return {
    name: `Prometheus at ${backends.map(({ url }) => url).join(', ')}`,
    dimensions: new Set(known),
    async spend(spans, by, scope = {}) {
      const matchers = matchersOf(scope)
      const [usd, calls, without] = await Promise.all(
        [cost, priced, unpriced].map(metric => growthOf(keepingAt(Date.now()), `${metric}${matchers}`, spans)),
      )
      return spans.map((_, index) =>
        totalsBy(
          [
            ...spends(usd!, index, value => ({ usd: value })),
            ...spends(calls!, index, value => ({ calls: value })),
            ...spends(without!, index, (value, reason) => ({
              unpriced: value,
              ...(reason === AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE && { noUsage: value }),
            })),
          ],
          by,
        ),
      )
    },
    async tokens(spans, scope = {}) {
      const counts = tokenKinds.map(async kind => {
        const metric = metricName(tokenMetrics[kind], '{token}', 'counter')
        const growths = await growthOf(keepingAt(Date.now()), `${metric}${matchersOf(scope)}`, spans)
        return [kind, growths.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0)]
      })
      return Object.fromEntries(await Promise.all(counts)) as Tokens
    },
    knownSince: async now => now - longest.keeps,
  }
}

function* spends(
  growths: readonly Growth[],
  index: number,
  of: (value: number, reason: string | undefined) => Partial<Spend>,
): Iterable<Spend> {
  for (const { labels, values } of growths) {
    const value = values[index]!
    if (value !== 0)
      yield { labels: labelsOf(labels), usd: 0, calls: 0, unpriced: 0, ...of(value, labels[reasonLabel]) }
  }
}

const labelsOf = (series: Readonly<Record<string, string>>): Labels =>
  Object.fromEntries(
    known.flatMap(dimension => (series[labelOf[dimension]] ? [[dimension, series[labelOf[dimension]]]] : [])),
  )

function matchersOf(scope: Scope): string {
  const matchers = Object.entries(scope).map(([dimension, names]) => {
    if (!isKnown(dimension as Dimension)) throw new Error(`metrics have no dimension ${dimension}`)
    return `${labelOf[dimension as PrometheusDimension]}=~${quoted(oneOf(names))}`
  })
  return matchers.length > 0 ? `{${matchers.join(',')}}` : ''
}

async function serverOf(backend: Backend): Promise<Server> {
  const { data } = (await getJson(backend, 'api/v1/status/runtimeinfo', {})) as { data?: { storageRetention?: string } }
  // such as `7d`, or `30d or 5GiB`
  const time = (data?.storageRetention ?? '').split(' or ').map(parseDuration).find(Boolean)
  return { backend, keeps: time ? time * 1_000 : Number.POSITIVE_INFINITY }
}
