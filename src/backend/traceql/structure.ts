/**
 * Structural operators, by the nested sets that the store computes. Spans of a trace without a root have 0 everywhere and no relation to
 * any other, as in Tempo. Roots have a parent below 0 and are siblings.
 */
import type { Relation, SpansetOperation } from './ast'
import type { Statement } from './statement'

type Structural = Exclude<SpansetOperation['op'], '&&' | '||'>

/** Two parts with the same columns, from `keys` of rows.ts. */
interface Sides {
  readonly statement: Statement
  readonly left: string
  readonly right: string
  /** The columns that separate span sets. */
  readonly set: readonly string[]
}

const inverse: Readonly<Record<Relation, Relation>> = { '>': '<', '<': '>', '>>': '<<', '<<': '>>', '~': '~' }

/** Beyond this number of spans on the left, comparing every pair takes too long. */
const many = 300

/** @returns SELECT of the rows that the operator gives */
export function structure(op: Structural, sides: Sides): string {
  const relation = op.replace(/^[!&]/, '') as Relation
  const found = related(relation, sides)
  if (op.startsWith('&')) {
    const { left, right } = sides
    return `(${found}) UNION (${related(inverse[relation], { ...sides, left: right, right: left })})`
  }
  if (!op.startsWith('!')) return found
  const part = sides.statement.add(found)
  return `SELECT * FROM ${sides.right} ANTI JOIN ${part} ON ${part}.seq = ${sides.right}.seq`
}

/** Spans on the right that are children, descendants, parents, ancestors or siblings of a span on the left. */
function related(relation: Relation, sides: Sides): string {
  const { left, right } = sides
  switch (relation) {
    case '>':
      return joined(sides, `${left}.nleft = ${right}.nparent AND ${right}.nparent > 0`)
    case '<':
      return joined(sides, `${right}.nleft = ${left}.nparent AND ${left}.nparent > 0`)
    case '~':
      return joined(
        sides,
        `${left}.nparent = ${right}.nparent AND ${left}.seq <> ${right}.seq AND ${left}.nparent <> 0`,
      )
    default:
      return nested(relation, sides)
  }
}

/**
 * Compares pairs in sets of usual size, which is fastest there. In large sets, a window function passes over both sides in the order of the
 * tree: two spans either nest or are disjoint, so the farthest end so far, or the nearest start to come, decides.
 */
function nested(relation: '>>' | '<<', sides: Sides): string {
  const { statement, left, right, set } = sides
  const large = statement.add(`SELECT ${set.join(', ')} FROM ${left} GROUP BY ALL HAVING count(*) > ${many}`)
  const small = statement.add(`SELECT * FROM ${left} ANTI JOIN ${large} ON ${same(set, left, large)}`)
  const [outer, inner] = relation === '>>' ? [small, right] : [right, small]
  const compared = joined(
    { ...sides, left: small },
    `${outer}.nleft < ${inner}.nleft AND ${outer}.nright > ${inner}.nright AND ${outer}.nleft > 0`,
  )
  const [value, swept, holds] =
    relation === '>>'
      ? ['nright', 'max(mark) OVER (tree RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)', 'swept > nright']
      : ['nleft', 'min(mark) OVER (tree RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)', 'swept < nright']
  const among = (side: string, mark: string) =>
    `SELECT ${side}.*, ${mark} AS mark FROM ${side} SEMI JOIN ${large} ON ${same(set, side, large)} WHERE nleft > 0`
  const both = `${among(right, 'NULL::INTEGER')} UNION ALL ${among(left, value)}`
  return (
    `${compared} UNION ALL SELECT * EXCLUDE (mark, swept) FROM (SELECT *, ${swept} AS swept FROM (${both}) ` +
    `WINDOW tree AS (PARTITION BY ${set.join(', ')} ORDER BY nleft)) WHERE mark IS NULL AND ${holds}`
  )
}

function joined({ left, right, set }: Sides, condition: string): string {
  return `SELECT * FROM ${right} SEMI JOIN ${left} ON ${same(set, left, right)} AND ${condition}`
}

/** SQL that is true if both rows belong to the same span set. */
export function same(set: readonly string[], a: string, b: string): string {
  return set.map(name => `${a}.${name} IS NOT DISTINCT FROM ${b}.${name}`).join(' AND ')
}
