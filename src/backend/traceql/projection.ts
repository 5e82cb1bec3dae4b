/**
 * The fields of each span in the answer besides its times: the attributes and intrinsics that the query reads. Tempo returns the values
 * that it read from its blocks, so which of them a span has depends on the comparisons in the query.
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
  /** The name in the answer. */
  readonly key: string
  /** The name of its column. */
  readonly name: string
  readonly sql: string
}

export interface Projection {
  readonly needs: ReadonlySet<Need>
  readonly columns: readonly SelectedField[]
  /** SQL of the span's name; NULL where the answer has none. */
  readonly spanName: string
}

/** A name with the comparisons that cause its value to be read: see `withSharedConditions`. */
interface Condition extends Omit<NameRead, 'comparisons'> {
  /** Groups of comparisons, each with one attribute; the value is read if one of them holds. Undefined: always; empty: never. */
  readonly comparisons: readonly (readonly Field[])[] | undefined
}

/** Fields that every answer has elsewhere, or not at all. */
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
  // Only now does the filter know the conditions, by which it picks one of several events
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

/** For an attribute without scope, the answer has the span's and the resource's value, unless the query compares it with nil. */
function inScopes(read: NameRead): NameRead[] {
  const { named, orNil } = read
  if (named.type !== 'attribute' || named.scope !== 'any' || orNil) return [read]
  return (['span', 'resource'] as const).map(scope => {
    const own: Attribute = { ...named, scope }
    const within = (fields: NameRead['comparisons']) => fields?.map(field => about(field, () => own))
    return { ...read, named: own, comparisons: within(read.comparisons), firstPass: within(read.firstPass) }
  })
}

/** The same comparison with another attribute. */
function about(field: Field, other: (attribute: Attribute) => Attribute): Field {
  if (field.type === 'attribute') return other(field)
  return field.type === 'binary'
    ? { ...field, left: about(field.left, other), right: about(field.right, other) }
    : field
}

/** Beyond this number, each attribute only uses its own comparisons, because the total grows with the square. */
const MOST_SHARED = 50

/**
 * Tempo keeps most attributes of a span in one list of names and values. It reads the values of all names in the query by all comparisons
 * with any of them. If these are alternatives, a value is also read when it meets another attribute's comparison.
 * @param read attributes must have one scope each
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

/** Attributes of events and links are excluded: one condition selects the element whose value is read. */
function isInList({ named }: NameRead): boolean {
  if (named.type !== 'attribute' || isDedicated(named)) return false
  if (named.scope === 'resource') return named.name !== 'service.name'
  return named.scope === 'span' || named.scope === 'instrumentation'
}

/** Of an array, returns only the elements that meet a comparison. */
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

/** Exclusions of an attribute must hold together: Tempo treats several `!=` of one attribute as one condition. */
function alternatives(group: readonly Field[], sqlOf: (comparison: Field) => string): string[] {
  const excluding = group.filter(excludes).map(comparison => `(${sqlOf(comparison)})`)
  const others = group.filter(comparison => !excludes(comparison)).map(sqlOf)
  return excluding.length === 0 ? others : [...others, excluding.join(' AND ')]
}

const excludes = (field: Field): boolean => field.type === 'binary' && (field.op === '!=' || field.op === '!~')

/** Tempo only reads values that meet a comparison, so an answer has no others. */
function selectedSql(filter: Filter, { named, orNil, comparisons }: Condition, value: string): string {
  const nil = orNil ? [`WHEN ${isMissing(filter, named, value)} THEN 'snil'`] : []
  const conditions = comparisons ? anyOf(comparisons, field => filter.condition(field)) : ['true']
  // the search for a word repeats one condition for each place
  const some = Array.from(new Set(conditions), condition => `WHEN ${condition} THEN ${value}`)
  return `CASE ${[...nil, ...some].join(' ')} END`
}

/** For events and links, it is enough that one element lacks the attribute. */
function isMissing(filter: Filter, named: Condition['named'], value: string): string {
  const isListed = named.type === 'attribute' && (named.scope === 'event' || named.scope === 'link')
  return isListed
    ? filter.condition({ type: 'exists', negated: true, operand: named, at: named.at })
    : `${value} IS NULL`
}
