/** Attributes and intrinsics as SQL. Called by filter.ts. */
import { type AttributeScope, aliases, arrayAttribute, attribute, nestedAttribute, text } from '../store/columns'
import { type AttributeType, attributeMaps } from '../store/schema'
import type { Attribute, Intrinsic, IntrinsicName } from './ast'
import { isStored, isThere, type Typed } from './typed'

/** Tables beside that of the spans which an expression reads; `tree` for nested sets, which the store computes late. */
export type Need = AttributeScope | 'trace' | 'tree'

/** The aliases of what stands in lists of a span, in lambdas, and of the facts about a trace. */
export const variables = { event: 'e', link: 'k', trace: 't' } as const

const types: readonly AttributeType[] = ['string', 'int', 'float', 'bool']

/** @param need told what the SQL reads */
export function field(named: Attribute | Intrinsic, need: (what: Need) => void): Typed {
  if (named.type === 'intrinsic') {
    const { typed, needs } = intrinsics[named.name]
    if (needs) need(needs)
    return typed
  }
  if (named.scope === 'any') {
    need('resource')
    return unscoped(named.name)
  }
  if (named.scope === 'event' || named.scope === 'link') return nested(variables[named.scope], named.name)
  const scope = named.scope === 'instrumentation' ? 'scope' : named.scope
  need(scope)
  return own(scope, named.name)
}

/** `!= nil`: there is a value that can be searched. */
export function fieldIsThere(named: Attribute, need: (what: Need) => void): string {
  return places(named, need)
    .map(({ typed }) => isThere(typed))
    .join(' OR ')
}

/** `= nil`: there is nothing, not even what cannot be searched. */
export function fieldIsMissing(named: Attribute, need: (what: Need) => void): string {
  return places(named, need)
    .map(({ typed, alias }) => `NOT ${isStored(typed)} AND ${otherAttribute(alias, named.name)} IS NULL`)
    .join(' AND ')
}

/** Where the attribute may stand. */
function places(named: Attribute, need: (what: Need) => void): { typed: Typed; alias: string }[] {
  if (named.scope === 'event' || named.scope === 'link')
    return [{ typed: nested(variables[named.scope], named.name), alias: variables[named.scope] }]
  const scopes: readonly AttributeScope[] =
    named.scope === 'any' ? ['span', 'resource'] : [named.scope === 'instrumentation' ? 'scope' : named.scope]
  scopes.forEach(need)
  return scopes.map(scope => ({ typed: own(scope, named.name), alias: aliases[scope] }))
}

const otherAttribute = (alias: string, key: string): string => `${alias}.${attributeMaps.other}[${text(key)}]`

function own(scope: AttributeScope, key: string): Typed {
  return { ...byType(type => attribute(scope, key, type)), array: arrayAttribute(aliases[scope], key) }
}

function nested(variable: string, key: string): Typed {
  return { ...byType(type => nestedAttribute(variable, key, type)), array: arrayAttribute(variable, key) }
}

/** Of the span; only where it has none, whatever its type, of the resource. */
function unscoped(key: string): Typed {
  const span = own('span', key)
  const resource = own('resource', key)
  // first what few rows have
  const either = (ofSpan: string, ofResource: string) =>
    `coalesce(${ofSpan}, CASE WHEN ${ofResource} IS NOT NULL AND NOT ${isStored(span)} THEN ${ofResource} END)`
  return {
    ...byType(type => either(span[type]!, resource[type]!)),
    array: either(span.array!, resource.array!),
  }
}

const byType = (sql: (type: AttributeType) => string): Typed => Object.fromEntries(types.map(type => [type, sql(type)]))

const { span: s, scope: c } = aliases
const { event: e, link: k, trace: t } = variables

/** Ids as Tempo writes them: those of traces without leading zeros. */
const traceId = (sql: string) => `lower(hex(${sql}))`
const spanId = (sql: string) => `lpad(lower(hex(${sql})), 16, '0')`

const intrinsics: Readonly<Record<IntrinsicName, { readonly typed: Typed; readonly needs?: Need }>> = {
  'span:duration': { typed: { duration: `${s}.duration_ns` } },
  'span:name': { typed: { string: `${s}.name` } },
  'span:status': { typed: { status: `${s}.status` } },
  'span:statusMessage': { typed: { string: `${s}.status_message` } },
  'span:kind': { typed: { kind: `${s}.kind` } },
  'span:id': { typed: { string: spanId(`${s}.span_id`) } },
  'span:parentID': { typed: { string: `CASE WHEN ${s}.parent_id <> 0 THEN ${spanId(`${s}.parent_id`)} END` } },
  'span:childCount': { typed: { int: `${s}.nchildren` }, needs: 'tree' },
  'trace:duration': { typed: { duration: `(${t}.end_ns - ${t}.start_ns)` }, needs: 'trace' },
  'trace:rootName': { typed: { string: `coalesce(${t}.root_name, '')` }, needs: 'trace' },
  'trace:rootService': { typed: { string: `coalesce(${t}.root_service, '')` }, needs: 'trace' },
  'trace:id': { typed: { string: traceId(`${s}.trace_id`) } },
  'event:name': { typed: { string: `${e}.name` } },
  'event:timeSinceStart': { typed: { duration: `(${e}.time_ns - ${s}.start_ns)` } },
  'link:traceID': { typed: { string: traceId(`${k}.trace_id`) } },
  'link:spanID': { typed: { string: spanId(`${k}.span_id`) } },
  'instrumentation:name': { typed: { string: `${c}.name` }, needs: 'scope' },
  'instrumentation:version': { typed: { string: `${c}.version` }, needs: 'scope' },
  nestedSetLeft: { typed: { int: `${s}.nleft` }, needs: 'tree' },
  nestedSetRight: { typed: { int: `${s}.nright` }, needs: 'tree' },
  nestedSetParent: { typed: { int: `${s}.nparent` }, needs: 'tree' },
}
