// Metrics and spans through the real Collector into the real Prometheus, each configured as it is generated.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { prometheusChecks } from '../../src/pipeline/doctor/prometheus'
import { type Running, scratchFolder, startCollector, until } from '../collector/support'
import { startPrometheus } from './start'

const binary = inject('prometheusBinary')
const promtool = inject('promtool')
const configs = (['laptop', 'single', 'cluster'] as const).flatMap(profile =>
  generateFiles(planOf(profile))
    .filter(file => /^prometheus[\w-]*\.yml$/.test(file.path))
    .map(file => [profile, file.path, file.content] as const),
)

describe.skipIf(promtool === undefined)('promtool check config', () => {
  it.each(configs)('%s: %s', async (_, file, content) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-promtool-'))
    // promtool opens the files that a configuration names
    writeFileSync(path.join(folder, 'receiver_token'), 'a-token')
    writeFileSync(path.join(folder, file), content.replaceAll('/etc/alert-secrets/', `${folder}/`))
    const { stdout } = await promisify(execFile)(promtool!, ['check', 'config', path.join(folder, file)])
    expect(stdout).toContain('SUCCESS')
    rmSync(folder, { recursive: true, force: true })
  })
})

const [DELTA, CUMULATIVE] = [1, 2] as const
const nanos = (ms: number) => `${ms}000000`
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const resource = {
  attributes: [
    text('service.name', 'chat-api'),
    text('service.namespace', 'afn'),
    text('service.instance.id', 'one'),
    text('telemetry.distro.name', '@afn/otel'),
  ],
}

/** One of each kind, under the names and units that the SDK sends. */
function metrics(start: number) {
  const times = { startTimeUnixNano: nanos(start), timeUnixNano: nanos(Date.now()) }
  const sum = (name: string, unit: string, value: object, aggregationTemporality: number = CUMULATIVE) => ({
    name,
    unit,
    sum: { isMonotonic: true, aggregationTemporality, dataPoints: [{ ...times, ...value }] },
  })
  const histogram = (name: string, unit: string, explicitBounds: number[]) => {
    const bucketCounts = [...explicitBounds.map(() => '1'), '0']
    const point = { ...times, explicitBounds, bucketCounts, count: String(explicitBounds.length), sum: 3 }
    return { name, unit, histogram: { aggregationTemporality: CUMULATIVE, dataPoints: [point] } }
  }
  const exponential = {
    scale: 0,
    zeroCount: '0',
    positive: { offset: 0, bucketCounts: ['2', '1'] },
    count: '3',
    sum: 5,
  }
  const scopeMetrics = [
    {
      metrics: [
        histogram('gen_ai.client.token.usage', '{token}', [1, 64, 4096]),
        histogram('gen_ai.client.inference.duration', 's', [0.5, 2, 8]),
        {
          name: 'gen_ai.client.inference.time_to_first_chunk',
          unit: 's',
          exponentialHistogram: { aggregationTemporality: CUMULATIVE, dataPoints: [{ ...times, ...exponential }] },
        },
        sum('afn.llm.cost', '{USD}', { asDouble: 0.25 }),
        sum('afn.llm.evaluation.results', '{evaluation}', { asInt: '4' }),
        { name: 'afn.llm.evaluation.score', unit: '1', gauge: { dataPoints: [{ ...times, asDouble: 0.9 }] } },
        sum('afn.delta', '{call}', { asInt: '7' }, DELTA),
      ],
    },
  ]
  return { resourceMetrics: [{ resource, scopeMetrics }] }
}

const traceId = 'ab'.repeat(16)
const span = {
  traceId,
  spanId: 'cd'.repeat(8),
  name: 'chat',
  kind: 3,
  // the second line finds it, and tokens without a price
  attributes: [
    text('note', 'ask jane.doe@example.com'),
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.request.model', 'gpt-5-mini'),
    { key: 'gen_ai.usage.input_tokens', value: { intValue: '3' } },
  ],
}

describe.skipIf(binary === undefined || inject('collectorBinary') === undefined)('behind the Collector', () => {
  const folder = scratchFolder()
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>
  let collector: Running
  const start = Date.now() - 1_000

  /** Of the HTTP API. */
  async function ask(question: string, parameters: Record<string, string> = {}) {
    const response = await fetch(`${prometheus.url}/api/v1/${question}?${new URLSearchParams(parameters)}`)
    return ((await response.json()) as { data: never }).data
  }
  interface Series {
    metric: Record<string, string>
    value: [number, string]
  }
  const query = async (promql: string): Promise<Series[]> =>
    ((await ask('query', { query: promql })) as { result: Series[] }).result

  beforeAll(async () => {
    prometheus = await startPrometheus(binary!)
    collector = await startCollector(folder, [], {
      AFN_PROMETHEUS: prometheus.url,
      AFN_SPANMETRICS_FLUSH: '1s',
      AFN_TEMPO: '127.0.0.1:9',
    })
    const times = { startTimeUnixNano: nanos(Date.now() - 1_500), endTimeUnixNano: nanos(Date.now()) }
    const traces = { resourceSpans: [{ resource, scopeSpans: [{ spans: [{ ...span, ...times }] }] }] }
    expect(await collector.send('traces', traces)).toBe(200)
    expect(await collector.send('metrics', metrics(start))).toBe(200)
    await until('the counts', async () => (await query('{__name__=~"afn_(dq|redaction)_.+"}')).length === 2)
    await until('all metrics', async () => (await query('{__name__=~"afn_delta.*|afn_span_calls_total"}')).length === 2)
  })
  afterAll(async () => {
    await collector.stop('SIGKILL')
    await prometheus.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('every metric has the name that rules and dashboards ask for', async () => {
    const names: string[] = await ask('label/__name__/values')
    const histogram = (name: string) => [`${name}_bucket`, `${name}_count`, `${name}_sum`]
    const expected = [
      'afn_delta_total',
      'afn_dq_violations_total',
      'afn_llm_cost_total',
      'afn_llm_evaluation_results_total',
      'afn_llm_evaluation_score_ratio',
      'afn_redaction_leaks_total',
      'afn_span_calls_total',
      ...histogram('afn_span_duration_seconds'),
      ...histogram('gen_ai_client_inference_duration_seconds'),
      'gen_ai_client_inference_time_to_first_chunk_seconds',
      ...histogram('gen_ai_client_token_usage'),
      // of the disks that the Collector's queues are on
      'system_filesystem_inodes_usage',
      'system_filesystem_usage_bytes',
      'system_filesystem_utilization_ratio',
      'target_info',
    ]
    expect(names.toSorted()).toEqual(expected.toSorted())
  })

  it('a service is its namespace and name, and its resource is among the labels', async () => {
    const [cost] = await query('afn_llm_cost_total')
    expect(cost).toMatchObject({
      metric: { job: 'afn/chat-api', instance: 'one', service_name: 'chat-api', service_namespace: 'afn' },
      value: [expect.any(Number), '0.25'],
    })
  })

  it.each([['afn_span_duration_seconds_bucket'], ['gen_ai_client_inference_duration_seconds_bucket']])(
    '%s has the edge of the SLO',
    async name => {
      expect(await query(`${name}{le="2"}`)).toHaveLength(1)
    },
  )

  it('an exponential histogram answers quantiles', async () => {
    const [median] = await query('histogram_quantile(0.5, gen_ai_client_inference_time_to_first_chunk_seconds)')
    expect(Number(median?.value[1])).toBeGreaterThan(1)
  })

  it('a metric that counts anew each time arrives as one that goes on', async () => {
    expect((await query('afn_delta_total'))[0]?.value[1]).toBe('7')
  })

  it('durations of spans lead to their traces', async () => {
    const found: { exemplars: { labels: Record<string, string> }[] }[] = await ask('query_exemplars', {
      query: 'afn_span_duration_seconds_bucket',
      start: String(start / 1_000 - 60),
      end: String(Date.now() / 1_000 + 60),
    })
    const labels = found.flatMap(({ exemplars }) => exemplars.map(exemplar => exemplar.labels))
    expect(labels).toContainEqual(expect.objectContaining({ trace_id: traceId, span_id: span.spanId }))
  })

  it('what the first line missed, and what is wrong with spans, is counted by sender', async () => {
    const [leaks] = await query('afn_redaction_leaks_total')
    expect(leaks).toMatchObject({
      metric: { telemetry_distro_name: '@afn/otel', afn_redaction_place: 'span' },
      value: [expect.any(Number), '1'],
    })
    const [violations] = await query('afn_dq_violations_total')
    expect(violations).toMatchObject({
      metric: { rule: 'unpriced_model', job: 'afn/chat-api' },
      value: [expect.any(Number), '1'],
    })
  })

  it('doctor names the leak, and the rule that spans break and where', async () => {
    const checks = await prometheusChecks({ AFN_PROMETHEUS_URL: prometheus.url }, [planOf('single')])
    const failed = Object.fromEntries(checks.filter(({ ok }) => !ok).map(({ name, detail }) => [name, detail]))
    expect(failed).toEqual({
      'redaction leaks': expect.stringContaining('masked values in 1 records'),
      'data quality': expect.stringContaining('unpriced_model (1 × afn/chat-api): add the price to AFN_PRICES'),
    })
  })
})
