/** Attributes as SQL: for each type that a value may have, where it then stands. */
import { type AttributeScope, aliases, arrayAttribute, attribute, nestedAttribute, text } from '../store/columns'
import { type AttributeType, attributeMaps, promoted } from '../store/schema'
import type { KnownKeys } from './known-keys'
import { isStored, type Typed } from './typed-sql'

const types: readonly AttributeType[] = ['string', 'int', 'float', 'bool']

/** Only the types that any row has. */
export function own(scope: AttributeScope, key: string, keys: KnownKeys): Typed {
  return {
    ...byType(type =>
      hasColumn(scope, key, type) || keys.has(scope, key, type) ? attribute(scope, key, type) : undefined,
    ),
    ...(keys.has(scope, key, 'array') && { array: arrayAttribute(aliases[scope], key) }),
  }
}

function hasColumn(scope: AttributeScope, key: string, type: AttributeType): boolean {
  if (scope === 'resource') return key === 'service.name' && type === 'string'
  return scope === 'span' && promoted.get(key)?.type === type
}

/** Of an event or a link. @param variable of the lambda; @param isKnown whether any has a value of the type */
export function nested(variable: string, key: string, isKnown: (type: AttributeType | 'array') => boolean): Typed {
  return {
    ...byType(type => (isKnown(type) ? nestedAttribute(variable, key, type) : undefined)),
    ...(isKnown('array') && { array: arrayAttribute(variable, key) }),
  }
}

/** Of the span; only where it has none, whatever its type, of the resource. */
export function unscoped(key: string, keys: KnownKeys): Typed {
  const span = own('span', key, keys)
  const resource = own('resource', key, keys)
  const inSpan = isStored(span)
  const either = (kind: AttributeType | 'array'): string | undefined => {
    const [a, b] = [span[kind], resource[kind]]
    if (b === undefined || Object.keys(span).length === 0) return a ?? b
    // first what few rows have
    const ofResource = `CASE WHEN ${b} IS NOT NULL AND NOT ${inSpan} THEN ${b} END`
    return a === undefined ? ofResource : `coalesce(${a}, ${ofResource})`
  }
  const array = either('array')
  return { ...byType(either), ...(array !== undefined && { array }) }
}

/** Whether there is nothing, not even what cannot be searched. @param alias of the table, or a variable */
export function isMissing(typed: Typed, alias: string, key: string): string {
  return `(NOT ${isStored(typed)} AND ${alias}.${attributeMaps.other}[${text(key)}] IS NULL)`
}

function byType(sql: (type: AttributeType) => string | undefined): Typed {
  return Object.fromEntries(types.map(type => [type, sql(type)] as const).filter(([, made]) => made !== undefined))
}
