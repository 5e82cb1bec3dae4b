// How SQL reads an attribute.
import { type AttributeType, attributeMaps, promoted } from './schema'

/** The names that the expressions give to the tables. */
export const aliases = { span: 's', resource: 'r', scope: 'c' } as const
export type AttributeScope = keyof typeof aliases

/** What stands behind FROM; a query that reads nothing of a resource or scope does with `spans s` alone. */
export const joins = {
  span: 'spans s',
  resource: 'JOIN resources r ON r.id = s.resource',
  scope: 'JOIN scopes c ON c.id = s.scope',
} as const

/**
 * The attribute of a span, a resource or a scope, if it has this type; NULL when it is missing or of another type.
 * @param alias where the query calls the table something else
 */
export function attribute(
  scope: AttributeScope,
  key: string,
  type: AttributeType,
  alias: string = aliases[scope],
): string {
  if (scope === 'resource' && key === 'service.name' && type === 'string') {
    // A resource without a name behaves as one whose name is empty.
    return `coalesce(${alias}.service_name, '')`
  }
  const own = scope === 'span' ? promoted.get(key) : undefined
  return own?.type === type ? `${alias}.${own.column}` : nestedAttribute(alias, key, type)
}

/**
 * The attribute of an event or a link, inside of a lambda over the list: `e` for
 * `list_filter(s.events, lambda e: …)`. Resources, scopes, log records and data points read the same way.
 */
export function nestedAttribute(variable: string, key: string, type: AttributeType): string {
  return `${variable}.${attributeMaps[type]}[${text(key)}]`
}

/** The array under the key, a struct of four lists of which one is filled: `s`, `i`, `f` or `b`. An empty array has none. */
export function arrayAttribute(variable: string, key: string): string {
  return `${variable}.${attributeMaps.array}[${text(key)}]`
}

/** Of the struct that `arrayAttribute` gives. */
export const arrayFields = { string: 's', int: 'i', float: 'f', bool: 'b' } as const

/** A text as a literal of SQL, in which the character 0 would end the statement. */
export function text(value: string): string {
  const parts = value.split('\0').map(part => `'${part.replaceAll("'", "''")}'`)
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`
}

/** 32 hexadecimal digits from a UHUGEINT, 16 from a UBIGINT. */
export const traceIdHex = (sql: string): string => `lpad(lower(hex(${sql})), 32, '0')`
export const spanIdHex = (sql: string): string => `lpad(lower(hex(${sql})), 16, '0')`

/** @param hex at most 32 digits */
export const traceIdOf = (hex: string): bigint => BigInt(`0x${hex}`)

/** Up to here a list is faster than the hash table of IN, in front of which DuckDB reads every column of every span. */
const shortList = 100

/** A condition on `spans s`. */
export function amongTraces(ids: readonly bigint[]): string {
  const list = `'[${ids.join(', ')}]'::UHUGEINT[]`
  const { span } = aliases
  if (ids.length === 1) return `${span}.trace_id = ${ids[0]}::UHUGEINT`
  return ids.length <= shortList
    ? `list_contains(${list}, ${span}.trace_id)`
    : `${span}.trace_id IN (SELECT unnest(${list}))`
}

/** A condition on `spans s`: their trace, or a part of it that came at once, overlaps the time, in nanoseconds since 1970. */
export function ofTracesWithin({ fromNs, toNs }: { readonly fromNs: bigint; readonly toNs: bigint }): string {
  const overlapping = `SELECT trace_id FROM trace_rows WHERE first_ns <= ${toNs} AND last_ns >= ${fromNs}`
  return `${aliases.span}.trace_id IN (${overlapping})`
}
