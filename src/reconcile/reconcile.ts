/**
 * Repairs the tiers: a trace of detailed that belongs to sampled or errors and is missing or incomplete there (the
 * Collector was killed before it had decided; an error came after the decision) is pushed again, its missing spans only.
 * Called by `afn-otel reconcile`. What is read decides, so a second run finds nothing left to do.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Window } from '../queries/window'
import { decide, type Policies, spansOfOtlp, type TraceTier } from '../tiers'
import { candidates } from './candidates'
import { spanIds, type TraceDocument, without } from './document'
import type { Store } from './store'

export interface Work {
  readonly stores: Readonly<Record<TraceTier, Store>>
  readonly window: Window
  readonly policies: Policies
  /** Finds out and changes nothing. */
  readonly dryRun: boolean
  /** Most traces that are looked at in one run; the rest is left for the next. */
  readonly limit: number
}

export interface Repair {
  readonly traceId: string
  readonly tier: Exclude<TraceTier, 'detailed'>
  /** Spans that the tier did not have. */
  readonly spans: number
  /** True when it had none of the trace. */
  readonly wasAbsent: boolean
}

export interface Report {
  /** Traces that were read and decided on. */
  readonly looked: number
  readonly repairs: readonly Repair[]
  /** Traces beyond the limit. */
  readonly left: number
  /** Repairs that Tempo took and does not show yet. */
  readonly unconfirmed: number
}

/** Tempo shows what it took within seconds; a busy one takes longer. */
const CONFIRM_MS = 60_000
const PAUSE_MS = 250

/**
 * Ends when Tempo shows what was pushed: a run that came before would push it a second time.
 * @throws BackendError when a tier is not there or refuses; what was repaired until then stays repaired
 */
export async function reconcile(work: Work): Promise<Report> {
  const ids = await candidates(work.stores, work.window, work.policies)
  const now = ids.slice(0, work.limit)
  const repairs: Repair[] = []
  for (const id of now) repairs.push(...(await repair(id, work)))
  const unconfirmed = work.dryRun ? 0 : await confirm(repairs, work)
  return { looked: now.length, repairs, left: ids.length - now.length, unconfirmed }
}

/** How many repairs are not to be seen when the time is over. */
async function confirm(repairs: readonly Repair[], { stores }: Work): Promise<number> {
  const deadline = Date.now() + CONFIRM_MS
  const open = [...repairs]
  while (open.length > 0) {
    const { traceId, tier } = open.at(-1)!
    const whole = await stores.detailed.trace(traceId)
    if ((await missingIn(stores[tier], traceId, whole)).spans === 0) open.pop()
    else if (Date.now() > deadline) break
    else await sleep(PAUSE_MS)
  }
  return open.length
}

async function repair(id: string, { stores, policies, dryRun }: Work): Promise<Repair[]> {
  const whole = await stores.detailed.trace(id)
  const spans = spansOfOtlp(whole)
  // it was removed meanwhile: its three days are over
  if (spans.length === 0) return []
  const { tier } = decide(spans, policies)
  if (tier === 'detailed') return []
  const repairs: Repair[] = []
  for (const above of tier === 'errors' ? (['sampled', 'errors'] as const) : (['sampled'] as const)) {
    const missing = await missingIn(stores[above], id, whole)
    if (missing.spans === 0) continue
    if (!dryRun) await stores[above].push(missing.document)
    repairs.push({ traceId: id, tier: above, spans: missing.spans, wasAbsent: missing.hasNone })
  }
  return repairs
}

async function missingIn(store: Store, id: string, whole: TraceDocument) {
  const there = spanIds(await store.trace(id))
  const document = without(whole, there)
  return { document, spans: spanIds(document).size, hasNone: there.size === 0 }
}
