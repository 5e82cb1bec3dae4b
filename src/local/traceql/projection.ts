/**
 * What an answer tells of each span beside its times: the attributes and intrinsics that the query reads. Called by
 * answer.ts.
 */
import { aliases } from '../store/columns'
import { orEmpty } from './absent'
import type { Attribute, Binary, Field, Stage } from './ast'
import type { Context } from './context'
import { isDedicated } from './dedicated'
import { encoded } from './encoded'
import { Filter } from './filter'
import { shortName } from './names'
import { conditionsOf, type Used, usedNames } from './names-read'
import { type Pooled, pooled } from './pooled'
import { narrowed } from './typed'

export interface Told {
  readonly key: string
  readonly name: string
  readonly sql: string
}

export interface Tellable {
  readonly filter: Filter
  readonly columns: readonly Told[]
  /** SQL of the name, which is NULL where it is not told. */
  readonly spanName: string
}

/** What every answer tells in another place, or not at all. */
const untold: ReadonlySet<string> = new Set([
  'name',
  'duration',
  'traceDuration',
  'rootName',
  'rootServiceName',
  'trace:id',
  'span:id',
])

export function toldOf(context: Context, stages: readonly Stage[]): Tellable {
  const filter = new Filter(context)
  const used = pooled(usedNames(stages).flatMap(inScopes))
  const sqlOf = (one: Pooled) => valueSql(filter, one)
  const selected = used.map(one => (one.when ? undefined : sqlOf(one)))
  // what is compared is told of an event that matched, where there are several
  for (const condition of conditionsOf(stages)) filter.condition(condition)
  const values = used.map((one, index) => selected[index] ?? sqlOf(one))
  const columns = used.flatMap((one, index): Told[] => {
    const { named } = one
    const key = named.type === 'intrinsic' ? shortName(named.name) : named.name
    if (named.type === 'intrinsic' && untold.has(key)) return []
    return [{ key, name: `told_${index}`, sql: toldSql(filter, one, values[index]!) }]
  })
  const name = used.find(isName)
  return { filter, columns, spanName: name ? toldSql(filter, name, `${aliases.span}.name`) : 'NULL::VARCHAR' }
}

const isName = ({ named }: Pooled): boolean => named.type === 'intrinsic' && named.name === 'span:name'

/** Where span and resource have an attribute without scope, both are told, unless the query asks whether it is missing. */
function inScopes(used: Used): Used[] {
  const { named, orNil } = used
  if (named.type !== 'attribute' || named.scope !== 'any' || orNil) return [used]
  return (['span', 'resource'] as const).map(scope => {
    const own: Attribute = { ...named, scope }
    const within = (conditions: Used['when']) => conditions?.map(condition => withScope(condition, scope))
    return { ...used, named: own, when: within(used.when), sought: within(used.sought) }
  })
}

function withScope(field: Field, scope: Attribute['scope']): Field {
  if (field.type === 'attribute') return { ...field, scope }
  return field.type === 'binary'
    ? { ...field, left: withScope(field.left, scope), right: withScope(field.right, scope) }
    : field
}

/** Of an array only the elements that meet a comparison. */
function valueSql(filter: Filter, { named, when, isRead }: Pooled): string {
  const { array, ...scalars } = filter.value(named, 'last')
  if (array === undefined || when === undefined || when.length === 0) {
    const sql = encoded({ ...scalars, ...(array !== undefined && { array }) })
    return isDedicated(named) && !isRead ? sql : orEmpty(named, sql)
  }
  const holds = narrowed(array, element =>
    anyOf(when, condition => filter.comparisonWith(condition as Binary, element)).join(' OR '),
  )
  return encoded({ ...scalars, array: holds })
}

function anyOf(when: NonNullable<Pooled['when']>, sqlOf: (condition: Field) => string): string[] {
  return when.flatMap(conditions => alternatives(conditions, sqlOf))
}

/** Of what is excluded nothing may hold: Tempo takes several `!=` of one attribute for one condition. */
function alternatives(conditions: readonly Field[], sqlOf: (condition: Field) => string): string[] {
  const excluding = conditions.filter(excludes).map(condition => `(${sqlOf(condition)})`)
  const others = conditions.filter(condition => !excludes(condition)).map(sqlOf)
  return excluding.length === 0 ? others : [...others, excluding.join(' AND ')]
}

const excludes = (field: Field): boolean => field.type === 'binary' && (field.op === '!=' || field.op === '!~')

/** Tempo reads only values that meet a comparison, so where these are alternatives, its answers have no others. */
function toldSql(filter: Filter, { named, orNil, when }: Pooled, value: string): string {
  const nil = orNil ? [`WHEN ${isMissing(filter, named, value)} THEN 'snil'`] : []
  const conditions = when ? anyOf(when, condition => filter.condition(condition)) : ['true']
  const some = conditions.map(condition => `WHEN ${condition} THEN ${value}`)
  return `CASE ${[...nil, ...some].join(' ')} END`
}

/** Of several events or links, one without it is enough. */
function isMissing(filter: Filter, named: Pooled['named'], value: string): string {
  const isListed = named.type === 'attribute' && (named.scope === 'event' || named.scope === 'link')
  return isListed
    ? filter.condition({ type: 'exists', negated: true, operand: named, at: named.at })
    : `${value} IS NULL`
}
