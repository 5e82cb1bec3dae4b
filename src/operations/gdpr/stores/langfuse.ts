/**
 * LangFuse. Its version 4 cannot list traces, so they are found by the user's observations. It deletes whole traces asynchronously by a
 * queue, and responds at once that they were deleted, even for unknown traces.
 */
import { observationsBefore, observationsOf, type Project } from '../../../pipeline/janitor/langfuse'
import { Deletion } from '../../../pipeline/janitor/sweep'
import { BackendError } from '../../../shared/queries/http'
import { LARGE } from '../confirmation'
import { exactValues, matcherOf, valuesInTexts } from '../person-attributes'
import type { Identity } from '../subject'
import { type ExportRecord, SAMPLES, type SubjectRecords, type SubjectStore, type Target } from './store'

/** The queue is delayed by 30 s, plus some minutes for large deletions. */
const FLUSH_WINDOW_MS = 300_000
const DAY_MS = 86_400_000

export interface LangfuseOptions {
  readonly project: Project
  /** In days: what `afn-otel langfuse` deletes, or LangFuse's own retention. Undefined if traces do not expire. */
  readonly retentionDays?: number
  /** In days: the retention of its bucket for raw batches. Undefined if it is unknown. */
  readonly rawDays?: number | undefined
  /** Distinguishes several projects. */
  readonly number?: number
}

interface Facts {
  readonly observations: number
  readonly isShared: boolean
  readonly sessions: ReadonlySet<string>
}

export function langfuseStore({ project, retentionDays, rawDays, number }: LangfuseOptions): SubjectStore {
  /** Finds traces by user, and by text in prompts and answers. */
  async function naming(identity: Identity, signal: AbortSignal): Promise<Set<string>> {
    const traces = new Set<string>()
    for (const userId of exactValues(identity))
      for await (const { traceId } of observationsOf(project, { userId })) {
        signal.throwIfAborted()
        if (traceId) traces.add(traceId)
      }
    const matcher = matcherOf(identity)
    for (const value of valuesInTexts(identity))
      for (const column of ['input', 'output'] as const) {
        signal.throwIfAborted()
        // the search also finds longer ids
        for await (const one of inText(column, value))
          if (one.traceId && matcher.text(String(one[column] ?? ''))) traces.add(one.traceId)
      }
    return traces
  }

  /** Yields nothing if this LangFuse lacks such a search; the receipt mentions that for all versions. */
  async function* inText(column: 'input' | 'output', value: string) {
    const filter = [{ type: 'string', column, operator: 'matches', value }] as const
    try {
      yield* observationsOf(project, { filter }, 'core,basic,io')
    } catch (error) {
      if (!(error instanceof BackendError) || error.status !== 400) throw error
    }
  }

  async function factsOf(traceId: string, own: ReadonlySet<string>, signal: AbortSignal): Promise<Facts> {
    const observations = new Set<string>()
    const sessions = new Set<string>()
    let isShared = false
    for await (const { id, userId, sessionId } of observationsOf(project, { traceId })) {
      signal.throwIfAborted()
      observations.add(id)
      if (userId && !own.has(userId)) isShared = true
      if (sessionId) sessions.add(sessionId)
    }
    return { observations: observations.size, isShared, sessions }
  }

  /** Undefined if somebody else is part of the session. */
  async function tracesIn(session: string, own: ReadonlySet<string>, signal: AbortSignal) {
    const traces = new Set<string>()
    const filter = [{ type: 'string', column: 'sessionId', operator: '=', value: session }] as const
    for await (const { traceId, userId, sessionId } of observationsOf(project, { filter })) {
      signal.throwIfAborted()
      // a server that ignores the filter would return everybody's observations
      if (sessionId !== session) throw new BackendError(`LangFuse at ${project.url} does not support search by session`)
      if (userId && !own.has(userId)) return undefined
      if (traceId) traces.add(traceId)
    }
    return traces
  }

  /** LangFuse has no total count, so this only checks whether there are many more traces than were found. */
  async function countUpTo(most: number, signal: AbortSignal): Promise<number> {
    let count = 0
    for (let cursor: string | undefined; count < most; ) {
      signal.throwIfAborted()
      const page = await observationsBefore(project, new Date(), cursor)
      count += page.traceIds.length
      if (page.cursor === undefined || page.cursor === cursor) break
      cursor = page.cursor
    }
    return count
  }

  /** The subject's traces, and whether they name somebody else. */
  async function tracesOf({ identity, traceIds }: Target, signal: AbortSignal) {
    const own = new Set(exactValues(identity))
    const facts = new Map<string, Facts>()
    const look = async (traces: Iterable<string>) => {
      for (const traceId of traces) {
        if (facts.has(traceId)) continue
        const one = await factsOf(traceId, own, signal)
        if (one.observations > 0) facts.set(traceId, one)
      }
    }
    await look([...traceIds, ...(await naming(identity, signal))])
    const sessions = new Set([...facts.values()].filter(one => !one.isShared).flatMap(one => [...one.sessions]))
    for (const session of sessions) await look((await tracesIn(session, own, signal)) ?? [])
    const whole = [...facts].filter(([, one]) => !one.isShared)
    return {
      whole: whole.map(([traceId]) => traceId),
      shared: [...facts].filter(([, one]) => one.isShared).map(([traceId]) => traceId),
      records: whole.reduce((sum, [, { observations }]) => sum + observations, 0),
    }
  }

  return {
    name: number === undefined ? 'langfuse' : `langfuse-${number}`,
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<SubjectRecords> {
      const { whole, shared, records } = await tracesOf(target, signal)
      const samples: unknown[] = []
      for (const traceId of whole.slice(0, SAMPLES))
        for await (const record of observationsOf(project, { traceId }, 'core,basic,io')) {
          samples.push(record)
          break
        }
      const allRecords = await countUpTo(records / LARGE + 1, signal)
      return { records, allRecords, samples, traceIds: whole, shared: shared.length }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      const own = new Set(exactValues(target.identity))
      const { whole, shared } = await tracesOf(target, signal)
      const everything = 'core,basic,time,io,metadata,model,usage'
      for (const traceId of whole)
        for await (const record of observationsOf(project, { traceId }, everything)) yield { signal: 'span', record }
      // from shared conversations, only the subject's observations
      for (const traceId of shared)
        for await (const record of observationsOf(project, { traceId }, everything))
          if (record.userId && own.has(record.userId)) yield { signal: 'span', record }
    },
    async erase(target, signal) {
      const { whole } = await tracesOf(target, signal)
      await new Deletion(project).of(whole, signal)
    },
    async verify(target, signal) {
      return (await tracesOf(target, signal)).records
    },
    unerasable: ms => [
      {
        what: 'raw batches, including prompts and answers, in its bucket (events/otel/)',
        why: 'LangFuse keeps each batch when it deletes its traces; a lifecycle rule of the bucket expires them, as in a generated folder',
        agesOut: rawDays === undefined ? null : new Date(ms + rawDays * DAY_MS).toISOString(),
      },
      {
        what: 'traces that also name other persons',
        why: 'LangFuse deletes only whole traces',
        agesOut: retentionDays === undefined ? null : new Date(ms + retentionDays * DAY_MS).toISOString(),
      },
      {
        what: 'prompts, datasets and their items, comments',
        why: 'deleting traces does not affect them; delete anything copied into them manually',
        agesOut: null,
      },
      {
        what: 'observations that name the subject only in metadata, or in text if LangFuse has no text search',
        why: "LangFuse's API finds users and sessions, and text in prompts and answers only in versions with the operator `matches`",
        agesOut: retentionDays === undefined ? null : new Date(ms + retentionDays * DAY_MS).toISOString(),
      },
    ],
  }
}
