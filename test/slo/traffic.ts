// A month of a service in numbers: uneven traffic, incidents at night and at noon, restarts that set counters back, and hours that nobody
// scraped. It says what Prometheus would have stored, and by its own counts what was true.
import { appendFileSync, writeFileSync } from 'node:fs'
import { Random } from '../support/random'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Events of one SLO. */
export interface Count {
  total: number
  bad: number
}

export type Kind = 'availability' | 'latency' | 'llm' | 'quality'

/** Of a UTC day, or of the whole. */
export type Counts = Record<Kind, Count>

export interface Traffic {
  /** Unix time, in seconds. */
  readonly start: number
  readonly end: number
  /** Of the hours that were scraped. */
  readonly counts: Counts
  /** Of the hours that were not. */
  readonly unseen: Counts
  /** By the date of a day in UTC; what was scraped. */
  readonly days: ReadonlyMap<string, Counts>
  /** Bad events by route and by model; also those that were not scraped, which the counters have when they are scraped again. */
  readonly causes: ReadonlyMap<string, number>
  readonly restarts: number
  readonly samples: number
}

export interface TrafficOptions {
  /** Unix time, in seconds, on a full minute. */
  readonly start: number
  readonly days: number
  /** Where 6 hours without a scrape begin, in seconds after the start. */
  readonly gapAt: number
  readonly seed?: number
  /** The service of the metrics. */
  readonly service: string
}

const newCounts = (): Counts => ({
  availability: { total: 0, bad: 0 },
  latency: { total: 0, bad: 0 },
  llm: { total: 0, bad: 0 },
  quality: { total: 0, bad: 0 },
})

/** Requests a minute: nights of almost nothing, noons of many, weekends of half, and one night hour in which nobody comes. */
function requestsAt(time: number): number {
  const hour = (time % DAY) / HOUR
  const isWeekend = [0, 6].includes(new Date(time * 1_000).getUTCDay())
  if (hour >= 3 && hour < 3.75) return 0
  return (4 + 180 * Math.max(0, Math.sin(((hour - 7) / 14) * Math.PI)) ** 2) * (isWeekend ? 0.5 : 1)
}

/** Where the day begins that is so far into the whole, in seconds. */
export const dayAt = (share: number, whole: number): number => Math.floor((share * whole) / DAY) * DAY

/** Shares of requests that fail, that are slow, of LLM calls that fail, and of answers that are judged as bad. */
function sharesAt(after: number, whole: number): [number, number, number, number] {
  // of a month, three hours of a night with few requests, many of which fail, and an hour at noon
  const [night, noon] = [dayAt(0.5, whole) + HOUR, dayAt(0.65, whole) + 12 * HOUR]
  if (after > night && after <= night + whole / 240) return [0.4, 0.5, 0.3, 0.5]
  if (after > noon && after <= noon + whole / 720) return [0.05, 0.3, 0.2, 0.6]
  return [0.0002, 0.03, 0.004, 0.12]
}

/** Counters of one process, by series. They begin anew with it, and a series begins with its first event. */
class Process {
  readonly values = new Map<string, number>()
  /** When a series was 0: the SDK says so of the collection before the one that has it first. */
  readonly starts = new Map<string, number>()
  /** Series whose 0 is stored, as our Prometheus does (created-timestamp-zero-ingestion). */
  readonly stored = new Set<string>()

  /** @param start Unix time, in seconds */
  constructor(
    readonly instance: string,
    readonly start: number,
  ) {}

  add(series: string, by: number): void {
    if (by > 0) this.values.set(series, (this.values.get(series) ?? 0) + by)
  }
}

/** Writes what Prometheus would have scraped every minute as OpenMetrics, for `promtool tsdb create-blocks-from openmetrics`. */
export function writeTraffic(file: string, options: TrafficOptions): Traffic {
  const { start, days, gapAt, seed = 17, service } = options
  const whole = days * DAY
  const random = new Random(seed)
  const processes = ['a', 'b'].map(instance => new Process(instance, start))
  const counts = newCounts()
  const unseen = newCounts()
  const byDay = new Map<string, Counts>()
  const causes = new Map<string, number>()
  const lines = new Map<string, string[]>()
  let [restarts, samples] = [0, 0]

  const round = (value: number) => Math.floor(value) + (random.chance(value % 1) ? 1 : 0)

  function collect(time: number, isSeen: boolean): void {
    for (const process of processes)
      for (const [series, value] of process.values) {
        const begun = process.starts.get(series) ?? Math.max(process.start, time - MINUTE)
        process.starts.set(series, begun)
        if (!isSeen) continue
        const [name, labels] = series.split('|') as [string, string]
        const key = `${name}{job="${service}",service_name="${service}",instance="${process.instance}",${labels}}`
        const list = lines.get(key) ?? []
        lines.set(key, list)
        if (!process.stored.has(series) && !list.at(-1)?.endsWith(` ${begun}`)) list.push(`${key} 0 ${begun}`)
        process.stored.add(series)
        list.push(`${key} ${value} ${time}`)
        samples++
      }
  }

  /** A share of the minute's events of one process. */
  function count(process: Process, after: number, part: number, into: readonly Counts[]): void {
    const [failing, slow, failingCalls, judgedBad] = sharesAt(after, whole)
    const cause = (name: string, by: number) => causes.set(name, (causes.get(name) ?? 0) + by)
    const add = (kind: Kind, total: number, bad: number) => {
      for (const one of into) {
        one[kind].total += total
        one[kind].bad += bad
      }
    }
    for (const [route, share] of [
      ['/chat', 0.7],
      ['/', 0.3],
    ] as const) {
      // biome-ignore format: one line
      const requests = round((requestsAt(start + after) * share * part) / processes.length)
      const bad = round(requests * failing)
      const late = route === '/chat' ? round((requests - bad) * slow) : 0
      http(process, route, '200', '', requests - bad, requests - bad - late)
      http(process, route, '500', 'error_type="500",', bad, bad)
      add('availability', requests, bad)
      add('latency', requests, late)
      cause(`route ${route} 500`, bad)
      cause(`slow ${route}`, late)
      if (route === '/') continue
      for (const [model, size] of [
        ['gpt-5', 0.6],
        ['claude-5', 0.4],
      ] as const) {
        // biome-ignore format: one line
        const calls = round(requests * size)
        const failed = round(calls * failingCalls * (model === 'gpt-5' ? 1.5 : 0.25))
        const late = round(failed * 0.7)
        llm(process, model, '', calls - failed)
        llm(process, model, 'error_type="timeout",', late)
        llm(process, model, 'error_type="429",', failed - late)
        add('llm', calls, failed)
        cause(`model ${model}`, failed)
      }
      const judged = round(requests * 0.2)
      const fails = round(judged * judgedBad)
      evaluation(process, 'pass', judged - fails)
      evaluation(process, 'fail', fails)
      add('quality', judged, fails)
    }
  }

  for (let after = MINUTE; after <= whole; after += MINUTE) {
    const time = start + after
    const isSeen = after <= gapAt || after > gapAt + 6 * HOUR
    // what happened in the minute that ends now
    const day = new Date((time - 1) * 1_000).toISOString().slice(0, 10)
    const ofDay = byDay.get(day) ?? newCounts()
    byDay.set(day, ofDay)
    const into = isSeen ? [counts, ofDay] : [unseen]
    for (const [at, process] of processes.entries()) {
      if (random.below(20 * 60) > 0) {
        count(process, after, 1, into)
        continue
      }
      // half of the minute is gone with the process before anybody scraped it
      restarts++
      count(process, after, 0.5, into)
      // one is scraped at its address, the other sends, and is a new instance each time
      processes[at] = new Process(at === 0 ? 'a' : `b-${restarts}`, time - MINUTE / 2)
      count(processes[at]!, after, 0.5, into)
    }
    collect(time, isSeen)
  }
  writeFileSync(file, '')
  for (const key of [...lines.keys()].sort()) appendFileSync(file, `${lines.get(key)!.join('\n')}\n`)
  appendFileSync(file, '# EOF\n')
  return { start, end: start + whole, counts, unseen, days: byDay, causes, restarts, samples }
}

function http(process: Process, route: string, status: string, error: string, requests: number, inTime: number): void {
  const name = 'http_server_request_duration_seconds'
  const labels = `http_request_method="POST",http_route="${route}",${error}http_response_status_code="${status}"`
  if (requests === 0) return
  process.add(`${name}_count|${labels}`, requests)
  // a histogram has all of its buckets as soon as it has one observation
  for (const [edge, within] of [
    ['2', inTime],
    ['+Inf', requests],
  ] as const) {
    // biome-ignore format: one line
    const key = `${name}_bucket|${labels},le="${edge}"`
    process.values.set(key, (process.values.get(key) ?? 0) + within)
  }
}

function llm(process: Process, model: string, error: string, calls: number): void {
  process.add(
    `gen_ai_client_inference_duration_seconds_count|${error}gen_ai_operation_name="chat",gen_ai_request_model="${model}"`,
    calls,
  )
}

function evaluation(process: Process, outcome: string, count: number): void {
  process.add(
    `afn_llm_evaluation_results_total|gen_ai_evaluation_name="relevance",afn_llm_evaluation_outcome="${outcome}"`,
    count,
  )
}
