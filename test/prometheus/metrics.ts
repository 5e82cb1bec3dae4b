// An hour of metrics whose counters grow by the same each minute, so that rates are known. answers.ts says by hand
// what each query answers.

interface Instrument {
  name: string
  unit: string
  points: { attributes: Record<string, string>; perMinute: number | Histogram }[]
}

/** Calls a minute, by bucket. */
interface Histogram {
  bounds: number[]
  counts: number[]
  /** From 25 minutes ago on, instead. */
  lately?: number[]
}

const gpt = { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-5-mini' }
const claude = { 'gen_ai.provider.name': 'anthropic', 'gen_ai.request.model': 'claude-sonnet-5' }
const part = (component: string) => ({ 'afn.llm.cost.component': component, 'afn.llm.cost.source': 'local' })
const outcome = (word: string) => ({ 'gen_ai.evaluation.name': 'relevance', 'afn.llm.evaluation.outcome': word })
const served = (status: string) => ({ 'span.kind': 'SPAN_KIND_SERVER', 'status.code': status })
const usage = 'gen_ai.client.inference.usage'
const seconds = [1, 2, 4]
const wait = [0.32, 0.64, 1.28]

export const instruments: Instrument[] = [
  {
    name: 'afn.llm.cost',
    unit: '{USD}',
    points: [
      { attributes: { ...gpt, ...part('input') }, perMinute: 0.01 },
      { attributes: { ...gpt, ...part('output') }, perMinute: 0.02 },
      { attributes: { ...claude, ...part('input') }, perMinute: 0.05 },
    ],
  },
  {
    name: `${usage}.input_tokens`,
    unit: '{token}',
    points: [
      { attributes: gpt, perMinute: 1_000 },
      { attributes: claude, perMinute: 500 },
    ],
  },
  {
    name: `${usage}.output_tokens`,
    unit: '{token}',
    points: [
      { attributes: gpt, perMinute: 100 },
      { attributes: claude, perMinute: 50 },
    ],
  },
  { name: `${usage}.cache_read.input_tokens`, unit: '{token}', points: [{ attributes: gpt, perMinute: 250 }] },
  {
    name: 'gen_ai.client.inference.duration',
    unit: 's',
    points: [
      { attributes: gpt, perMinute: { bounds: seconds, counts: [8, 1, 1, 0] } },
      { attributes: { ...gpt, 'error.type': 'overloaded' }, perMinute: { bounds: seconds, counts: [2, 0, 0, 0] } },
      { attributes: claude, perMinute: { bounds: seconds, counts: [5, 0, 0, 0] } },
    ],
  },
  {
    name: 'gen_ai.client.inference.time_to_first_chunk',
    unit: 's',
    points: [{ attributes: gpt, perMinute: { bounds: wait, counts: [0, 10, 0, 0], lately: [0, 0, 10, 0] } }],
  },
  {
    name: 'afn.llm.unpriced_operations',
    unit: '{operation}',
    points: [
      {
        attributes: {
          'gen_ai.provider.name': 'ollama',
          'gen_ai.request.model': 'local-llm',
          'afn.llm.unpriced.reason': 'no_price',
        },
        perMinute: 1,
      },
      { attributes: { ...gpt, 'afn.llm.unpriced.reason': 'no_usage' }, perMinute: 0 },
    ],
  },
  {
    name: 'afn.llm.evaluation.results',
    unit: '{evaluation}',
    points: [
      { attributes: outcome('pass'), perMinute: 4 },
      { attributes: outcome('fail'), perMinute: 1 },
      { attributes: outcome('skipped'), perMinute: 3 },
    ],
  },
  {
    name: 'afn.redaction.matches',
    unit: '{match}',
    points: [{ attributes: { 'afn.redaction.type': 'EMAIL' }, perMinute: 3 }],
  },
  {
    name: 'afn.span.calls',
    unit: '',
    points: [
      { attributes: served('STATUS_CODE_ERROR'), perMinute: 1 },
      { attributes: served('STATUS_CODE_UNSET'), perMinute: 9 },
      { attributes: { 'span.kind': 'SPAN_KIND_CLIENT', 'status.code': 'STATUS_CODE_ERROR' }, perMinute: 50 },
    ],
  },
]

const CUMULATIVE = 2

/**
 * One OTLP request: all metrics as they stand at the end of a minute.
 * @param minute 1 is the first of the hours that are sent
 * @param lately how many of them were after the change, 25 minutes ago
 */
export function request(minute: number, lately: number, at: number): object {
  const nanos = (unix: number) => `${unix}000000000`
  const times = { startTimeUnixNano: nanos(at - minute * 60), timeUnixNano: nanos(at) }
  const metrics = instruments.map(({ name, unit, points }) => {
    const common = points.map(({ attributes, perMinute }) => ({
      attributes: attributesOf(attributes),
      ...times,
      ...(typeof perMinute === 'number' ? { asDouble: perMinute * minute } : buckets(perMinute, minute, lately)),
    }))
    const data = { aggregationTemporality: CUMULATIVE, dataPoints: common }
    return typeof points[0]?.perMinute === 'number'
      ? { name, unit, sum: { ...data, isMonotonic: true } }
      : { name, unit, histogram: data }
  })
  const resource = { attributes: attributesOf({ 'service.name': 'chat-api', 'service.instance.id': 'one' }) }
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'test' }, metrics }] }] }
}

function buckets({ bounds, counts, lately: changed = counts }: Histogram, minute: number, lately: number) {
  const totals = counts.map((count, index) => count * (minute - lately) + changed[index]! * lately)
  const count = totals.reduce((sum, value) => sum + value, 0)
  return { explicitBounds: bounds, bucketCounts: totals.map(String), count: String(count), sum: count }
}

const attributesOf = (attributes: Record<string, string>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } }))
