// What each measurement runs through in our copy of OpenTelemetry's SDK: how its series is named, and that it cannot fail.
import type { Attributes, Counter } from '@opentelemetry/api'
import { reason, report } from '../../shared/diag/report'

/** Of attributes that can't change any more. Those of a series that is not used any more are collected with it. */
const known = new WeakMap<Attributes, string>()

/**
 * What names a series within a metric, in the place of OpenTelemetry's own (see `ownParts` in scripts/substitutions.mjs), which
 * sorts and writes out all attributes at each measurement: an LLM call makes ten, and their series are the same again.
 * @returns the same text as OpenTelemetry's: independent of the order of the attributes
 */
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

type Record = (this: unknown, ...args: unknown[]) => void

const safe = new WeakSet<object>()

/**
 * What the app measures, or we measure inside of its calls and events, cannot fail there: OpenTelemetry's instruments make a key of
 * the attributes with functions that an app may have broken, and what they throw would be an uncaught exception.
 * @param counter any one of the SDK's: all kinds that are recorded to inherit from one class, which it does not export
 */
export function makeInstrumentsSafe(counter: Counter): void {
  const prototype: { _record: Record } = Object.getPrototypeOf(Object.getPrototypeOf(counter))
  if (safe.has(prototype)) return
  safe.add(prototype)
  const { _record } = prototype
  prototype._record = function (...args) {
    try {
      Reflect.apply(_record, this, args)
    } catch (error) {
      report('AFN137', `a measurement was lost (${reason(error)})`)
    }
  }
}
