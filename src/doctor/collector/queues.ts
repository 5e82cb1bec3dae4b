// Called by collector.ts: how much waits for each store.
import { type Check, checksOf } from '../check'
import type { Sample } from '../exposition'

/** The share of a queue from which on an outage has to be looked at before the queue is full. */
const tooFull = 0.8

export function queueCheck(samples: ReadonlyMap<string, readonly Sample[]>): Check {
  const { holds, fails, skips } = checksOf('Collector')
  const capacities = samples.get('otelcol_exporter_queue_capacity') ?? []
  if (capacities.length === 0) return skips('queues', 'it has none')
  const queues = capacities.map(({ labels, value: capacity }) => {
    const isSame = (other: Sample) =>
      other.labels.exporter === labels.exporter && other.labels.data_type === labels.data_type
    const size = samples.get('otelcol_exporter_queue_size')?.find(isSame)?.value ?? 0
    return { share: size / capacity, says: `${labels.exporter} ${size} of ${capacity}` }
  })
  const said = (of: typeof queues) => of.map(({ says }) => says).join(', ')
  const full = queues.filter(({ share }) => share >= tooFull)
  if (full.length > 0)
    return fails(
      'queues',
      `nearly full: ${said(full)}; its store is away, refuses, or is too slow (the Collector's log says which)`,
    )
  const waiting = queues.filter(({ share }) => share > 0)
  return holds('queues', waiting.length === 0 ? 'nothing waits' : `waiting: ${said(waiting)}`)
}
