/** Points of several services over an hour, as a sender of OTLP would send them: one request for each quarter of a minute. */
import { Random } from '../../support/random'

type Json = Record<string, unknown>

const attribute = (key: string, value: Json | string) => ({
  key,
  value: typeof value === 'string' ? { stringValue: value } : value,
})

export const STEP = 15_000
const REQUESTS = 160

const services = ['shop', 'api', 'worker']
const models = ['gpt-4o-mini', 'claude-x', 'other "model"']
const bounds = [0.005, 0.1, 0.5, 1, 5, 10]

interface Process {
  start: number
  readonly counts: Map<string, number>
  readonly histograms: Map<string, { buckets: number[]; sum: number }>
}

/**
 * @param end milliseconds since 1970, of the last request
 * @returns requests in OTLP JSON, the oldest first
 */
export function requests(end: number, seed = 1): Json[] {
  const random = new Random(seed)
  const first = end - (REQUESTS - 1) * STEP
  const processes = new Map<string, Process>()
  const made: Json[] = []
  for (let at = 0; at < REQUESTS; at++) {
    const time = first + at * STEP + random.below(900)
    const resourceMetrics = services.flatMap(service => {
      // one is away for a while, and one starts anew
      if (service === 'worker' && at > 60 && at < 100) return []
      const isNew = !processes.has(service) || (service === 'api' && at === 90)
      if (isNew) processes.set(service, { start: time - 7_000, counts: new Map(), histograms: new Map() })
      return [ofService(service, processes.get(service)!, time, at, random)]
    })
    made.push({ resourceMetrics })
  }
  return made
}

function ofService(service: string, process: Process, time: number, at: number, random: Random): Json {
  const nanos = (milliseconds: number) => `${milliseconds}000000`
  const base = { startTimeUnixNano: nanos(process.start), timeUnixNano: nanos(time) }
  const added = (key: string, more: number) => {
    const count = (process.counts.get(key) ?? 0) + more
    process.counts.set(key, count)
    return count
  }
  const counter = models.flatMap((model, index) => {
    // one of them is seen late, and one now and then
    if ((index === 1 && at < 30) || (index === 2 && at % 7 === 3)) return []
    return [
      {
        ...base,
        attributes: [
          attribute('gen_ai.request.model', model),
          attribute('http.response.status_code', { intValue: String(200 + index) }),
        ],
        asDouble: added(model, random.below(4) / 8),
      },
    ]
  })
  const tokens = { ...base, attributes: [attribute('kind', 'a')], asInt: String(added('tokens', random.below(1_000))) }
  const gauge = {
    timeUnixNano: nanos(time),
    attributes: [attribute('zone', service === 'api' ? 'eu' : 'us')],
    asDouble: at % 41 === 40 ? 'NaN' : random.next() * 100 - 20,
  }
  const uptime = { ...base, asDouble: (time - process.start) / 1_000 }
  const ended = { timeUnixNano: nanos(time), ...(at > 120 && at < 130 ? { flags: 1 } : { asDouble: at }) }
  const histogram = ['GET', 'POST'].map(method => {
    const known = process.histograms.get(method) ?? { buckets: bounds.map(() => 0).concat(0), sum: 0 }
    process.histograms.set(method, known)
    for (let count = random.below(6); count > 0; count--) {
      const value = random.next() ** 3 * 14
      const bucket = bounds.findIndex(bound => value <= bound)
      known.buckets[bucket === -1 ? bounds.length : bucket]!++
      known.sum += value
    }
    return {
      ...base,
      attributes: [attribute('http.request.method', method), attribute('http.route', '/a/{id}')],
      count: String(known.buckets.reduce((sum, count) => sum + count, 0)),
      sum: known.sum,
      bucketCounts: known.buckets.map(String),
      explicitBounds: bounds,
    }
  })
  const summary = {
    ...base,
    count: String(at),
    sum: at * 1.5,
    quantileValues: [
      { quantile: 0.5, value: random.next() },
      { quantile: 0.99, value: random.next() + 1 },
    ],
  }
  const sum = (dataPoints: Json[], isMonotonic: boolean) => ({
    sum: { aggregationTemporality: 2, isMonotonic, dataPoints },
  })
  return {
    resource: {
      attributes: [
        attribute('service.name', service),
        ...(service === 'shop' ? [attribute('service.namespace', 'acme')] : []),
        attribute('service.instance.id', `${service}-1`),
        attribute('deployment.environment.name', service === 'worker' ? 'test' : 'production'),
        attribute('host.name', 'box'),
      ],
    },
    scopeMetrics: [
      {
        scope: { name: 'scope', version: '1' },
        metrics: [
          { name: 'afn.llm.cost', unit: '{USD}', ...sum(counter, true) },
          { name: 'tokens', unit: '{token}', ...sum([tokens], true) },
          { name: 'in.flight', unit: '{request}', ...sum([{ ...base, asInt: String(random.below(9)) }], false) },
          { name: 'load', unit: '1', gauge: { dataPoints: [gauge] } },
          { name: 'process.uptime', unit: 's', gauge: { dataPoints: [uptime] } },
          { name: 'ended', unit: '', gauge: { dataPoints: [ended] } },
          {
            name: 'http.server.request.duration',
            unit: 's',
            histogram: { aggregationTemporality: 2, dataPoints: histogram },
          },
          { name: 'pause', unit: 'ms', summary: { dataPoints: [summary] } },
        ],
      },
    ],
  }
}
