/**
 * LangFuse. Its version 4 has no list of traces: the observations of a user lead to them. It deletes whole traces, later, from a queue,
 * answers at once that they are deleted, and says the same of a trace that it does not know.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { deleteTraces, MOST_TRACES, observationsOf, type Project } from '../../janitor/langfuse'
import { exactValues } from '../subject'
import type { ExportRecord, Found, SubjectStore, Target } from './store'

/** The queue waits for 30 s, and a few minutes more where much is to be deleted. */
const FLUSH_WINDOW_MS = 300_000
const PAUSE_MS = 1_000

/** @param number where there are several projects */
export function langfuseStore(project: Project, number?: number): SubjectStore {
  /** Traces of the subject, by whether somebody else is in them. */
  async function tracesOf({ identity, traceIds }: Target, signal: AbortSignal) {
    const own = new Set(exactValues(identity))
    const traces = new Set(traceIds)
    for (const userId of own) {
      for await (const { traceId } of observationsOf(project, { userId })) if (traceId) traces.add(traceId)
      signal.throwIfAborted()
    }
    const whole: string[] = []
    const shared: string[] = []
    let records = 0
    for (const traceId of traces) {
      const observations = new Set<string>()
      let isShared = false
      for await (const { id, userId } of observationsOf(project, { traceId })) {
        observations.add(id)
        if (userId && !own.has(userId)) isShared = true
      }
      signal.throwIfAborted()
      if (observations.size === 0) continue
      if (isShared) shared.push(traceId)
      else {
        whole.push(traceId)
        records += observations.size
      }
    }
    return { whole, shared, records }
  }

  return {
    name: number === undefined ? 'langfuse' : `langfuse-${number}`,
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<Found> {
      const { whole, shared, records } = await tracesOf(target, signal)
      return { records, traceIds: whole, shared: shared.length }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      const { whole, shared } = await tracesOf(target, signal)
      for (const traceId of [...whole, ...shared])
        for await (const record of observationsOf(project, { traceId }, 'core,basic,time,io,metadata,model,usage'))
          yield { signal: 'span', record }
    },
    async erase(target, signal) {
      const { whole } = await tracesOf(target, signal)
      let size = MOST_TRACES
      for (let at = 0; at < whole.length; ) {
        signal.throwIfAborted()
        const batch = whole.slice(at, at + size)
        if (await deleteTraces(project, batch)) at += batch.length
        else {
          size = Math.ceil(batch.length / 2)
          await sleep(PAUSE_MS)
        }
      }
    },
    async verify(target, signal) {
      return (await tracesOf(target, signal)).records
    },
    unerasable: () => [
      {
        what: 'traces in which other persons are named too',
        why: 'LangFuse deletes whole traces alone',
        agesOut: null,
      },
      {
        what: 'prompts, data sets and their items, comments',
        why: 'a deletion of traces leaves them; whoever copied something into them has to delete it by hand',
        agesOut: null,
      },
      {
        what: 'observations that name the subject in their text alone, where no other store knows the trace',
        why: "LangFuse's API finds users, not texts",
        agesOut: null,
      },
    ],
  }
}
