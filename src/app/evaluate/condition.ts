// Which calls an evaluator is for: `when` of the file.
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
} from '../../../semconv'
import type { Meant } from './evaluator'

type Value = string | number | boolean

/** Each that is given has to hold. Of a list one has to; `*` stands for any characters. */
export interface Condition {
  readonly model?: string | readonly string[]
  readonly provider?: string | readonly string[]
  readonly operation?: string | readonly string[]
  readonly agent?: string | readonly string[]
  /** By the names that they have on spans. */
  readonly attributes?: Readonly<Record<string, Value | readonly Value[]>>
}

const NAMES = {
  model: ATTR_GEN_AI_REQUEST_MODEL,
  provider: ATTR_GEN_AI_PROVIDER_NAME,
  operation: ATTR_GEN_AI_OPERATION_NAME,
  agent: ATTR_GEN_AI_AGENT_NAME,
} as const

export function compile(condition: Condition | undefined): (call: Meant) => boolean {
  const { attributes, ...named } = condition ?? {}
  const wanted = [
    ...Object.entries(named).map(([key, value]) => [NAMES[key as keyof typeof NAMES], value] as const),
    ...Object.entries(attributes ?? {}),
  ]
  const tests = wanted.map(([key, value]) => [key, [value].flat().map(one => testOf(one as Value))] as const)
  return call =>
    tests.every(([key, anyOf]) => [call.attributes[key]].flat().some(value => anyOf.some(test => test(value))))
}

function testOf(wanted: Value): (value: unknown) => boolean {
  if (typeof wanted !== 'string' || !wanted.includes('*')) return value => value === wanted
  const parts = wanted.split('*')
  return value => typeof value === 'string' && isLike(value, parts)
}

/** Each part is looked for once, from left to right, so that it takes no longer than the text. */
function isLike(text: string, parts: readonly string[]): boolean {
  const [first, ...rest] = parts as [string, ...string[]]
  const last = rest.pop()!
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}
