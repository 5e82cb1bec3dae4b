/** Compiles the names in a query to SQL. */
import { type AttributeScope, aliases } from '../store/columns'
import type { Attribute, Intrinsic, IntrinsicName } from './ast'
import { isMissing, nested, own, unscoped } from './attributes'
import type { KnownKeys } from './known-keys'
import { isStored, isThere, type Typed } from './typed-sql'

/** A table that an expression reads besides the spans; `tree` stands for nested sets, which the store computes late. */
export type Need = AttributeScope | 'trace' | 'tree'

/** Variables of lambdas over the events and links of a span, and the alias of the table of traces. */
export const variables = { event: 'e', link: 'k', trace: 't' } as const

type AddNeed = (what: Need) => void

/** @param need called with each table that the SQL reads */
export function field(named: Attribute | Intrinsic, keys: KnownKeys, need: AddNeed): Typed {
  if (named.type === 'intrinsic') {
    const { typed, needs } = intrinsics[named.name]
    if (needs) need(needs)
    return typed
  }
  if (named.scope === 'event' || named.scope === 'link') return inList(named.scope, named.name, keys)
  if (named.scope === 'any') {
    need('resource')
    return unscoped(named.name, keys)
  }
  const scope = tableOf(named.scope)
  need(scope)
  return own(scope, named.name, keys)
}

const inList = (scope: 'event' | 'link', name: string, keys: KnownKeys): Typed =>
  nested(variables[scope], name, type => scope === 'link' || keys.has('event', name, type))

/** `!= nil`: the attribute has a searchable value. */
export function fieldIsThere(named: Attribute, keys: KnownKeys, need: AddNeed): string {
  return storedAttributes(named, keys, need)
    .map(({ typed }) => isThere(typed))
    .join(' OR ')
}

/** `= nil` */
export function fieldIsMissing(named: Attribute, keys: KnownKeys, need: AddNeed): string {
  return storedAttributes(named, keys, need)
    .map(({ typed, alias, hasOther }) => (hasOther ? isMissing(typed, alias, named.name) : `NOT ${isStored(typed)}`))
    .join(' AND ')
}

interface StoredAttribute {
  readonly typed: Typed
  readonly alias: string
  /** Whether the attribute may have a map or bytes as its value, which cannot be searched. */
  readonly hasOther: boolean
}

/** Lists all scopes in which the attribute may occur. */
function storedAttributes(named: Attribute, keys: KnownKeys, need: AddNeed): StoredAttribute[] {
  if (named.scope === 'event' || named.scope === 'link') {
    const alias = variables[named.scope]
    return [{ typed: inList(named.scope, named.name, keys), alias, hasOther: true }]
  }
  const scopes = named.scope === 'any' ? (['span', 'resource'] as const) : [tableOf(named.scope)]
  scopes.forEach(need)
  return scopes.map(scope => ({
    typed: own(scope, named.name, keys),
    alias: aliases[scope],
    hasOther: keys.has(scope, named.name, 'other'),
  }))
}

const tableOf = (scope: 'span' | 'resource' | 'instrumentation'): AttributeScope =>
  scope === 'instrumentation' ? 'scope' : scope

const { span: s, scope: c } = aliases
const { event: e, link: k, trace: t } = variables

/** Ids as Tempo writes them; trace ids have no leading zeros. */
const traceId = (sql: string) => `lower(hex(${sql}))`
const spanId = (sql: string) => `lpad(lower(hex(${sql})), 16, '0')`

const intrinsics: Readonly<Record<IntrinsicName, { readonly typed: Typed; readonly needs?: Need }>> = {
  'span:duration': { typed: { duration: `${s}.duration_ns` } },
  'span:name': { typed: { string: `${s}.name` } },
  'span:status': { typed: { status: `${s}.status` } },
  'span:statusMessage': { typed: { string: `${s}.status_message` } },
  'span:kind': { typed: { kind: `${s}.kind` } },
  'span:id': { typed: { string: spanId(`${s}.span_id`) } },
  'span:parentID': { typed: { string: spanId(`${s}.parent_id`) } },
  'span:childCount': { typed: { int: `${s}.nchildren` }, needs: 'tree' },
  'trace:duration': { typed: { duration: `(${t}.end_ns - ${t}.start_ns)` }, needs: 'trace' },
  'trace:rootName': { typed: { string: `coalesce(${t}.root_name, '')` }, needs: 'trace' },
  'trace:rootService': { typed: { string: `coalesce(${t}.root_service, '')` }, needs: 'trace' },
  'trace:id': { typed: { string: traceId(`${s}.trace_id`) } },
  'event:name': { typed: { string: `${e}.name` } },
  'event:timeSinceStart': { typed: { duration: `try_cast(${e}.time_ns::HUGEINT - ${s}.start_ns AS BIGINT)` } },
  'link:traceID': { typed: { string: traceId(`${k}.trace_id`) } },
  'link:spanID': { typed: { string: spanId(`${k}.span_id`) } },
  'instrumentation:name': { typed: { string: `${c}.name` }, needs: 'scope' },
  'instrumentation:version': { typed: { string: `${c}.version` }, needs: 'scope' },
  nestedSetLeft: { typed: { int: `${s}.nleft` }, needs: 'tree' },
  nestedSetRight: { typed: { int: `${s}.nright` }, needs: 'tree' },
  nestedSetParent: { typed: { int: `${s}.nparent` }, needs: 'tree' },
}
