// Who takes what, by our own components: spans are counted and sampled once the queue of the detailed tier has them. Upstream's give a batch
// to all legs at once: what that queue refuses, as on a full disk, is counted all the same, and again at each try of the sender.
import type { Pipeline } from './collector-sections'
import { env } from './environment'
import { toStore } from './log-classes'
import { note, type Section } from './yaml-comments'

const [redacted, clean] = ['afn_accepted/redacted', 'afn_accepted/clean'] as const
/** Pipelines that lead on; each name says of what. */
const [toClean, taken, read] = ['traces/clean', 'traces/taken', 'traces/read'] as const

export const diskLimiter = 'afn_disk_limiter'

export const roomOnDisk = (): Section => ({
  [diskLimiter]: note(
    'Refuses all data alike before the disk is full: data already accepted needs the remaining space.',
    {
      directory: env('AFN_QUEUE_DIR'),
      decision_wait: env('AFN_DECISION_WAIT'),
    },
  ),
})

export const acceptance: Section = {
  [clean]: note('Only spans that the queue of the tier detailed accepts are counted and sampled.', {
    first: 'traces/detailed',
    behind: [taken],
  }),
  [redacted]: { first: toClean, behind: [read] },
}

export function accepting(pipelines: Record<string, Pipeline>): Record<string, Pipeline> {
  const { 'traces/redact': redact, 'traces/redacted': past, 'traces/detailed': detailed, ...others } = pipelines
  const [metrics, logs] = [others['metrics/received']!, others[toStore]]
  return {
    ...others,
    'traces/redact': { ...redact!, processors: [diskLimiter, ...redact!.processors!], exporters: [redacted] },
    'traces/redacted': { ...past!, processors: [diskLimiter], exporters: [clean] },
    'metrics/received': { ...metrics, processors: behindMemory(metrics.processors!) },
    ...(logs && { [toStore]: { ...logs, processors: [diskLimiter, ...logs.processors!] } }),
    [toClean]: { receivers: [redacted], exporters: [clean] },
    'traces/detailed': { ...detailed!, receivers: [clean] },
    [taken]: { receivers: [clean], exporters: ['forward/clean'] },
    [read]: { receivers: [redacted], exporters: redact!.exporters.filter(id => id !== 'forward/clean') },
  }
}

const behindMemory = ([memory, ...others]: string[]): string[] => [memory!, diskLimiter, ...others]
