/** A SQL statement as a list of parts (CTEs), each after those that it depends on. */
import { randomUUID } from 'node:crypto'
import { aliases, joins } from '../store/columns'

const { span: s, resource: r } = aliases

/** A resource without a service name counts as one with an empty name. */
export const service = `coalesce(${r}.service_name, '')`

/** Placeholder for the restriction. It is random, so no text of a query can contain it. */
const RESTRICTION = `/* ${randomUUID()} */`

export class Statement {
  /** Placeholder of the condition on `spans s` that selects the visible spans; `sql` replaces it. */
  readonly restriction = RESTRICTION
  private parts: readonly string[] = []
  private counter = 0
  private hasTraces = false

  constructor(private readonly written: string = 'true') {}

  /**
   * A copy with a condition on `spans s` that selects the visible spans: a time range, or certain traces. Results about whole traces are
   * only correct if the condition selects whole traces.
   */
  restrictedTo(restriction: string): Statement {
    const statement = new Statement(restriction)
    statement.parts = this.parts
    statement.counter = this.counter
    statement.hasTraces = this.hasTraces
    return statement
  }

  /**
   * @param isChained whether it reads a part that reads another one, and so on: DuckDB would otherwise plan them all as one join
   * @returns the name of the part
   */
  add(select: string, isChained = false): string {
    const name = this.name('part')
    this.push(`${name} AS ${isChained ? 'MATERIALIZED ' : ''}(${select})`)
    return name
  }

  /** A name that is unique in the statement. */
  name(prefix: string): string {
    return `${prefix}_${++this.counter}`
  }

  /** Facts about each trace, including spans outside of the restriction. */
  traces(): string {
    if (!this.hasTraces) this.push(`whole AS (${wholeTraces})`)
    this.hasTraces = true
    return 'whole'
  }

  /** @param select reads the parts; compile it first, since compiling may add parts */
  sql(select: string): string {
    const whole = this.parts.length === 0 ? select : `WITH ${this.parts.join(',\n')}\n${select}`
    return whole.replaceAll(RESTRICTION, () => this.written)
  }

  private push(part: string): void {
    this.parts = [...this.parts, part]
  }
}

/** A row per trace: start, end and root. The root is the first span received that has no parent. */
const wholeTraces = `SELECT t.trace_id, t.first_ns AS start_ns, t.last_ns AS end_ns, t.root_name,
  CASE WHEN t.roots > 0 THEN ${service} END AS root_service FROM traces t LEFT JOIN resources ${r} ON ${r}.id = t.root_resource`

/**
 * Computes the same columns from the spans of certain traces.
 * @param restriction a condition on `spans s` that selects whole traces
 * @param measures further aggregates over `spans s` and `resources r`
 */
export function tracesSelect(restriction: string, measures: readonly string[] = []): string {
  const ofRoot = (sql: string) => `arg_min(${sql}, ${s}.seq) FILTER (WHERE ${s}.parent_id = 0)`
  return (
    `SELECT ${s}.trace_id, min(${s}.start_ns) AS start_ns, max(${s}.start_ns + ${s}.duration_ns) AS end_ns, ` +
    `${[`${ofRoot(`${s}.name`)} AS root_name`, `${ofRoot(service)} AS root_service`, ...measures].join(', ')} ` +
    `FROM ${joins.span} ${joins.resource} WHERE ${restriction} GROUP BY ${s}.trace_id`
  )
}
