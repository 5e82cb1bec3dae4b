// Which traces have to be looked at: those that a policy may lift, and those that a higher tier has a part of. The
// searches are wider than the policies where TraceQL can't say the same; `decide()` has the last word.
import type { TimeRange } from '../../shared/queries/window'
import type { Policies, TraceTier } from '../../shared/tiers'
import { inBaseline } from '../../shared/tiers/baseline'
import type { Store } from './store'

/** TraceQL that finds every trace of a policy, but for the baseline. A float is never compared with an int there. */
export function policyQueries(policies: Policies): { readonly errors: string[]; readonly others: string[] } {
  const { errors, slow, costly, low_quality: poor, guardrail } = policies
  const scores = [poor.attribute, poor.orElse].flatMap(key => [`span.${key}`, `event.${key}`])
  return {
    errors: ['{ status = error }', `{ event:name = "${errors.event}" }`, `{ span.${errors.logged} = true }`],
    others: [
      `{ trace:duration > ${slow.overMs}ms }`,
      `{ span.${costly.attribute} > ${float(costly.over)} }`,
      ...scores.map(score => `{ ${score} < ${float(poor.below)} }`),
      `{ span.${guardrail.attribute} = true }`,
    ],
  }
}

const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

/** How many spans of a trace a search has found in each tier; one that is there twice counts twice. */
export type SpanCounts = Readonly<Record<TraceTier, number>>

export interface Candidates {
  /** By id, the traces in the window that may be missing, or miss spans, in a higher tier. */
  readonly traces: ReadonlyMap<string, SpanCounts>
  /** Tempo found more than it answers with, so that the window has to be halved. */
  readonly isCut: boolean
}

export async function candidates(
  stores: Readonly<Record<TraceTier, Store>>,
  window: TimeRange,
  policies: Policies,
): Promise<Candidates> {
  let isCut = false
  const find = async (tier: TraceTier, query: string) => {
    const found = await stores[tier].list(query, window)
    isCut ||= found.isCut
    return found.spans
  }
  const detailed = await find('detailed', '{ }')
  if (detailed.size === 0 || isCut) return { traces: new Map(), isCut }
  const [sampled, errors] = [await find('sampled', '{ }'), await find('errors', '{ }')]
  const ofPolicies = async (queries: string[]): Promise<Set<string>> => {
    const ids = new Set<string>()
    for (const query of queries) for (const id of (await find('detailed', query)).keys()) ids.add(id)
    return ids
  }
  const queries = policyQueries(policies)
  const failed = await ofPolicies(queries.errors)
  const lifted = await ofPolicies(queries.others)
  const traces = new Map<string, SpanCounts>()
  for (const [id, spans] of detailed) {
    const counts = { detailed: spans, sampled: sampled.get(id) ?? 0, errors: errors.get(id) ?? 0 }
    const inErrors = failed.has(id) || counts.errors > 0
    const inSampled = inErrors || lifted.has(id) || counts.sampled > 0 || inBaseline(id, policies.baseline)
    if ((inErrors && counts.errors !== spans) || (inSampled && counts.sampled !== spans)) traces.set(id, counts)
  }
  return { traces, isCut }
}
