// A month of what an app sent, as the server of the medium resolution has it: a sample of each series each five minutes. Counters rise
// evenly, and every service of the three has the series of the one app.
import { startPrometheus } from '../prometheus/start'

const STEP = 300
const DAYS = 30
const SERVICES = 3

interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

/** @param from a Prometheus that the app filled @param names of the metrics that are taken over */
export async function month(
  binary: string,
  from: string,
  names: readonly string[],
): Promise<{ url: string; series: number; stop: () => Promise<void> }> {
  const samples = await samplesOf(from, names)
  const server = await startPrometheus(binary, [], 'medium')
  const now = Math.floor(Date.now() / 1_000)
  const steps = (DAYS * 86_400) / STEP
  try {
    for (let step = 0; step <= steps; step++) {
      const response = await fetch(`${server.url}/api/v1/otlp/v1/metrics`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request(samples, now - (steps - step) * STEP, step / steps)),
      })
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
      await response.arrayBuffer()
    }
  } catch (error) {
    await server.stop()
    throw error
  }
  return { ...server, series: samples.length * SERVICES }
}

async function samplesOf(url: string, names: readonly string[]): Promise<Sample[]> {
  const found = await Promise.all(
    names.map(async name => {
      const query = new URLSearchParams({ query: `{__name__="${name}"}` })
      const response = await fetch(`${url}/api/v1/query?${query}`)
      const { data } = (await response.json()) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] }
      }
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
    }),
  )
  return found.flat().filter(({ value }) => Number.isFinite(value))
}

/** Gauges keep their names as they are; what rises is a counter for whoever asks. */
function request(samples: readonly Sample[], time: number, share: number): object {
  const byName = new Map<string, object[]>()
  for (const { metric, value } of samples) {
    const { __name__: name = '', job: _, instance: __, ...labels } = metric
    const rises = /_(?:total|count|sum|bucket)$/.test(name)
    for (let service = 0; service < SERVICES; service++) {
      const all = { ...labels, ...(labels.service_name && { service_name: `shop-${service}` }), of: String(service) }
      const attributes = Object.entries(all).map(([key, stringValue]) => ({ key, value: { stringValue } }))
      const point = { timeUnixNano: `${time}000000000`, asDouble: rises ? value * share * 1_000 : value, attributes }
      const points = byName.get(name)
      if (points) points.push(point)
      else byName.set(name, [point])
    }
  }
  const metrics = [...byName].map(([name, dataPoints]) => ({ name, gauge: { dataPoints } }))
  return { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }
}
