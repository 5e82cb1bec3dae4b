/** Attributes as SQL: one expression for each type that a value may have. */
import { type AttributeScope, aliases, arrayAttribute, attribute, nestedAttribute, text } from '../store/columns'
import { type AttributeType, attributeMaps, promoted } from '../store/schema'
import type { KnownKeys } from './known-keys'
import { isStored, type Typed } from './typed-sql'

const types: readonly AttributeType[] = ['string', 'int', 'float', 'bool']

/** Includes only types that occur in some row. */
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

/** An attribute of an event or a link. @param variable of the lambda; @param isKnown whether any value has this type */
export function nested(variable: string, key: string, isKnown: (type: AttributeType | 'array') => boolean): Typed {
  return {
    ...byType(type => (isKnown(type) ? nestedAttribute(variable, key, type) : undefined)),
    ...(isKnown('array') && { array: arrayAttribute(variable, key) }),
  }
}

/** The span's attribute; if the span has none of any type, the resource's. */
export function unscoped(key: string, keys: KnownKeys): Typed {
  const span = own('span', key, keys)
  const resource = own('resource', key, keys)
  const inSpan = isStored(span)
  const either = (kind: AttributeType | 'array'): string | undefined => {
    const [a, b] = [span[kind], resource[kind]]
    if (b === undefined || Object.keys(span).length === 0) return a ?? b
    // the check for NULL goes first, since few rows pass it
    const ofResource = `CASE WHEN ${b} IS NOT NULL AND NOT ${inSpan} THEN ${b} END`
    return a === undefined ? ofResource : `coalesce(${a}, ${ofResource})`
  }
  const array = either('array')
  return { ...byType(either), ...(array !== undefined && { array }) }
}

/** Whether the attribute is missing altogether, even as a value that cannot be searched. @param alias of the table, or a variable */
export function isMissing(typed: Typed, alias: string, key: string): string {
  return `(NOT ${isStored(typed)} AND ${alias}.${attributeMaps.other}[${text(key)}] IS NULL)`
}

function byType(sql: (type: AttributeType) => string | undefined): Typed {
  return Object.fromEntries(types.map(type => [type, sql(type)] as const).filter(([, made]) => made !== undefined))
}
