// Detects whether two unrelated spans are the same call, because they report the same answer.
import type { Call } from '../../call'
import type { Usage } from '../../usage'
import type { LlmSpan } from '../span'

/** The compared part of a span. It is small, because it is kept after the span's export. */
export type CallFacts = Pick<LlmSpan, 'call' | 'status'>

/** @param onlyPair no other span can be the same call as one of the two, so counts may be missing on one side */
export function isSameCall(
  { call: a, status }: CallFacts,
  { call: b, status: other }: CallFacts,
  onlyPair: boolean,
): boolean {
  if (!a || !b) return false
  if (a.responseId !== undefined && b.responseId !== undefined) return a.responseId === b.responseId
  if (!haveSameModel(a, b)) return false
  if (!a.hasTokens || !b.hasTokens) return onlyPair && status.code === other.code
  return a.usage.output === b.usage.output && haveSameInput(a.usage, b.usage)
}

function haveSameModel(a: Call, b: Call): boolean {
  const known = modelsOf(a)
  return known.length === 0 || modelsOf(b).some(name => known.includes(name))
}

function modelsOf({ requestModel, responseModel }: Call): unknown[] {
  return [requestModel, responseModel].filter(name => name !== undefined)
}

/** Some libraries do not include cached tokens in the input. */
function haveSameInput(a: Usage, b: Usage): boolean {
  return a.input === b.input || a.input === withoutCache(b) || b.input === withoutCache(a)
}

function withoutCache({ input = 0, cacheRead = 0, cacheWrite = 0 }: Usage): number {
  return input - cacheRead - cacheWrite
}
