/**
 * What an answer has of each span besides its times: the attributes and intrinsics that the query reads. Tempo answers with values as it
 * reads them from its blocks, so which ones a span has depends on how the query compares them.
 */
import { aliases } from '../store/columns'
import { isDedicated, orAbsent } from './absent'
import type { Attribute, Binary, Field, Stage } from './ast'
import { conditionsOf, type NameRead, namesRead } from './attributes-read'
import type { Context } from './context'
import { encoded } from './encoded-value'
import type { Need } from './fields'
import { Filter } from './filter'
import { shortName } from './names'
import { narrowed } from './typed-sql'

export interface SelectedField {
  /** As the answer names it. */
  readonly key: string
  /** Of its column. */
  readonly name: string
  readonly sql: string
}

export interface Projection {
  readonly needs: ReadonlySet<Need>
  readonly columns: readonly SelectedField[]
  /** SQL of the name, which is NULL where the answer has none. */
  readonly spanName: string
}

/** A name with the comparisons that let its value be read: see `withSharedConditions`. */
interface Condition extends Omit<NameRead, 'comparisons'> {
  /** In groups, each about one attribute. The value is read where one of them holds. Undefined: it always is; empty: never. */
  readonly comparisons: readonly (readonly Field[])[] | undefined
}

/** What every answer has in another place, or not at all. */
const elsewhere: ReadonlySet<string> = new Set([
  'name',
  'duration',
  'traceDuration',
  'rootName',
  'rootServiceName',
  'trace:id',
  'span:id',
])

export function projectionOf(context: Context, stages: readonly Stage[]): Projection {
  const filter = new Filter(context)
  const conditions = withSharedConditions(namesRead(stages).flatMap(inScopes))
  const sqlOf = (one: Condition) => valueSql(filter, one)
  const unconditional = conditions.map(one => (one.comparisons ? undefined : sqlOf(one)))
  // of several events the answer has the value of one that matched, which the filter knows once it has the conditions
  for (const condition of conditionsOf(stages)) filter.condition(condition)
  const values = conditions.map((one, index) => unconditional[index] ?? sqlOf(one))
  const columns = conditions.flatMap((one, index): SelectedField[] => {
    const { named } = one
    const key = named.type === 'intrinsic' ? shortName(named.name) : named.name
    if (named.type === 'intrinsic' && elsewhere.has(key)) return []
    return [{ key, name: `selected_${index}`, sql: selectedSql(filter, one, values[index]!) }]
  })
  const name = conditions.find(isName)
  const spanName = name ? selectedSql(filter, name, `${aliases.span}.name`) : 'NULL::VARCHAR'
  return { needs: filter.needs, columns, spanName }
}

const isName = ({ named }: Condition): boolean => named.type === 'intrinsic' && named.name === 'span:name'

/** Where span and resource have an attribute without scope, the answer has both, unless the query asks whether it is missing. */
function inScopes(read: NameRead): NameRead[] {
  const { named, orNil } = read
  if (named.type !== 'attribute' || named.scope !== 'any' || orNil) return [read]
  return (['span', 'resource'] as const).map(scope => {
    const own: Attribute = { ...named, scope }
    const within = (fields: NameRead['comparisons']) => fields?.map(field => about(field, () => own))
    return { ...read, named: own, comparisons: within(read.comparisons), firstPass: within(read.firstPass) }
  })
}

/** The same comparison of another attribute. */
function about(field: Field, other: (attribute: Attribute) => Attribute): Field {
  if (field.type === 'attribute') return other(field)
  return field.type === 'binary'
    ? { ...field, left: about(field.left, other), right: about(field.right, other) }
    : field
}

/** With more, each attribute goes by its own comparisons: what each is compared with grows with the square. */
const MOST_SHARED = 50

/**
 * Tempo keeps most attributes of a span in one list of names and values, and reads from it the values of all names that it looks for by all
 * comparisons with any of them. Where these are alternatives, a value is read when it meets another attribute's comparison.
 * @param read of one scope each, where they are attributes
 */
function withSharedConditions(read: readonly NameRead[]): Condition[] {
  return read.map(one => {
    const { named, comparisons } = one
    if (comparisons === undefined || comparisons.length === 0) return { ...one, comparisons: comparisons && [] }
    if (!isInList(one)) return { ...one, comparisons: [comparisons] }
    const together = read
      .filter(other => isInList(other) && scopeOf(other) === scopeOf(one))
      .map(({ firstPass }) => firstPass)
    const known = together.filter(fields => fields !== undefined)
    if (known.length < together.length) return { ...one, comparisons: undefined }
    if (known.flat().length > MOST_SHARED) return { ...one, comparisons: [comparisons] }
    return { ...one, comparisons: known.map(fields => fields.map(field => about(field, () => named as Attribute))) }
  })
}

const scopeOf = ({ named }: NameRead): string => (named.type === 'attribute' ? named.scope : '')

/** Of events and links one condition chooses the element whose value is read. */
function isInList({ named }: NameRead): boolean {
  if (named.type !== 'attribute' || isDedicated(named)) return false
  if (named.scope === 'resource') return named.name !== 'service.name'
  return named.scope === 'span' || named.scope === 'instrumentation'
}

/** Of an array only the elements that meet a comparison. */
function valueSql(filter: Filter, { named, comparisons, isRead }: Condition): string {
  const { array, ...scalars } = filter.value(named, 'last')
  if (array === undefined || comparisons === undefined || comparisons.length === 0) {
    const sql = encoded({ ...scalars, ...(array !== undefined && { array }) })
    return isDedicated(named) && !isRead ? sql : orAbsent(named, sql)
  }
  const holds = narrowed(array, element =>
    [...new Set(anyOf(comparisons, field => filter.comparisonWith(field as Binary, element)))].join(' OR '),
  )
  return encoded({ ...scalars, array: holds })
}

function anyOf(groups: NonNullable<Condition['comparisons']>, sqlOf: (comparison: Field) => string): string[] {
  return groups.flatMap(group => alternatives(group, sqlOf))
}

/** Of what is excluded nothing may hold: Tempo takes several `!=` of one attribute for one condition. */
function alternatives(group: readonly Field[], sqlOf: (comparison: Field) => string): string[] {
  const excluding = group.filter(excludes).map(comparison => `(${sqlOf(comparison)})`)
  const others = group.filter(comparison => !excludes(comparison)).map(sqlOf)
  return excluding.length === 0 ? others : [...others, excluding.join(' AND ')]
}

const excludes = (field: Field): boolean => field.type === 'binary' && (field.op === '!=' || field.op === '!~')

/** Tempo reads only values that meet a comparison, so where these are alternatives, its answers have no others. */
function selectedSql(filter: Filter, { named, orNil, comparisons }: Condition, value: string): string {
  const nil = orNil ? [`WHEN ${isMissing(filter, named, value)} THEN 'snil'`] : []
  const conditions = comparisons ? anyOf(comparisons, field => filter.condition(field)) : ['true']
  // one word in many places is one condition of each
  const some = Array.from(new Set(conditions), condition => `WHEN ${condition} THEN ${value}`)
  return `CASE ${[...nil, ...some].join(' ')} END`
}

/** Of several events or links, one without it is enough. */
function isMissing(filter: Filter, named: Condition['named'], value: string): string {
  const isListed = named.type === 'attribute' && (named.scope === 'event' || named.scope === 'link')
  return isListed
    ? filter.condition({ type: 'exists', negated: true, operand: named, at: named.at })
    : `${value} IS NULL`
}
