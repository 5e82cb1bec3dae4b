// A month of what an app sent, as the server of the medium resolution has it: a sample of each series each five minutes. Counters rise
// evenly, and every service of the three has the series of the one app.
import { startPrometheus } from '../prometheus/start'
import { encoderOf, remoteWrite } from '../support/remote-write'

const STEP = 300
const DAYS = 30
const SERVICES = 3
/** A server takes what is an hour older than the newest sample, so each request has half of one. */
const AT_ONCE = 6

interface Found {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

/** @param from a Prometheus that the app filled @param names of the metrics that are taken over */
export async function month(
  binary: string,
  from: string,
  names: readonly string[],
): Promise<{ url: string; series: number; stop: () => Promise<void> }> {
  const all = (await samplesOf(from, names)).flatMap(seriesOf)
  const server = await startPrometheus(binary, [], 'medium')
  const end = Math.floor(Date.now() / 1_000)
  const steps = (DAYS * 86_400) / STEP
  try {
    for (let first = 0; first <= steps; first += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, steps + 1 - first) }, (_, index) => first + index)
      const at = some.map(step => ({ time: (end - (steps - step) * STEP) * 1_000, share: step / steps }))
      await remoteWrite(
        server.url,
        all.map(one => one(at)),
      )
    }
  } catch (error) {
    await server.stop()
    throw error
  }
  return { ...server, series: all.length }
}

async function samplesOf(url: string, names: readonly string[]): Promise<Found[]> {
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

type Encoded = (at: readonly { readonly time: number; readonly share: number }[]) => Buffer

function seriesOf({ metric, value }: Found): Encoded[] {
  const rises = /_(?:total|count|sum|bucket)$/.test(metric.__name__ ?? '')
  return Array.from({ length: SERVICES }, (_, service) => {
    const labels: Record<string, string> = { ...metric, instance: `${metric.instance}-${service}` }
    if (labels.service_name) labels.service_name = `shop-${service}`
    const encode = encoderOf(labels)
    return at => encode(at.map(({ time, share }) => ({ time, value: rises ? value * share * 1_000 : value })))
  })
}
