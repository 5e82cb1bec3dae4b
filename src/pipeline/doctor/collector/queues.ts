// How much waits for each store, and since when nothing has reached it.

import { setTimeout as sleep } from 'node:timers/promises'
import { placeOf } from '../addresses'
import { type Check, checksOf } from '../check'
import { spanOfSeconds } from '../durations-text'
import type { Sample } from '../exposition'
import { ask, objectIn } from '../probe-request'

/** The share of a queue from which on an outage has to be looked at before the queue is full. */
const tooFull = 0.8
/** Longer than the pause between two tries, which is 30 s at most. */
const mostSilentSeconds = 120

/** In which what came just now is delivered: batches wait for a second. */
const LOOK_AGAIN_MS = 3_000

type Samples = ReadonlyMap<string, readonly Sample[]>

/** @param again asks the Collector once more for its metrics */
export async function queueCheck(
  samples: Samples,
  env: NodeJS.ProcessEnv,
  again: () => Promise<Samples>,
): Promise<Check> {
  const { holds, fails, skips } = checksOf('Collector')
  const capacities = samples.get('otelcol_exporter_queue_capacity') ?? []
  if (capacities.length === 0) return skips('queues', 'none')
  const queues = capacities.map(({ labels, value: capacity }) => {
    const isSame = (other: Sample) =>
      other.labels.exporter === labels.exporter && other.labels.data_type === labels.data_type
    const size = samples.get('otelcol_exporter_queue_size')?.find(isSame)?.value ?? 0
    return {
      exporter: labels.exporter ?? '',
      share: size / capacity,
      says: `${labels.exporter} ${size} of ${capacity}`,
    }
  })
  const said = (of: typeof queues) => of.map(({ says }) => says).join(', ')
  const full = queues.filter(({ share }) => share >= tooFull)
  const waiting = queues.filter(({ share }) => share > 0)
  const delivered = await deliveries(samples, env, waiting.length > 0)
  const since = waiting.flatMap(({ exporter }) => delivered.get(exporter) ?? [])
  const notSince = since.map(({ text }) => `; ${text}`).join('')
  if (full.length > 0)
    return fails(
      'queues',
      `nearly full: ${said(full)}${notSince}; its store is down, rejects data, or is too slow (see the Collector's log)`,
    )
  if (waiting.length === 0) return holds('queues', 'empty')
  const text = `waiting: ${said(waiting)}${notSince}`
  const silent = since.filter(({ seconds }) => seconds >= mostSilentSeconds).map(({ exporter }) => exporter)
  // where nothing came for long, the first span that comes finds a store from which nothing came for as long
  if (silent.length === 0 || !(await areStuck(silent, samples, again))) return holds('queues', text)
  return fails(
    'queues',
    `${text}; its store is down or rejects data (see the Collector's log): restore it before the queue is full`,
  )
}

async function areStuck(
  exporters: readonly string[],
  before: Samples,
  again: () => Promise<Samples>,
): Promise<boolean> {
  await sleep(LOOK_AGAIN_MS)
  const now = await again()
  return exporters.some(exporter => queued(now, exporter) > 0 && sentBy(now, exporter) === sentBy(before, exporter))
}

const total = (samples: Samples, name: RegExp, exporter: string): number =>
  [...samples]
    .filter(([key]) => name.test(key))
    .flatMap(([, values]) => values)
    .reduce((sum, { labels, value }) => sum + (labels.exporter === exporter ? value : 0), 0)

const queued = (samples: Samples, exporter: string) => total(samples, /^otelcol_exporter_queue_size$/, exporter)
const sentBy = (samples: Samples, exporter: string) => total(samples, /^otelcol_exporter_sent_/, exporter)

interface LastDelivery {
  readonly exporter: string
  readonly seconds: number
  /** For the user: not delivered since when. */
  readonly text: string
}

/** The last growth of what each exporter has sent, by a Prometheus that scrapes the Collector; to the minute, within a day. */
export const lastGrowth = `max by (exporter) (max_over_time(timestamp(changes({__name__=~"otelcol_exporter_sent_(spans|metric_points|log_records)(_total)?"}[1m]) > 0)[1d:1m]))`

/** By exporter. An exporter of which nothing is known is left out. */
async function deliveries(
  samples: Samples,
  env: NodeJS.ProcessEnv,
  isWanted: boolean,
): Promise<Map<string, LastDelivery>> {
  const found = new Map<string, LastDelivery>()
  if (!isWanted) return found
  const now = Date.now() / 1_000
  const uptime = samples.get('otelcol_process_uptime')?.[0]?.value ?? 0
  for (const { labels } of samples.get('otelcol_exporter_queue_capacity') ?? []) {
    const { exporter = '' } = labels
    if (sentBy(samples, exporter) > 0) continue
    const text = `nothing delivered by ${exporter} since it started ${spanOfSeconds(uptime)} ago`
    found.set(exporter, { exporter, seconds: uptime, text })
  }
  const { url } = placeOf(env, ['AFN_PROMETHEUS_URL', 'AFN_PROMETHEUS'], 'http://localhost:9090')
  const answer = await ask(`${url}/api/v1/query?query=${encodeURIComponent(lastGrowth)}`)
  const { result } = ('status' in answer ? (objectIn(answer.body).data ?? {}) : {}) as { result?: Growth[] }
  for (const { metric, value } of Array.isArray(result) ? result : []) {
    const { exporter } = metric
    const at = Number(value[1])
    const seconds = now - at
    // the answer is to the minute
    if (exporter === undefined || !(seconds >= 60)) continue
    const time = new Date(at * 1_000).toISOString().slice(0, 16)
    const text = `nothing delivered by ${exporter} since ${time}Z, ${spanOfSeconds(seconds)} ago`
    found.set(exporter, { exporter, seconds, text })
  }
  return found
}

interface Growth {
  readonly metric: { readonly exporter?: string }
  readonly value: readonly [number, string]
}
