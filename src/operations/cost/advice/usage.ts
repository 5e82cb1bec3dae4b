/** Rules about the usage of models. Each examines one group of calls and stays silent unless the calls show a problem. */
import { mean, quantileOf, shareInterval } from '../../../shared/statistics'
import { type AdviceFinding, isWorthwhile, LEAST_CALLS, percent, type Rule } from './advice'
import type { Call, Group } from './call'
import { CONFIDENCE, savingOf } from './saving'

const MINUTE = 60_000

/** How long providers cache a prompt after its last use. */
const CACHED_MS = 5 * MINUTE
/** Providers do not cache shorter prompts. */
const LEAST_CACHED = 1_024

/**
 * Prompts that were sent again within minutes at full price. In a conversation, that is everything sent before. Elsewhere the prompts are
 * unknown, but if all are about as long as the shortest, most of each is probably the same text.
 */
export const caching: Rule = ({ calls }, price) => {
  if (calls.length < LEAST_CALLS) return undefined
  const input = calls.reduce((sum, call) => sum + call.input, 0)
  const cached = calls.reduce((sum, call) => sum + call.cacheRead, 0)
  if (input === 0 || cached / input > 0.2) return undefined
  const alone = calls.filter(call => call.conversation === undefined).map(call => call.input)
  const [shortest, usual] = [quantileOf(alone, 0.05), quantileOf(alone, 0.5)]
  const isAlike = alone.length >= LEAST_CALLS && shortest >= LEAST_CACHED && usual <= 1.25 * shortest
  const last = new Map<string, Call>()
  let inConversations = 0
  const saving = savingOf(calls, price, call => {
    const place = call.conversation ?? ''
    const before = last.get(place)
    last.set(place, call)
    const isRecent = before !== undefined && call.at - before.at <= CACHED_MS
    const known = call.conversation === undefined ? (isAlike ? shortest : 0) : (before?.input ?? 0)
    // earlier turns may have been removed from the prompt
    const again = Math.floor(Math.min(known, call.input))
    if (again < LEAST_CACHED) return undefined
    if (!isRecent) return { cacheWrite: Math.max(call.cacheWrite, again) }
    if (call.conversation !== undefined) inConversations++
    const cacheRead = Math.max(call.cacheRead, again)
    return { cacheRead, cacheWrite: Math.min(call.cacheWrite, call.input - cacheRead) }
  })
  if (!isWorthwhile(saving)) return undefined
  const isSeen = inConversations > calls.length / 2
  return {
    kind: 'caching',
    why: isSeen
      ? `${percent(cached / input)} of the input comes from the provider's cache, although ${inConversations} of ${calls.length} calls continue a conversation within five minutes.`
      : `${percent(cached / input)} of the input comes from the provider's cache, although prompts are similar: the shortest have ${Math.round(shortest)} tokens, half have at most ${Math.round(usual)}, and they follow each other within five minutes.`,
    what: 'Put the common part of all prompts first, and mark it for caching if the provider requires it (cache_control for Anthropic).',
    saving,
    confidence: isSeen ? 'high' : 'low',
    risk: 'None for the answers. Cache writes cost extra: prompts that are not reused cost a quarter more.',
    verify: 'afn-otel query cache-hit-ratio --since 1d: the share rises within a day.',
    unless: 'the prompts have the same length by chance, such as documents split into equal parts.',
    condition: '',
  }
}

/** Interactive prices for calls that nobody waits for. */
export const batch: Rule = ({ calls }, price) => {
  const waiting = calls.filter(
    call => !call.isAwaited && !call.isStreamed && call.conversation === undefined && call.serviceTier !== 'batch',
  )
  if (waiting.length < LEAST_CALLS || waiting.length < 0.9 * calls.length) return undefined
  const isPossible = price(waiting[0]!, { serviceTier: 'batch' }) !== undefined
  const saving = isPossible ? savingOf(waiting, price, () => ({ serviceTier: 'batch' })) : undefined
  if (!isWorthwhile(saving)) return undefined
  return {
    kind: 'batch',
    why: `${waiting.length} of ${calls.length} calls belong to no request, are not streamed and are in no conversation: nobody waits for them.`,
    what: "Send them through the provider's batch API.",
    saving,
    confidence: 'medium',
    risk: 'Answers take up to 24 hours instead of seconds.',
    verify: 'afn-otel cost report --by feature,model: the cost per call halves.',
    unless: 'somebody waits in a way that spans do not show, or a call needs the previous answer.',
    condition: '',
  }
}

/** Runaway answers: a few that are many times longer than nearly all others, without a limit. */
export const outputCap: Rule = ({ calls }, price) => {
  if (calls.length < LEAST_CALLS) return undefined
  const usual = quantileOf(
    calls.map(call => call.output),
    0.9,
  )
  const cap = Math.ceil((3 * usual) / 64) * 64
  const isStopped = (call: Call) => call.maxTokens !== undefined && call.maxTokens <= cap
  const beyond = calls.filter(call => call.output > cap && !isStopped(call))
  if (cap === 0 || beyond.length < 3) return undefined
  const saving = savingOf(calls, price, call => (call.output > cap && !isStopped(call) ? { output: cap } : undefined))
  if (!isWorthwhile(saving)) return undefined
  return {
    kind: 'output-cap',
    why: `${percent(beyond.length / calls.length)} of the answers are longer than ${cap} tokens, three times the p90, and no max_tokens limits them.`,
    what: `Set max_tokens to ${cap}.`,
    saving,
    confidence: 'high',
    risk: `${percent(beyond.length / calls.length)} of the answers would have been truncated.`,
    verify: 'afn-otel query truncated-answers --since 1d: read some truncated ones; quality stays the same.',
    unless: 'the long answers are the ones that matter: read some of them first.',
    condition: `span.gen_ai.usage.output_tokens > ${cap}`,
  }
}

/** Attempts that were paid for and discarded. */
export const retries: Rule = ({ calls }, price) => {
  if (calls.length < LEAST_CALLS) return undefined
  const again = calls.filter(call => call.attempt > 1).length
  if (shareInterval(again, calls.length, CONFIDENCE).low <= 0.05) return undefined
  const saving = savingOf(calls, price, call => (call.isRetried ? { usd: 0 } : undefined))
  if (!isWorthwhile(saving)) return undefined
  return {
    kind: 'retries',
    why: `${percent(again / calls.length)} of the calls are retries, and the failed attempts used tokens.`,
    what: 'Find out why they fail: a timeout shorter than the answer takes, an interrupted stream, a discarded answer. Fix that, or wait longer before retrying.',
    saving,
    confidence: 'high',
    risk: 'With a longer timeout, users wait longer when the provider really hangs.',
    verify: 'afn-otel query retried-calls --since 1d: fewer calls are retried.',
    unless: 'the provider does not charge for unfinished answers: compare with its invoice.',
    condition: 'span.afn.llm.attempt > 1',
  }
}

/** Number of turns that remain in the prompt. */
const KEPT_TURNS = 4
const LEAST_CONVERSATIONS = 20

/** Conversations whose prompts grow, so that earlier turns are paid for again with each turn. */
export const context: Rule = (group, price) => {
  const turns = turnsOf(group)
  const long = [...turns.values()].filter(calls => calls.length >= 2 * KEPT_TURNS)
  const of = long.flat()
  if (long.length < LEAST_CONVERSATIONS || of.length < LEAST_CALLS) return undefined
  const growth = long.map(
    calls => mean(calls.slice(-2).map(one => one.input)) / mean(calls.slice(0, 2).map(one => one.input)),
  )
  if (quantileOf(growth, 0.25) < 2) return undefined
  // with this limit, later prompts would stay at the length of turn KEPT_TURNS
  const most = new Map(long.map(calls => [calls[0]!.conversation, calls[KEPT_TURNS - 1]!.input]))
  const saving = savingOf(group.calls, price, call => {
    const input = most.get(call.conversation)
    if (input === undefined || call.input <= input) return undefined
    const cacheRead = Math.round((call.cacheRead / call.input) * input)
    return { input, cacheRead, cacheWrite: Math.min(call.cacheWrite, input - cacheRead) }
  })
  if (!isWorthwhile(saving)) return undefined
  return {
    kind: 'context',
    why: `In ${long.length} conversations of ${2 * KEPT_TURNS} turns or more the prompt grows ${quantileOf(growth, 0.5).toFixed(1)} times from the first turns to the last.`,
    what: `Send the last ${KEPT_TURNS} turns, and a summary of the earlier ones.`,
    saving,
    confidence: 'medium',
    risk: 'The model forgets early details, and a summary costs a call.',
    verify: 'afn-otel query large-conversations --since 1d, and evaluations of late turns.',
    unless: 'early turns are needed verbatim, such as a document that the questions refer to.',
    condition: 'span.gen_ai.conversation.id != nil',
  }
}

function turnsOf({ calls }: Group): Map<string, Call[]> {
  const turns = new Map<string, Call[]>()
  for (const call of calls) {
    if (call.conversation === undefined || call.isRetried) continue
    const known = turns.get(call.conversation)
    if (known) known.push(call)
    else turns.set(call.conversation, [call])
  }
  return turns
}

export const usageRules: readonly Rule[] = [caching, batch, outputCap, retries, context]

export const usageAdvice = (group: Group, price: Parameters<Rule>[1]): AdviceFinding[] =>
  usageRules.flatMap(rule => rule(group, price) ?? [])
