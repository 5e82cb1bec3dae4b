// How SQL reads attributes.
import { type AttributeType, attributeMaps, promoted } from './schema'

/** Aliases of the tables in all expressions. */
export const aliases = { span: 's', resource: 'r', scope: 'c' } as const
export type AttributeScope = keyof typeof aliases

/** Tables and joins for FROM; a query that reads no resource or scope only needs `spans s`. */
export const joins = {
  span: 'spans s',
  resource: 'JOIN resources r ON r.id = s.resource',
  scope: 'JOIN scopes c ON c.id = s.scope',
} as const

/**
 * An attribute of a span, resource or scope; NULL if it is missing or has another type.
 * @param alias of the table, if the query uses another one
 */
export function attribute(
  scope: AttributeScope,
  key: string,
  type: AttributeType,
  alias: string = aliases[scope],
): string {
  if (scope === 'resource' && key === 'service.name' && type === 'string') {
    // A resource without a service name counts as one with an empty name.
    return `coalesce(${alias}.service_name, '')`
  }
  const own = scope === 'span' ? promoted.get(key) : undefined
  return own?.type === type ? `${alias}.${own.column}` : nestedAttribute(alias, key, type)
}

/**
 * An attribute of an event or a link, in a lambda over the list, such as `e` in `list_filter(s.events, lambda e: …)`. Also reads attributes
 * of resources, scopes, log records and data points.
 */
export function nestedAttribute(variable: string, key: string, type: AttributeType): string {
  return `${variable}.${attributeMaps[type]}[${text(key)}]`
}

/** The array under a key, as a struct of four lists, `s`, `i`, `f` and `b`, of which one has elements. All are empty for an empty array. */
export function arrayAttribute(variable: string, key: string): string {
  return `${variable}.${attributeMaps.array}[${text(key)}]`
}

/** The fields of the struct that `arrayAttribute` returns. */
export const arrayFields = { string: 's', int: 'i', float: 'f', bool: 'b' } as const

/** Quotes a text for SQL; a literal null character would end the statement. */
export function text(value: string): string {
  const parts = value.split('\0').map(part => `'${part.replaceAll("'", "''")}'`)
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`
}

/** Converts a UHUGEINT to 32 hexadecimal digits, and a UBIGINT to 16. */
export const traceIdHex = (sql: string): string => `lpad(lower(hex(${sql})), 32, '0')`
export const spanIdHex = (sql: string): string => `lpad(lower(hex(${sql})), 16, '0')`

/** @param hex at most 32 digits */
export const traceIdOf = (hex: string): bigint => BigInt(`0x${hex}`)

/** Up to this length, list_contains() is faster than the hash table of IN, for which DuckDB reads every column of every span first. */
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

/** A condition on `spans s` for traces that overlap the time range, or have a row in `trace_rows` that does. Nanoseconds since 1970. */
export function ofTracesWithin({ fromNs, toNs }: { readonly fromNs: bigint; readonly toNs: bigint }): string {
  const overlapping = `SELECT trace_id FROM trace_rows WHERE first_ns <= ${toNs} AND last_ns >= ${fromNs}`
  return `${aliases.span}.trace_id IN (${overlapping})`
}
