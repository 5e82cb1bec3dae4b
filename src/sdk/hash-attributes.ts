// What names a series within a metric, in the place of OpenTelemetry's own (see `ownParts` in scripts/substitutions.mjs), which
// sorts and writes out all attributes at each measurement: an LLM call makes ten, and their series are the same again.
import type { Attributes } from '@opentelemetry/api'

/** Of attributes that can't change any more. Those of a series that is not used any more are collected with it. */
const known = new WeakMap<Attributes, string>()

/** The same text as OpenTelemetry's: independent of the order of the attributes. */
export function hashAttributes(attributes: Attributes): string {
  const before = known.get(attributes)
  if (before !== undefined) return before
  const keys = Object.keys(attributes).sort()
  const hash = keys.length === 0 ? '' : JSON.stringify(keys.map(key => [key, attributes[key]]))
  // A list may change though its owner is frozen.
  const isFixed = Object.isFrozen(attributes) && keys.every(key => typeof attributes[key] !== 'object')
  if (isFixed) known.set(attributes, hash)
  return hash
}
