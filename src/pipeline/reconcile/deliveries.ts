// Whether what the Collector had taken for Tempo has arrived. One tier may get its spans later than another: by the seconds in which
// the Collector decides, or by minutes after an outage of Tempo. Pushed meanwhile, they would be there twice.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Sample, samplesIn } from '../doctor/exposition'
import { ask } from '../doctor/probe-request'

export interface Deliveries {
  /**
   * Waits until everything has arrived that the Collector had taken by now; at once where no Collector tells.
   * @param until Unix time in milliseconds
   * @returns false when it has not by then
   */
  arrive(until: number): Promise<boolean>
}

interface Counts {
  /** Traces that the samplers have begun to collect, and those that they are done with. */
  readonly begun: number
  readonly decided: number
  /** By exporter to Tempo: spans that it has sent, and that wait in its queue. */
  readonly sent: ReadonlyMap<string, number>
  readonly waiting: ReadonlyMap<string, number>
}

type Passed = (now: Counts, before: Counts) => boolean

const decided: Passed = (now, before) => now.decided >= before.begun
const sent: Passed = (now, before) =>
  [...before.waiting].every(([exporter, spans]) => {
    const left = now.waiting.get(exporter) ?? 0
    return left === 0 || (now.sent.get(exporter) ?? 0) >= (before.sent.get(exporter) ?? 0) + spans
  })

/** Spans between two stages are in a batch, which is counted nowhere; it leaves after 0.2 s, later on a busy machine. */
const BATCH_MS = 2_000

/** A trace passes the first sampler, then maybe the second, then a queue. */
const stages: readonly Passed[] = [decided, decided, sent]

/** Nothing began, was decided, or waits: what the counts differ by was dropped, as a trace that is too large is. */
const isAtRest = (now: Counts | undefined, before: Counts): boolean =>
  now !== undefined &&
  now.begun === before.begun &&
  now.decided === before.decided &&
  [...now.waiting.values()].every(spans => spans === 0)

/** @param metrics where the Collector tells its own metrics, such as http://localhost:8888/metrics */
export const deliveriesOf = (metrics: string): Deliveries => ({
  async arrive(until) {
    for (const [at, passed] of stages.entries()) {
      if (at > 0) await sleep(BATCH_MS)
      let before = await countsAt(metrics)
      if (before === undefined) return true
      for (let now: Counts | undefined = before; now === undefined || !passed(now, before); ) {
        if (Date.now() >= until) return isAtRest(now, before)
        await sleep(500)
        now = await countsAt(metrics)
        // it was started again, and counts anew
        if (now !== undefined && now.begun < before.begun) before = now
      }
    }
    return true
  },
})

/** @returns undefined where nobody tells, or a Collector without exporters to Tempo */
async function countsAt(metrics: string): Promise<Counts | undefined> {
  const answer = await ask(metrics)
  if ('silent' in answer) return undefined
  const samples = samplesIn(answer.body)
  const waiting = byExporter(samples.get('otelcol_exporter_queue_size'))
  if (waiting.size === 0) return undefined
  const sampler = (name: string) => sum(samples.get(`otelcol_processor_tail_sampling_${name}`))
  return {
    begun: sampler('new_trace_id_received'),
    decided: sampler('global_count_traces_sampled') + sampler('sampling_trace_dropped_too_early'),
    sent: byExporter(samples.get('otelcol_exporter_sent_spans')),
    waiting,
  }
}

const sum = (samples: readonly Sample[] = []): number => samples.reduce((all, { value }) => all + value, 0)

function byExporter(samples: readonly Sample[] = []): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { labels, value } of samples) {
    const { exporter = '' } = labels
    if (exporter.startsWith('otlp_grpc/tempo-')) sums.set(exporter, (sums.get(exporter) ?? 0) + value)
  }
  return sums
}
