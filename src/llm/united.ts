// What two spans of one call say together. Called by the doubles, the echoes and the sdk's copy of a span.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_USAGE_SOURCE_VALUE_ESTIMATED,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_AFN_LLM_PARENT_ID,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../semconv'
import { usageAttributes, usageOf } from './usage'

/** Makes one span of two, under the identity of theirs: what was logged meanwhile names that one. */
export type Unite<T> = (theirs: T, ours: T) => T

type Told = Readonly<Attributes>

export function tellsUsage(attributes: Told): boolean {
  return (
    attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] !== undefined ||
    attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] !== undefined
  )
}

const costs = [
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
]

const places = [ATTR_AFN_LLM_LOCAL_ROOT, ATTR_AFN_LLM_PARENT_ID]

/**
 * Where both tell something, ours is right: it comes from the wire. Counts and cost are taken from one of them whole, so
 * that they agree. What only theirs counts was not told by the provider, and is marked as estimated.
 */
export function unitedAttributes(theirs: Told, ours: Told): Attributes {
  const united: Attributes = { ...theirs, ...ours }
  // the place in the tree is theirs
  for (const key of places) if (theirs[key] === undefined) delete united[key]
  if (tellsUsage(ours)) {
    for (const key of [...costs, ...Object.keys(usageAttributes(usageOf(theirs)))]) {
      if (ours[key] === undefined) delete united[key]
    }
  } else if (tellsUsage(theirs)) {
    united[ATTR_AFN_LLM_USAGE_SOURCE] = AFN_LLM_USAGE_SOURCE_VALUE_ESTIMATED
  }
  return united
}
