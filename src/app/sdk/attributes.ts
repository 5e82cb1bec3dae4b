// What each attribute of a span or log record runs through in our copy of OpenTelemetry's SDK, in the place of functions of its core
// (see `ownParts` in scripts/substitutions.mjs). For each value, theirs make a set of the lists that it is in and a list of the pair,
// and all attributes of a span are copied twice: of what a request allocated on top of a bare one it was a third. Texts, numbers and
// booleans need none of that; all other values go to theirs.
import type { Attributes } from '@opentelemetry/api'
import {
  AddAttributeDecision,
  cleanAttributes as cleanAny,
  maybeAddAttribute as maybeAddAny,
} from '@opentelemetry/core'

// what else the files that get these functions import
export {
  AddAttributeDecision,
  addHrTimes,
  cleanSimpleAttributes,
  hrTime,
  hrTimeDuration,
  isTimeInput,
  isTimeInputHrTime,
  isTracingSuppressed,
  millisToHrTime,
  timeInputToHrTime,
} from '@opentelemetry/core'

type Limits = Parameters<typeof cleanAny>[1]

/** What was copied without limits last. The tracer hands it in again, and nobody else has it. */
let copied: object | undefined

/** Does what OpenTelemetry's function does. */
export function cleanAttributes(given: unknown, limits: Limits): ReturnType<typeof cleanAny> {
  const mayStay = given !== undefined && given === copied
  copied = undefined
  if (typeof given !== 'object' || given === null) return {}
  const attributes = mayStay ? (given as Attributes) : {}
  let count = 0
  for (const key of Object.keys(given)) {
    const value = (given as Attributes)[key]
    if (value === undefined && !mayStay) continue
    if (!isPlain(value, limits) || key === '' || count++ >= limits.attributeCountLimit) return cleanAny(given, limits)
    if (!mayStay) attributes[key] = value
  }
  if (!mayStay && limits.attributeCountLimit === Number.POSITIVE_INFINITY) copied = attributes
  return { attributes, droppedAttributesCount: 0 }
}

/** Does what OpenTelemetry's function does. */
export function maybeAddAttribute(options: Parameters<typeof maybeAddAny>[0]): AddAttributeDecision {
  const { key, value, attributes, limits } = options
  if (!isPlain(value, limits) || key === '') return maybeAddAny(options)
  const isNew = !Object.hasOwn(attributes, key)
  if (isNew && options.currentAttributesCount >= limits.attributeCountLimit)
    return AddAttributeDecision.DROP_LIMIT_REACHED
  attributes[key] = value
  return isNew ? AddAttributeDecision.ADD_NEW : AddAttributeDecision.ADD_OVERWRITE_EXISTING
}

function isPlain(value: unknown, { attributeValueLengthLimit }: Limits): boolean {
  if (typeof value === 'string') return value.length <= attributeValueLengthLimit
  return typeof value === 'number' || typeof value === 'boolean'
}
