/**
 * Spans that stand to others of their trace as a structural operator says, by the nested sets that the store computes. Spans of a trace
 * without a root have 0 everywhere, and are in no relation, as in Tempo. Roots have a parent below 0, and are siblings.
 */
import type { Relation, SpansetOperation } from './ast'
import type { Statement } from './statement'

type Structural = Exclude<SpansetOperation['op'], '&&' | '||'>

/** Two parts of a statement with the same columns, which `keys` of rows.ts made. */
interface Sides {
  readonly statement: Statement
  readonly left: string
  readonly right: string
  /** The columns that tell span sets apart. */
  readonly set: readonly string[]
}

const inverse: Readonly<Record<Relation, Relation>> = { '>': '<', '<': '>', '>>': '<<', '<<': '>>', '~': '~' }

/** With more spans of a set on one side, comparing each with each would take too long. */
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

/** Rows of the right side that are children, descendants, parents, ancestors or siblings of one on the left. */
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
 * Sets of usual size by comparing, since that is fastest. In large ones the left side is swept along in the order of the
 * tree: two spans contain each other or have nothing in common, so the farthest reach so far, or the next beginning, tells.
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

/** Whether two rows are of one span set. */
export function same(set: readonly string[], a: string, b: string): string {
  return set.map(name => `${a}.${name} IS NOT DISTINCT FROM ${b}.${name}`).join(' AND ')
}
