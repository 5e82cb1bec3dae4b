/**
 * Spend from traces in Tempo or `afn-otel up`, which also have users and features. A call counts at its start, so a late span still belongs
 * to its day. Traces are kept for a shorter time than metrics, and calls that an app does not sample are missing.
 */
import { ATTR_DEPLOYMENT_ENVIRONMENT_NAME } from '@opentelemetry/semantic-conventions/incubating'
import {
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_RESPONSE_PENDING,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_USER_ID,
} from '../../../semconv'
import { modelOperations } from '../../app/llm/spans/operations'
import type { Span } from '../../shared/calendar/period'
import { plainAttributes } from '../../shared/otlp/any-value'
import { CLAUDE_PLATFORM } from '../../shared/otlp/inside-of-call'
import { type Backend, getJson } from '../../shared/queries/http'
import type { QueryResponse } from '../../shared/queries/tempo-api'
import { tenantOf } from '../../shared/queries/tenants'
import type { Dimension, Scope } from './config'
import { type Labels, type Spend, type SpendSource, totalsBy } from './spend'
import { type Tokens, tokenAttributes, tokenKinds } from './tokens'

/** TraceQL attribute of each dimension. */
export type AttributeOf = Readonly<Record<Dimension, string>>

export const attributesBy = (featureAttribute: string): AttributeOf => ({
  service: 'resource.service.name',
  team: 'resource.team',
  environment: `resource.${ATTR_DEPLOYMENT_ENVIRONMENT_NAME}`,
  provider: `span.${ATTR_GEN_AI_PROVIDER_NAME}`,
  model: `span.${ATTR_GEN_AI_REQUEST_MODEL}`,
  feature: featureAttribute,
  user: `span.${ATTR_USER_ID}`,
})

const costs = `span.${ATTR_AFN_LLM_COST_TOTAL}`

/** Condition for calls with a price. */
const isPriced = `${costs} != nil`

/** Condition for model calls. Excludes roll-up spans, and spans that the provider created. */
export const isCall = `span.${ATTR_GEN_AI_OPERATION_NAME} =~ "${modelOperations.join('|')}" && span.${ATTR_AFN_LLM_USAGE_ROLLUP} = nil && instrumentation:name != "${CLAUDE_PLATFORM}"`

/** Condition for answered calls without a cost: their token counts are known, or unknown (`isUncounted`). */
const isUnpriced = `${isCall} && (span.${ATTR_GEN_AI_USAGE_INPUT_TOKENS} != nil || span.${ATTR_GEN_AI_USAGE_OUTPUT_TOKENS} != nil) && ${costs} = nil`
const isUncounted = `${isCall} && span.${ATTR_AFN_LLM_RESPONSE_PENDING} = nil && span.${ATTR_AFN_LLM_USAGE_SOURCE} = "${AFN_LLM_USAGE_SOURCE_VALUE_MISSING}" && status != error && ${costs} = nil`

export interface TracesOptions {
  /** Tempo's HTTP API. */
  readonly backend: Backend
  readonly featureAttribute: string
  /** Number of days for which all traces are kept. */
  readonly keptDays: number
}

export function tracesSpend({ backend, featureAttribute, keptDays }: TracesOptions): SpendSource {
  const attributeOf = attributesBy(featureAttribute)

  async function numbers(query: string, { start, end }: Span): Promise<{ labels: Labels; value: number }[]> {
    // the range of a TraceQL metrics query excludes its start and includes its end
    const [from, to] = [start, Math.min(end, Date.now())].map(ms => String(BigInt(Math.floor(ms)) * 1_000_000n - 1n))
    if (BigInt(to!) <= BigInt(from!)) return []
    const answer = (await getJson(
      backend,
      'api/metrics/query',
      { q: query, start: from!, end: to! },
      detailed,
    )) as QueryResponse
    return (answer.series ?? []).map(({ labels, value = 0 }) => ({ labels: named(plainAttributes(labels)), value }))
  }

  function named(attributes: Readonly<Record<string, unknown>>): Labels {
    const found = Object.entries(attributeOf).flatMap(([dimension, attribute]) => {
      const value = attributes[attribute]
      return value === undefined || value === null || value === 'nil' ? [] : [[dimension, String(value)]]
    })
    return Object.fromEntries(found)
  }

  async function spendIn(span: Span, by: readonly Dimension[], scope: Scope): Promise<Spend[]> {
    const only = conditionOf(scope, attributeOf)
    const groups = by.length === 0 ? '' : ` by (${by.map(dimension => attributeOf[dimension]).join(', ')})`
    const [usd, calls, without, uncounted] = await Promise.all([
      numbers(`{ ${isPriced}${only} } | sum_over_time(${costs})${groups}`, span),
      numbers(`{ ${isPriced}${only} } | count_over_time()${groups}`, span),
      numbers(`{ ${isUnpriced}${only} } | count_over_time()${groups}`, span),
      numbers(`{ ${isUncounted}${only} } | count_over_time()${groups}`, span),
    ])
    const nothing = { usd: 0, calls: 0, unpriced: 0 }
    const all = [
      ...usd.map(({ labels, value }) => ({ ...nothing, labels, usd: value })),
      ...calls.map(({ labels, value }) => ({ ...nothing, labels, calls: value })),
      ...without.map(({ labels, value }) => ({ ...nothing, labels, unpriced: value })),
      ...uncounted.map(({ labels, value }) => ({ ...nothing, labels, unpriced: value, noUsage: value })),
    ]
    return totalsBy(
      all.filter(({ usd, calls, unpriced }) => usd !== 0 || calls !== 0 || unpriced !== 0),
      by,
    )
  }

  return {
    name: `${backend.name} at ${backend.url}`,
    dimensions: new Set(Object.keys(attributeOf) as Dimension[]),
    async spend(spans, by, scope = {}) {
      const found: Spend[][] = []
      for (const span of spans) found.push(await spendIn(span, by, scope))
      return found
    },
    async tokens(spans, scope = {}) {
      const only = conditionOf(scope, attributeOf)
      const whole = { start: spans[0]?.start ?? 0, end: spans.at(-1)?.end ?? 0 }
      const counts = tokenKinds.map(async kind => {
        const attribute = `span.${tokenAttributes[kind]}`
        const found = await numbers(`{ ${isCall} && ${attribute} != nil${only} } | sum_over_time(${attribute})`, whole)
        return [kind, found.reduce((sum, { value }) => sum + value, 0)]
      })
      return Object.fromEntries(await Promise.all(counts)) as Tokens
    },
    knownSince: async now => now - keptDays * 86_400_000,
  }
}

/** The tier that has all traces. */
export const detailed = { 'x-scope-orgid': tenantOf('detailed') }

/** A suffix for TraceQL conditions; '' for all calls. */
export const conditionOf = (scope: Scope, attributeOf: AttributeOf): string =>
  Object.entries(scope)
    .map(([dimension, names]) => {
      const attribute = attributeOf[dimension as Dimension]
      const alternatives = names.map(name => `${attribute} = ${JSON.stringify(name)}`)
      return ` && (${alternatives.join(' || ')})`
    })
    .join('')
