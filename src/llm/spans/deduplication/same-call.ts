// Whether two spans that know nothing of each other are the same call: they report the same answer.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_USAGE_SOURCE_VALUE_ESTIMATED,
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_AFN_LLM_PARENT_ID,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../../semconv'
import { COST_ATTRIBUTES } from '../../report/cost/cost-attributes'
import { hasUsage, usageAttributes, usageOf } from '../../usage'
import type { LlmSpan } from '../span'

/** The part of a span that is compared. */
export type CallFacts = Pick<LlmSpan, 'attributes' | 'status'>

const compared = [
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
]

/** A small copy, for a span that has left. */
export function factsOf({ attributes, status }: CallFacts): CallFacts {
  const facts: Attributes = {}
  for (const key of compared) if (attributes[key] !== undefined) facts[key] = attributes[key]
  return { attributes: facts, status }
}

/** @param onlyPair no other span can be the same call as one of the two; then counts may be missing on one side */
export function isSameCall(a: CallFacts, b: CallFacts, onlyPair: boolean): boolean {
  const id = a.attributes[ATTR_GEN_AI_RESPONSE_ID]
  const otherId = b.attributes[ATTR_GEN_AI_RESPONSE_ID]
  if (id !== undefined && otherId !== undefined) return id === otherId
  if (!haveSameModel(a.attributes, b.attributes)) return false
  if (!hasUsage(a.attributes) || !hasUsage(b.attributes)) return onlyPair && a.status.code === b.status.code
  return (
    a.attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] === b.attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] &&
    haveSameInput(a.attributes, b.attributes)
  )
}

function haveSameModel(a: CallFacts['attributes'], b: CallFacts['attributes']): boolean {
  const known = modelsOf(a)
  return known.length === 0 || modelsOf(b).some(name => known.includes(name))
}

function modelsOf(attributes: CallFacts['attributes']): unknown[] {
  return [attributes[ATTR_GEN_AI_REQUEST_MODEL], attributes[ATTR_GEN_AI_RESPONSE_MODEL]].filter(
    name => name !== undefined,
  )
}

/** Some libraries do not count cached tokens as input. */
function haveSameInput(a: CallFacts['attributes'], b: CallFacts['attributes']): boolean {
  const [inputA, inputB] = [a[ATTR_GEN_AI_USAGE_INPUT_TOKENS], b[ATTR_GEN_AI_USAGE_INPUT_TOKENS]]
  return inputA === inputB || inputA === withoutCache(b) || inputB === withoutCache(a)
}

function withoutCache(attributes: CallFacts['attributes']): number {
  const count = (key: string) => (attributes[key] as number | undefined) ?? 0
  return (
    count(ATTR_GEN_AI_USAGE_INPUT_TOKENS) -
    count(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS) -
    count(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS)
  )
}

// What two spans of one call say together.

const places = [ATTR_AFN_LLM_LOCAL_ROOT, ATTR_AFN_LLM_PARENT_ID]

/** The span repeats what other spans of the same call report: it is neither priced nor counted. */
export function markRollup(span: LlmSpan): void {
  span.own()[ATTR_AFN_LLM_USAGE_ROLLUP] = true
}

/**
 * Where both report something, `ours` wins: it comes from the wire. Counts and cost are taken from one of them whole, so
 * that they agree. What only `theirs` counts does not come from the provider, and is marked as estimated.
 */
export function mergedAttributes(theirs: Readonly<Attributes>, ours: Readonly<Attributes>): Attributes {
  const merged: Attributes = { ...theirs, ...ours }
  // the place in the tree is theirs
  for (const key of places) if (theirs[key] === undefined) delete merged[key]
  if (hasUsage(ours)) {
    for (const key of [...COST_ATTRIBUTES, ...Object.keys(usageAttributes(usageOf(theirs)))]) {
      if (ours[key] === undefined) delete merged[key]
    }
  } else if (hasUsage(theirs)) {
    merged[ATTR_AFN_LLM_USAGE_SOURCE] = AFN_LLM_USAGE_SOURCE_VALUE_ESTIMATED
  }
  return merged
}
