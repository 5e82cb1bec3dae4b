// Whether two spans that know nothing of each other are the same call: they report the same answer.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../../semconv'
import type { LlmSpan } from '../span'
import { hasUsage } from './merge'

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
