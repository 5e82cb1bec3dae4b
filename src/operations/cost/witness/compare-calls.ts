/** Finds the calls that differ between the provider and us, with the cause and the difference in cost. */
import { matched } from './match'
import type { OurCall, Statement, TheirCall } from './statement'

export const causes = {
  iteration: 'the model ran more than once (compaction or tools of the provider), and only some runs are counted',
  batch: 'only one side counts it as a batch, which has a different price',
  tier: 'the service tiers differ',
  cache: 'cached tokens are counted differently',
  retried:
    'the same prompt was sent again within a minute by something without traces, such as a gateway or another client',
  'not ours': 'no span: an app without the SDK, another key, or a trace that was not stored',
  'not theirs': 'not in the log: another account or region, or the log is not complete',
  uncounted: 'our span has no token counts',
  more: 'more than ours: the model ran more often, or a call has no span; without request counts, the report does not show which',
  tokens: 'the token counts differ',
} as const
export type Cause = keyof typeof causes

export interface CallDifference {
  readonly causes: readonly Cause[]
  readonly ours: OurCall | undefined
  readonly theirs: TheirCall | undefined
  /** USD, theirs minus ours at equal prices; undefined if either has no price. */
  readonly usd: number | undefined
}

export interface CallComparison {
  readonly calls: { readonly ours: number; readonly theirs: number; readonly same: number }
  /** In order of time. */
  readonly differences: readonly CallDifference[]
}

/** @param price in USD; undefined if unknown */
export function compareCalls(
  ours: readonly OurCall[],
  theirs: readonly TheirCall[],
  price: (call: Statement) => number | undefined,
): CallComparison {
  const { pairs, onlyOurs, onlyTheirs } = matched(ours, theirs)
  const cost = (call: Statement | undefined) => (call === undefined ? 0 : price(call))
  const difference = (
    causes: readonly Cause[],
    one: OurCall | undefined,
    other: TheirCall | undefined,
  ): CallDifference => {
    const [mine, yours] = [cost(one), cost(other && { ...other, tier: other.tier ?? one?.tier ?? '' })]
    return {
      causes,
      ours: one,
      theirs: other,
      usd: mine === undefined || yours === undefined ? undefined : yours - mine,
    }
  }
  const prompts = promptsOf(pairs.map(({ theirs }) => theirs))
  const differences = [
    ...pairs.flatMap(({ ours: one, theirs: other }) => {
      const found = causesOf(one, other)
      return found.length > 0 ? [difference(found, one, other)] : []
    }),
    ...onlyTheirs.map(
      (other): CallDifference => difference([prompts(other) ? 'retried' : 'not ours'], undefined, other),
    ),
    // a call without counts may have failed, and then the provider has none
    ...onlyOurs.flatMap(one => (one.input === undefined ? [] : [difference(['not theirs'], one, undefined)])),
  ]
  const at = ({ ours: one, theirs: other }: CallDifference) => (other ?? one)!.at
  return {
    calls: {
      ours: ours.length,
      theirs: theirs.length,
      same: pairs.length - differences.filter(d => d.ours && d.theirs).length,
    },
    differences: differences.toSorted((a, b) => at(a) - at(b)),
  }
}

function causesOf(ours: OurCall, theirs: TheirCall): Cause[] {
  const found = tokenCause(ours, theirs)
  const isSameTier = theirs.tier === undefined || ours.tier === theirs.tier
  const isBatch = [ours.tier, theirs.tier].some(tier => tier?.split(',').includes('batch'))
  return [...(found ? [found] : []), ...(isSameTier ? [] : [isBatch ? ('batch' as const) : ('tier' as const)])]
}

function tokenCause(ours: OurCall, theirs: TheirCall): Cause | undefined {
  if (ours.input === undefined && ours.output === undefined) return 'uncounted'
  const more = {
    input: (theirs.input ?? 0) - (ours.input ?? 0),
    output: (theirs.output ?? 0) - (ours.output ?? 0),
    cached: theirs.cacheRead + theirs.cacheWrite - ours.cacheRead - ours.cacheWrite,
  }
  const isSplit = ours.cacheRead !== theirs.cacheRead || ours.cacheWrite !== theirs.cacheWrite
  if (more.input === 0 && more.output === 0) return isSplit ? 'cache' : undefined
  // the difference equals the tokens that only one side counts as cached
  if (more.output === 0 && more.input === more.cached) return 'cache'
  return theirs.runs > 1 || (more.input > 0 && more.output > 0) ? 'iteration' : 'tokens'
}

const AGAIN_MS = 60_000

/** @returns whether another call with the same prompt length is near; ignores short prompts, which are often equal by chance */
function promptsOf(calls: readonly TheirCall[]): (call: TheirCall) => boolean {
  const keyOf = ({ model, input }: TheirCall) => JSON.stringify([model, input])
  const times = new Map<string, number[]>()
  for (const call of calls) {
    const known = times.get(keyOf(call))
    if (known) known.push(call.at)
    else times.set(keyOf(call), [call.at])
  }
  return call =>
    (call.input ?? 0) >= 100 && (times.get(keyOf(call)) ?? []).some(at => Math.abs(at - call.at) <= AGAIN_MS)
}
