// A month of what an app sent, as the server of the medium resolution has it: a sample of each series each five minutes. Counters rise
// evenly, and every service of the three has the series of the one app.
import { startPrometheus } from '../prometheus/start'

const STEP = 300
const DAYS = 30
const SERVICES = 3
/** A server takes what is an hour older than the newest sample, so each request has half of one. */
const AT_ONCE = 6

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
  const all = (await samplesOf(from, names)).flatMap(seriesOf)
  const server = await startPrometheus(binary, [], 'medium')
  const end = Math.floor(Date.now() / 1_000)
  const steps = (DAYS * 86_400) / STEP
  try {
    for (let first = 0; first <= steps; first += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, steps + 1 - first) }, (_, index) => first + index)
      const at = some.map(step => ({ time: (end - (steps - step) * STEP) * 1_000, share: step / steps }))
      const response = await fetch(`${server.url}/api/v1/write`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
        body: new Uint8Array(snappy(Buffer.concat(all.map(one => one(at))))),
      })
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
      await response.arrayBuffer()
    }
  } catch (error) {
    await server.stop()
    throw error
  }
  return { ...server, series: all.length }
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

type Encoded = (at: readonly { readonly time: number; readonly share: number }[]) => Buffer

/** In the protobuf of Prometheus' remote write 1.0: labels once, and then a value for each time. */
function seriesOf({ metric, value }: Sample): Encoded[] {
  const rises = /_(?:total|count|sum|bucket)$/.test(metric.__name__ ?? '')
  return Array.from({ length: SERVICES }, (_, service) => {
    const labels: Record<string, string> = { ...metric, instance: `${metric.instance}-${service}` }
    if (labels.service_name) labels.service_name = `shop-${service}`
    const names = Object.entries(labels)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, text]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(text))])))
    return at => {
      const samples = at.map(({ time, share }) => {
        const double = Buffer.alloc(9)
        double[0] = (1 << 3) | 1
        double.writeDoubleLE(rises ? value * share * 1_000 : value, 1)
        return field(2, Buffer.concat([double, Buffer.from([2 << 3]), varint(time)]))
      })
      return field(1, Buffer.concat([...names, ...samples]))
    }
  })
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

const field = (number: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content])

/** As snappy has it where nothing is compressed: the length, and literals of 64 KiB at most. */
function snappy(content: Buffer): Buffer {
  const parts = [varint(content.length)]
  for (let at = 0; at < content.length; at += 65_536) {
    const literal = content.subarray(at, at + 65_536)
    const length = Buffer.alloc(3)
    length[0] = 61 << 2
    length.writeUInt16LE(literal.length - 1, 1)
    parts.push(length, literal)
  }
  return Buffer.concat(parts)
}
