// What `afn-otel up` counts of its spans has the names, labels and values of what the Collector counts of the same spans. Oracle: the real
// Collector with the generated configuration, behind it a real Prometheus.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type GivenTrace, hex, tracesRequest } from '../browser/explorer/data'
import { shop } from '../browser/explorer/shop'
import { type ExplorerSite, startExplorer } from '../browser/explorer/site'
import { type Pipeline, startPipeline } from '../dashboards/load'

const binary = inject('prometheusBinary')

/** Agents, tags, a guardrail, and an agent that repeats what its call cost. */
function agents(start: bigint): GivenTrace {
  const call = (id: number, attributes: Record<string, string | number | boolean | string[]>) => ({
    id: hex(0xc0000 + id, 16),
    name: 'chat m',
    kind: 3,
    at: id,
    // each edge, and one nanosecond more
    for: [50, 50.000001, 100, 120_000, 120_000.001][id % 5]!,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', ...attributes },
  })
  const spans = [
    call(0, { 'gen_ai.agent.name': 'booker', 'afn.llm.cost.total': 0.25, 'langfuse.trace.tags': ['pro', 'beta'] }),
    call(1, { 'gen_ai.agent.name': 'booker', 'afn.llm.cost.total': 0.5, 'langfuse.trace.tags': ['beta', 'pro'] }),
    call(2, { 'gen_ai.agent.name': 'booker', 'afn.llm.cost.total': 0.75, 'afn.llm.usage.rollup': true }),
    call(5, { 'afn.llm.cost.total': 0.0625, 'langfuse.trace.tags': ['free'] }),
    call(3, { 'afn.llm.cost.total': 0.125, 'afn.llm.guardrail.triggered': true, 'gen_ai.provider.name': 'openai' }),
    call(4, { 'error.type': 'timeout', 'afn.llm.guardrail.triggered': false }),
  ]
  return { id: hex(0xc0ffee, 32), start, services: { 'shop-api': spans } }
}

describe.skipIf(binary === undefined || inject('collectorBinary') === undefined)('counts of spans', () => {
  let pipeline: Pipeline
  let site: ExplorerSite

  beforeAll(async () => {
    ;[pipeline, site] = await Promise.all([startPipeline(binary!), startExplorer()])
    const now = BigInt(Date.now()) * 1_000_000n
    // two processes of one app are one series
    for (const request of [shop(now), [agents(now - 300_000_000_000n)]].map(tracesRequest)) {
      await site.send('traces', request)
      await pipeline.collector.send('traces', request)
    }
  })
  afterAll(async () => {
    await site?.close()
    await pipeline?.stop()
  })

  /** By their labels, but those that tell Collectors apart. */
  async function seriesOf(base: string, metric: string): Promise<Record<string, number>> {
    const query = `sum without (collector_instance_id, instance, job) (max_over_time(${metric}[1h]))`
    const answer = await (await fetch(`${base}/api/v1/query?${new URLSearchParams({ query })}`)).json()
    const found = (answer.data.result as { metric: object; value: [number, string] }[]).map(
      ({ metric: labels, value }) =>
        [JSON.stringify(Object.entries(labels).sort()), Number(Number(value[1]).toPrecision(9))] as const,
    )
    return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  it.each([
    'afn_span_calls_total',
    'afn_span_duration_seconds_count',
    'afn_span_duration_seconds_sum',
    'afn_span_duration_seconds_bucket',
    'afn_llm_feature_cost_total',
    'afn_llm_guardrail_interventions_total',
  ])('%s is what the Collector makes of the same spans', async metric => {
    const ours = await seriesOf(site.url.replace(/\/$/, ''), metric)
    expect(Object.keys(ours).length).toBeGreaterThan(0)
    await expect.poll(() => seriesOf(pipeline.url, metric), { timeout: 20_000, interval: 500 }).toEqual(ours)
  })

  it('grow from 0, so that an increase has them all', async () => {
    const query = 'sum(increase(afn_span_calls_total[2h]))'
    const answer = await (await fetch(`${site.url}api/v1/query?${new URLSearchParams({ query })}`)).json()
    const all = await (await fetch(`${site.url}api/afn/stats`)).json()
    expect(Number(answer.data.result[0].value[1])).toBeCloseTo(all.spans, 0)
  })
})
