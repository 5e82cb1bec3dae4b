/** The cost of calls by time and dimension. There are two sources: `spend-from-prometheus.ts` and `spend-from-traces.ts`. */
import type { Language } from '../../monitoring/alerts/config'
import type { Span } from '../../shared/calendar/period'
import type { Dimension, Scope } from './config'
import { ExactSum } from './exact-sum'
import type { Tokens } from './tokens'

/** A dimension is missing if it is unknown or not part of the query. */
export type Labels = Readonly<Partial<Record<Dimension, string>>>

/** The calls with one combination of labels in one time span. */
export interface Spend {
  readonly labels: Labels
  readonly usd: number
  /** Number of calls with a price; failed calls without usage do not count. */
  readonly calls: number
  /** Number of answered calls without a known cost. */
  readonly unpriced: number
  /** The unpriced calls whose token counts are unknown. */
  readonly noUsage?: number
}

export interface SpendSource {
  /** The kind of backend and its URL, for messages. */
  readonly name: string
  readonly dimensions: ReadonlySet<Dimension>
  /**
   * @param spans ascending and contiguous
   * @param by dimensions to break down by; `scope` may contain the same ones
   * @returns the spend for each span
   * @throws BackendError
   */
  spend(spans: readonly Span[], by: readonly Dimension[], scope?: Scope): Promise<Spend[][]>
  /**
   * Tokens of the matching calls over all spans, which are as in `spend`: cost and tokens come from the same source. @throws BackendError
   */
  tokens(spans: readonly Span[], scope?: Scope): Promise<Tokens>
  /**
   * The time since which the source has complete data, by its retention.
   * @param now milliseconds since 1970
   * @param by as in the corresponding call of `spend`
   */
  knownSince(now: number, by?: readonly Dimension[], scope?: Scope): Promise<number>
}

/** @returns whether calls with these labels match the scope */
export function fitting(scope: Scope): (labels: Labels) => boolean {
  const wanted = Object.entries(scope).map(([dimension, names]) => [dimension as Dimension, new Set(names)] as const)
  return labels => wanted.every(([dimension, names]) => names.has(labels[dimension] ?? ''))
}

/** Sums spends with equal values of these dimensions; the most expensive first. */
export function totalsBy(spends: Iterable<Spend>, by: readonly Dimension[]): Spend[] {
  const groups = new Map<string, { labels: Labels; usd: ExactSum; calls: number; unpriced: number; noUsage: number }>()
  for (const { labels, usd, calls, unpriced, noUsage = 0 } of spends) {
    const kept = by.map(dimension => [dimension, labels[dimension]] as const).filter(([, value]) => value !== undefined)
    const key = JSON.stringify(kept)
    const group = groups.get(key) ?? {
      labels: Object.fromEntries(kept),
      usd: new ExactSum(),
      calls: 0,
      unpriced: 0,
      noUsage: 0,
    }
    groups.set(key, group)
    group.usd.add(usd)
    group.calls += calls
    group.unpriced += unpriced
    group.noUsage += noUsage
  }
  return Array.from(groups.values(), group => ({ ...group, usd: group.usd.value })).toSorted((a, b) => b.usd - a.usd)
}

/** Sums all spends, whatever their labels. */
export function totalOf(spends: readonly Spend[]): Spend {
  const usd = new ExactSum()
  let [calls, unpriced, noUsage] = [0, 0, 0]
  for (const spend of spends) {
    usd.add(spend.usd)
    calls += spend.calls
    unpriced += spend.unpriced
    noUsage += spend.noUsage ?? 0
  }
  return { labels: {}, usd: usd.value, calls, unpriced, noUsage }
}

/** The reasons why calls have no price, with counts: `no price for the model: 2, token counts unknown: 1`. */
export function whyUnpriced(
  { unpriced, noUsage = 0 }: Pick<Spend, 'unpriced' | 'noUsage'>,
  language: Language = 'en',
): string {
  const [ofModel, ofCounts, comma] =
    language === 'ja'
      ? ['モデルの価格なし', 'トークン数不明', '、']
      : ['no price for the model', 'token counts unknown', ', ']
  const noPrice = unpriced - noUsage
  return [...(noPrice > 0 ? [`${ofModel}: ${noPrice}`] : []), ...(noUsage > 0 ? [`${ofCounts}: ${noUsage}`] : [])].join(
    comma,
  )
}

/** Exceeds Prometheus' `out_of_order_time_window`, so samples are final; spans may arrive later and are read again after `FRESH_MS`. */
const SETTLED_MS = 4 * 3_600_000
const FRESH_MS = 3_600_000

/** Caches past spans for an hour. */
export function remembering(source: SpendSource): SpendSource {
  const past = new Map<string, { readonly readAt: number; readonly spends: Spend[] }>()
  return {
    ...source,
    async spend(spans, by, scope = {}) {
      const now = Date.now()
      for (const [key, { readAt }] of past) if (readAt < now - FRESH_MS) past.delete(key)
      const keyOf = ({ start, end }: Span) => JSON.stringify([start, end, by, scope])
      const unknown = spans.findIndex(span => !past.has(keyOf(span)))
      const unread = unknown < 0 ? [] : spans.slice(unknown)
      const found = unread.length > 0 ? await source.spend(unread, by, scope) : []
      for (const [index, span] of unread.entries())
        if (span.end < now - SETTLED_MS) past.set(keyOf(span), { readAt: now, spends: found[index]! })
      return spans.map((span, index) => past.get(keyOf(span))?.spends ?? found[index - unknown]!)
    },
  }
}
