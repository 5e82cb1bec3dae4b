// Merges two spans of the same call.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_USAGE_SOURCE_VALUE_ESTIMATED,
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_AFN_LLM_PARENT_ID,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_AFN_LLM_USAGE_SOURCE,
} from '../../../../../semconv'
import { hasUsage, usageAttributes, usageOf } from '../../usage'
import { COST_ATTRIBUTES } from '../operations'
import type { LlmSpan } from '../span'

const places = [ATTR_AFN_LLM_LOCAL_ROOT, ATTR_AFN_LLM_PARENT_ID]

/** Marks a span that repeats the usage of other spans of the same call: it is neither priced nor counted. */
export function markRollup(span: LlmSpan): void {
  span.own()[ATTR_AFN_LLM_USAGE_ROLLUP] = true
  if (span.call) Object.assign(span.call, { isModelCall: false, isRollup: true })
}

/**
 * If both report an attribute, `ours` takes precedence, because it was read from the response. Usage and cost are taken entirely from one
 * of them, so that they are consistent. Usage that only `theirs` has does not come from the provider, and is marked as estimated.
 */
export function mergedAttributes(theirs: Readonly<Attributes>, ours: Readonly<Attributes>): Attributes {
  const merged: Attributes = { ...theirs, ...ours }
  // the attributes of the place come from theirs
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
