// Which traces have to be looked at: those that a policy may lift, and those that a higher tier has a part of. The
// searches are wider than the policies where TraceQL can't say the same; `decide()` has the last word. Called by
// reconcile.ts.
import type { Window } from '../queries/window'
import type { Policies, TraceTier } from '../tiers'
import { inBaseline } from '../tiers/baseline'
import type { Store } from './store'

/** TraceQL that finds every trace of a policy, but for the baseline. A float is never compared with an int there. */
export function policyQueries(policies: Policies): { readonly errors: string[]; readonly others: string[] } {
  const { errors, slow, costly, low_quality: poor, guardrail } = policies
  const scores = [poor.attribute, poor.orElse].flatMap(key => [`span.${key}`, `event.${key}`])
  return {
    errors: ['{ status = error }', `{ event:name = "${errors.event}" }`],
    others: [
      `{ trace:duration > ${slow.overMs}ms }`,
      `{ span.${costly.attribute} > ${float(costly.over)} }`,
      ...scores.map(score => `{ ${score} < ${float(poor.below)} }`),
      `{ span.${guardrail.attribute} = true }`,
    ],
  }
}

const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

/** Ids of the traces in the window that may be missing, or miss spans, in a higher tier. */
export async function candidates(
  stores: Readonly<Record<TraceTier, Store>>,
  window: Window,
  policies: Policies,
): Promise<string[]> {
  const everything = (tier: TraceTier) => stores[tier].list('{ }', window)
  const [detailed, sampled, errors] = [
    await everything('detailed'),
    await everything('sampled'),
    await everything('errors'),
  ]
  const found = async (queries: string[]): Promise<Set<string>> => {
    const ids = new Set<string>()
    for (const query of queries) for (const id of (await stores.detailed.list(query, window)).keys()) ids.add(id)
    return ids
  }
  const queries = policyQueries(policies)
  const failed = await found(queries.errors)
  const lifted = await found(queries.others)
  return [...detailed.keys()].filter(id => {
    const spans = detailed.get(id)
    const inErrors = failed.has(id) || errors.has(id)
    const inSampled = inErrors || lifted.has(id) || sampled.has(id) || inBaseline(id, policies.baseline)
    return (inErrors && errors.get(id) !== spans) || (inSampled && sampled.get(id) !== spans)
  })
}
