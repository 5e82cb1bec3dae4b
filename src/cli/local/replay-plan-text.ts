// What `afn-otel export --to` would send, and what a store as it is generated, or by default, will not take of it.

import type { ReplayCounts } from '../../backend/api/answers'
import type { Signal } from '../../shared/config/otlp'
import { nounOf, type Plan } from './replay'

const number = (count: number): string => count.toLocaleString('en-US')
/** To the second. */
const time = (ns: string): string => `${new Date(Number(BigInt(ns) / 1_000_000n)).toISOString().slice(0, 19)}Z`

export function planLines(plan: Plan): string[] {
  return Array.from(plan, ([signal, counts]) => {
    const { records, first, last } = counts
    const what = records === 0 ? 'nothing' : `${number(records)} ${nounOf[signal]}`
    return `${signal.padEnd(8)} ${what}${first === null ? '' : `, ${time(first)} to ${time(last!)}`}`
  })
}

/** Known limits of the stores behind; nobody asks them. */
export function limitLines(plan: Plan): string[] {
  return Array.from(plan).flatMap(([signal, counts]) => (counts.records === 0 ? [] : limits[signal](counts)))
}

const limits: Record<Signal, (counts: ReplayCounts) => string[]> = {
  traces: () => ['traces: Tempo accepts spans of any age; its next compaction removes those older than its retention'],
  metrics({ olderThan, deltas }) {
    const lines: string[] = []
    const [late, hour] = [olderThan['1800'] ?? 0, olderThan['3600'] ?? 0]
    if (late > 0)
      lines.push(
        `metrics: ${number(late)} data points are older than 30 min, the out_of_order_time_window of a generated prometheus.yml, and ${number(hour)} are older than an hour, the limit of an empty Prometheus without that setting. Prometheus rejects older points with 400; set a longer window first`,
      )
    if (deltas > 0)
      lines.push(
        `metrics: ${number(deltas)} are deltas, which Prometheus rejects without --enable-feature=otlp-deltatocumulative; send them to the Collector`,
      )
    return lines
  },
  logs({ olderThan }) {
    const old = olderThan['604800'] ?? 0
    if (old === 0) return []
    return [
      `logs: ${number(old)} log records are older than 7 days, the default reject_old_samples_max_age of Loki, which rejects them; raise it first`,
    ]
  },
}
