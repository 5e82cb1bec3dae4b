/**
 * Matches the provider's calls with ours: by ids if both have them, then by model, tokens and time, and the rest by time and partial
 * agreement of tokens, since those are the calls that differ.
 */
import type { OurCall, Statement, TheirCall } from './statement'

/** Not every provider reports the tier. */
type Untiered = Omit<Statement, 'tier'>

export interface Matched {
  readonly pairs: readonly { readonly ours: OurCall; readonly theirs: TheirCall }[]
  readonly onlyOurs: readonly OurCall[]
  readonly onlyTheirs: readonly TheirCall[]
}

/** Allows for different clocks, and logs in whole seconds. */
const SAME_TOKENS_MS = 120_000
const SOME_TOKENS_MS = 10_000
const NO_TOKENS_MS = 2_000

export function matched(ours: readonly OurCall[], theirs: readonly TheirCall[]): Matched {
  const left = new Set([...theirs].toSorted((a, b) => a.at - b.at))
  const free = new Set(ours)
  const pairs: { ours: OurCall; theirs: TheirCall }[] = []
  const pair = (one: OurCall, other: TheirCall) => {
    pairs.push({ ours: one, theirs: other })
    free.delete(one)
    left.delete(other)
  }
  const byId = new Map(ours.flatMap(one => one.ids.map(id => [id, one] as const)))
  for (const other of [...left]) {
    const one = other.ids.map(id => byId.get(id)).find(known => known !== undefined && free.has(known))
    if (one) pair(one, other)
  }
  // the first level groups by tokens, because a model has too many calls in this range
  const levels = [
    {
      within: SAME_TOKENS_MS,
      groupOf: tokensOf,
      fits: (one: OurCall, other: TheirCall) => agreement(one, other) === 4,
    },
    { within: SOME_TOKENS_MS, groupOf: modelOf, fits: (one: OurCall, other: TheirCall) => agreement(one, other) > 0 },
    { within: NO_TOKENS_MS, groupOf: modelOf, fits: hasMore },
  ]
  for (const { within, groupOf, fits } of levels) {
    const groups = groupsOf(free, groupOf)
    const candidates = [...left].flatMap(other =>
      near(groups.get(groupOf(other)) ?? [], other.at, within)
        .filter(one => fits(one, other))
        .map(one => ({ one, other, agrees: agreement(one, other), apart: Math.abs(one.at - other.at) })),
    )
    for (const { one, other } of candidates.toSorted((a, b) => b.agrees - a.agrees || a.apart - b.apart))
      if (free.has(one) && left.has(other)) pair(one, other)
  }
  return { pairs, onlyOurs: [...free], onlyTheirs: [...left] }
}

/** 4 if all counts agree; otherwise 2 for the input plus 1 for the output. Short outputs often agree by chance. */
function agreement(one: OurCall, other: TheirCall): number {
  const input = one.input === other.input ? 2 : 0
  const output = one.output === other.output ? 1 : 0
  const isSame = input + output === 3 && one.cacheRead === other.cacheRead && one.cacheWrite === other.cacheWrite
  return isSame ? 4 : input + output
}

/** Whether the provider counts at least as much as we do, such as more runs of the model. */
const hasMore = (one: OurCall, other: TheirCall): boolean =>
  (other.input ?? 0) >= (one.input ?? 0) && (other.output ?? 0) >= (one.output ?? 0)

const modelOf = ({ model }: Untiered): string => model

const tokensOf = ({ model, input, output, cacheRead, cacheWrite }: Untiered): string =>
  [model, input, output, cacheRead, cacheWrite].join(' ')

/** Each group is in order of time. */
function groupsOf(calls: Iterable<OurCall>, groupOf: (call: Untiered) => string): Map<string, OurCall[]> {
  const groups = new Map<string, OurCall[]>()
  for (const call of [...calls].toSorted((a, b) => a.at - b.at)) {
    const group = groups.get(groupOf(call))
    if (group) group.push(call)
    else groups.set(groupOf(call), [call])
  }
  return groups
}

/** @param calls in order of time */
function near(calls: readonly OurCall[], at: number, within: number): OurCall[] {
  let [low, high] = [0, calls.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (calls[middle]!.at < at - within) low = middle + 1
    else high = middle
  }
  const found: OurCall[] = []
  for (; low < calls.length && calls[low]!.at <= at + within; low++) found.push(calls[low]!)
  return found
}
