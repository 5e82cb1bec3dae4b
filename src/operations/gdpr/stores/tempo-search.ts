/** Finds traces of Tempo's tenants that may be a person's, one time range after another, so that a search over 90 days completes. */

import { storeOf } from '../../../pipeline/reconcile/store'
import { type Backend, BackendError, getJson } from '../../../shared/queries/http'
import type { QueryResponse, SearchResponse } from '../../../shared/queries/tempo-api'
import { tenantOf } from '../../../shared/queries/tenants'
import { halvesOf, secondsOf, splitWindow, type TimeRange } from '../../../shared/queries/window'
import type { Retention, TraceTier } from '../../../shared/tiers'
import type { Keep, Searched } from './store'
import type { Scopes } from './tempo-questions'

const DAY_S = 86_400
/** Tolerance for wrong clocks. */
const SLACK_S = 3_600
/** Maximum range of a search. Tempo's default limit is seven days, and the newest range may be a day longer. */
const STRIDE_S = 6 * DAY_S - SLACK_S
/** If a query takes Tempo too long, its range is halved, down to this length. */
const SHORTEST_S = 900

export interface SearchOptions {
  readonly backend: Backend
  /** In days. */
  readonly retention: Retention['traces']
  readonly now: () => number
  /** Reports the progress of a search, such as `errors, part 3 of 15`. */
  readonly progress?: (how: string) => void
}

export const headersOf = (tier: TraceTier): Record<string, string> => ({ 'x-scope-orgid': tenantOf(tier) })

export function tempoSearch({ backend, retention, now, progress }: SearchOptions) {
  /** Newest first. All ranges except the newest, which covers at least a day, have fixed ends, so that an interrupted search can resume. */
  function windowsOf(tier: TraceTier): TimeRange[] {
    const end = Math.ceil(now() / 1_000) + SLACK_S
    const start = end - SLACK_S - retention[tier] * DAY_S
    const newest = Math.max(start, Math.floor((end - DAY_S) / STRIDE_S) * STRIDE_S)
    return [{ start: newest, end }, ...splitWindow({ start, end: newest }, STRIDE_S)]
  }

  /** The ranges in which the tier has traces, plus the newest, where traces may still arrive. */
  async function busyWindowsOf(tier: TraceTier, signal: AbortSignal): Promise<TimeRange[]> {
    const [newest, ...others] = windowsOf(tier)
    const busy: TimeRange[] = [newest!]
    for (const window of others) {
      signal.throwIfAborted()
      const parameters = { q: '{}', start: `${window.start}`, end: `${window.end}`, limit: '1', spss: '1' }
      const { traces = [] } = (await getJson(backend, 'api/search', parameters, headersOf(tier))) as SearchResponse
      if (traces.length > 0) busy.push(window)
    }
    return busy
  }

  async function search(
    tier: TraceTier,
    windows: readonly TimeRange[],
    questions: readonly string[],
    signal: AbortSignal,
    { searched = {}, keep }: { readonly searched?: Searched | undefined; readonly keep?: Keep | undefined } = {},
  ): Promise<Set<string>> {
    const all = new Set<string>()
    let ids = new Set<string>()
    const look = async (question: string, window: TimeRange): Promise<void> => {
      signal.throwIfAborted()
      const { spans, isCut } = await storeOf(tier, backend, backend)
        .list(question, window)
        .catch(error => {
          if (!isTooMuch(error, window)) throw error
          return { spans: new Map<string, number>(), isCut: true }
        })
      for (const id of spans.keys()) ids.add(id)
      if (!isCut || secondsOf(window) <= 1) return
      for (const half of halvesOf(window)) await look(question, half)
    }
    for (const [n, window] of windows.entries()) {
      progress?.(`${tier}, part ${n + 1} of ${windows.length}, ${questions.length} questions`)
      // late spans can only be in the newest range, which is never skipped
      const part = n > 0 ? `${tier} ${window.end}` : undefined
      ids = new Set(part && searched[part])
      if (part === undefined || searched[part] === undefined) {
        for (const question of questions) await look(question, window)
        if (part !== undefined) keep?.(part, [...ids])
      }
      for (const id of ids) all.add(id)
    }
    return all
  }

  /** Counts traces by their roots. */
  async function countIn(tier: TraceTier, window: TimeRange, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    const parameters = {
      q: '{ nestedSetParent < 0 } | count_over_time()',
      start: `${window.start}`,
      end: `${window.end}`,
    }
    try {
      const answer = (await getJson(backend, 'api/metrics/query', parameters, headersOf(tier))) as QueryResponse
      return Number(answer.series?.[0]?.value ?? 0)
    } catch (error) {
      if (!isTooMuch(error, window)) throw error
      let count = 0
      for (const half of halvesOf(window)) count += await countIn(tier, half, signal)
      return count
    }
  }

  /** The attribute names of a tenant, by scope. */
  async function scopesOf(tier: TraceTier, windows: readonly TimeRange[], signal: AbortSignal): Promise<Scopes> {
    const scopes = new Map<string, Set<string>>()
    for (const { start, end } of windows) {
      signal.throwIfAborted()
      const parameters = { start: `${start}`, end: `${end}` }
      const answer = (await getJson(backend, 'api/v2/search/tags', parameters, headersOf(tier))) as TagsAnswer
      for (const { name, tags = [] } of answer.scopes ?? [])
        scopes.set(name, new Set([...(scopes.get(name) ?? []), ...tags]))
    }
    return scopes
  }

  return { busyWindowsOf, countIn, search, scopesOf }
}

const isTooMuch = (error: unknown, window: TimeRange): boolean =>
  error instanceof BackendError && error.isSlow && secondsOf(window) > SHORTEST_S

interface TagsAnswer {
  readonly scopes?: readonly { readonly name: string; readonly tags?: readonly string[] }[]
}
