/**
 * Tempo with one tenant per tier. Each tenant is searched in every attribute that it has. Tempo only removes whole traces, and only from
 * finished blocks, so a second pass removes those that were not in a block yet.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { findTempo } from '../../../pipeline/reconcile/receiver'
import { storeOf } from '../../../pipeline/reconcile/store'
import type { TracesData } from '../../../shared/otlp/trace'
import { type Backend, BackendError } from '../../../shared/queries/http'
import { tenantOf } from '../../../shared/queries/tenants'
import type { TimeRange } from '../../../shared/queries/window'
import type { TraceTier } from '../../../shared/tiers'
import { matcherOf } from '../person-attributes'
import { type ExportRecord, type Keep, SAMPLES, type SubjectRecords, type SubjectStore, type Target } from './store'
import { questionsAbout, questionsOfSessions } from './tempo-questions'
import { redactTraces } from './tempo-redaction'
import { type SearchOptions, tempoSearch } from './tempo-search'
import { type Facts, factsOf, spansFor } from './traces'

const DAY_S = 86_400
const DAY_MS = DAY_S * 1_000
/**
 * A live store holds a trace for 30 s before writing its block, keeps the block for 20 minutes, and cleans up once an hour
 * (`complete_block_timeout` and `flush_op_timeout` of our tempo.yaml).
 */
const FLUSH_WINDOW_MS = 90 * 60_000
/** Old blocks are deleted one hour after their replacement was written, by an hourly job (`compacted_block_retention`). */
const OLD_BLOCKS_MS = 2 * 3_600_000
/** Maximum duration of a step: each of its many requests may take a minute. */
const PATIENCE_MS = 6 * 3_600_000
const READS_AT_A_TIME = 8
/** Tempo briefly returns nothing for some traces while their block is being completed, so they are read again. */
const SECOND_LOOK_MS = 250

export interface TempoOptions extends SearchOptions {
  /** The gRPC address of the backend scheduler; equal to the HTTP address if Tempo is a single process. */
  readonly scheduler: Backend
}

/** The facts about each of a tier's traces that concerns the subject. */
type Tier = ReadonlyMap<string, Facts>

interface Traces {
  readonly tiers: ReadonlyMap<TraceTier, Tier>
  /** The ranges in which each tier has traces. */
  readonly windows: ReadonlyMap<TraceTier, readonly TimeRange[]>
  /** Traces that name another person in any tier. */
  readonly shared: ReadonlySet<string>
}

export function tempoStore(options: TempoOptions): SubjectStore {
  const { backend, scheduler, retention } = options
  const { busyWindowsOf, countIn, scopesOf, search } = tempoSearch(options)
  const tiers = Object.keys(retention) as TraceTier[]
  const storeOfTier = (tier: TraceTier) => storeOf(tier, backend, backend)
  async function read(tier: TraceTier, id: string): Promise<TracesData | undefined> {
    const once = () =>
      storeOfTier(tier)
        .trace(id)
        .catch((error: unknown) => {
          if (error instanceof BackendError && error.status === 404) return {} as TracesData
          throw error
        })
    const first = await once()
    if (first === undefined || first.resourceSpans?.length) return first
    await sleep(SECOND_LOOK_MS)
    return once()
  }

  /** Reads the traces that the tier has. */
  async function factsIn(tier: TraceTier, ids: Iterable<string>, { identity }: Target, signal: AbortSignal) {
    const facts = new Map<string, Facts>()
    const waiting = [...ids]
    const work = async (): Promise<void> => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        signal.throwIfAborted()
        const one = factsOf(await read(tier, id), identity)
        if (one.spans > 0) facts.set(id, one)
      }
    }
    await Promise.all(Array.from({ length: READS_AT_A_TIME }, work))
    return facts
  }

  async function look(target: Target, signal: AbortSignal, keep?: Keep): Promise<Traces> {
    await findTempo(backend, [])
    const found = new Map<TraceTier, Map<string, Facts>>()
    const windows = new Map<TraceTier, readonly TimeRange[]>()
    for (const tier of tiers) {
      const busy = await busyWindowsOf(tier, signal)
      windows.set(tier, busy)
      const questions = questionsAbout(target.identity, await scopesOf(tier, busy, signal))
      const ids = await search(tier, busy, questions, signal, { searched: target.searched, keep })
      found.set(tier, await factsIn(tier, new Set([...target.traceIds, ...ids]), target, signal))
    }
    await followSessions(found, windows, target, signal)
    const all = [...found.values()].flatMap(facts => [...facts])
    return { tiers: found, windows, shared: new Set(all.filter(([, { isShared }]) => isShared).map(([id]) => id)) }
  }

  /** Adds traces of the subject's sessions that nobody else is part of. */
  async function followSessions(
    found: Map<TraceTier, Map<string, Facts>>,
    windows: ReadonlyMap<TraceTier, readonly TimeRange[]>,
    target: Target,
    signal: AbortSignal,
  ) {
    const own = [...found.values()].flatMap(facts => [...facts.values()]).filter(({ isShared }) => !isShared)
    const sessions = new Set(own.flatMap(facts => facts.sessions))
    if (sessions.size === 0) return
    const more = new Map<TraceTier, Map<string, Facts>>()
    for (const tier of tiers) {
      const ids = await search(tier, windows.get(tier)!, questionsOfSessions([...sessions]), signal)
      more.set(tier, await factsIn(tier, ids, target, signal))
    }
    const others = [...more.values()].flatMap(facts => [...facts.values()]).filter(({ isShared }) => isShared)
    for (const one of others) for (const session of one.sessions) sessions.delete(session)
    for (const [tier, facts] of more)
      for (const [id, one] of facts)
        if (one.sessions.some(session => sessions.has(session))) found.get(tier)!.set(id, one)
  }

  /** The largest tier's count: the sum of all tiers would count a trace up to three times. */
  async function countAll({ windows }: Traces, signal: AbortSignal): Promise<number> {
    const counts: number[] = []
    for (const [tier, busy] of windows) {
      let count = 0
      for (const window of busy) count += await countIn(tier, window, signal)
      counts.push(count)
    }
    return Math.max(...counts)
  }

  let last: { readonly target: Target; readonly traces: Traces } | undefined
  /** Reuses the search that precedes each erasure, which may take many minutes; the target only gained the traces that it found. */
  function foundBefore({ identity, traceIds }: Target): Traces | undefined {
    if (last === undefined || last.target.identity !== identity) return undefined
    const known = new Set([
      ...last.target.traceIds,
      ...[...last.traces.tiers.values()].flatMap(tier => [...tier.keys()]),
    ])
    return traceIds.every(id => known.has(id)) ? last.traces : undefined
  }

  const wholeIn = (tier: Tier, { shared }: Traces) => [...tier].filter(([id]) => !shared.has(id))
  const countOf = (traces: Traces): number =>
    [...traces.tiers.values()].flatMap(tier => wholeIn(tier, traces)).reduce((sum, [, { spans }]) => sum + spans, 0)

  return {
    name: 'tempo',
    flushWindowMs: FLUSH_WINDOW_MS,
    patienceMs: PATIENCE_MS,
    async find(target, signal, keep): Promise<SubjectRecords> {
      const traces = await look(target, signal, keep)
      last = { target, traces }
      const whole = [...traces.tiers.values()].flatMap(tier => wholeIn(tier, traces).map(([id]) => id))
      const samples: unknown[] = []
      for (const [tier, facts] of traces.tiers)
        for (const [id] of wholeIn(facts, traces).slice(0, SAMPLES - samples.length)) {
          const [span] = spansFor(await read(tier, id), undefined)
          if (span) samples.push(span)
        }
      return {
        records: countOf(traces),
        traceIds: [...new Set(whole)],
        allTraces: await countAll(traces, signal),
        samples,
        shared: traces.shared.size,
      }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      const traces = await look(target, signal)
      const matcher = matcherOf(target.identity)
      const seen = new Set<string>()
      for (const [tier, facts] of traces.tiers)
        for (const id of facts.keys()) {
          signal.throwIfAborted()
          for (const span of spansFor(await read(tier, id), traces.shared.has(id) ? matcher : undefined)) {
            const key = `${id} ${span.spanId} ${span.kind}`
            if (seen.has(key)) continue
            seen.add(key)
            yield { signal: 'span', record: span }
          }
        }
    },
    async erase(target, signal) {
      const traces = foundBefore(target) ?? (await look(target, signal))
      last = undefined
      const failures: unknown[] = []
      for (const [tier, facts] of traces.tiers) {
        const ids = wholeIn(facts, traces).map(([id]) => id)
        if (ids.length === 0) continue
        // a tenant with a running redaction must not block the others
        await redactTraces(scheduler, tenantOf(tier), ids, signal).catch(error => failures.push(error))
      }
      if (failures.length > 0) throw failures[0]
    },
    async verify(target, signal, keep) {
      return countOf(await look(target, signal, keep))
    },
    unerasable: ms => [
      ...tiers.map(tier => ({
        what: `traces of the tier ${tier} that also name other persons`,
        why: 'Tempo deletes only whole traces',
        agesOut: new Date(ms + retention[tier] * DAY_MS).toISOString(),
      })),
      {
        what: 'blocks that were rewritten without the traces',
        why: 'Tempo deletes them an hour later, because a query may still read them',
        agesOut: new Date(ms + OLD_BLOCKS_MS).toISOString(),
      },
      {
        what: 'values inside map and bytes attributes, if nothing else in the trace names the person',
        why: "Tempo's search does not cover them",
        agesOut: new Date(ms + Math.max(...Object.values(retention)) * DAY_MS).toISOString(),
      },
    ],
  }
}
