/** The parts of a statement in the order in which they need each other. */
import { randomUUID } from 'node:crypto'
import { aliases, joins } from '../store/columns'

const { span: s, resource: r } = aliases

/** A resource without a name behaves as one whose name is empty. */
export const service = `coalesce(${r}.service_name, '')`

/** Stands in SQL for the restriction until the statement is written. Nobody can guess it, so no text of a query holds it. */
const RESTRICTION = `/* ${randomUUID()} */`

export class Statement {
  /** A condition on `spans s` for all that the query may see, wherever `sql` writes it. */
  readonly restriction = RESTRICTION
  private parts: readonly string[] = []
  private counter = 0
  private hasTraces = false

  constructor(private readonly written: string = 'true') {}

  /**
   * The same parts, with a condition on `spans s` for all that the query may see: a window, or some traces. What is read of a trace is right
   * when all spans of it are let through.
   */
  restrictedTo(restriction: string): Statement {
    const statement = new Statement(restriction)
    statement.parts = this.parts
    statement.counter = this.counter
    statement.hasTraces = this.hasTraces
    return statement
  }

  /**
   * @param isChained whether it reads a part that reads another, and so on: DuckDB would plan them all as one join
   * @returns the name of what `select` gives
   */
  add(select: string, isChained = false): string {
    const name = this.name('part')
    this.push(`${name} AS ${isChained ? 'MATERIALIZED ' : ''}(${select})`)
    return name
  }

  /** One that nothing else has. */
  name(prefix: string): string {
    return `${prefix}_${++this.counter}`
  }

  /** What is known of each trace, whether the query may see it or not. */
  traces(): string {
    if (!this.hasTraces) this.push(`whole AS (${wholeTraces})`)
    this.hasTraces = true
    return 'whole'
  }

  /** @param select reads the parts; it has to be made before, since it may add one */
  sql(select: string): string {
    const whole = this.parts.length === 0 ? select : `WITH ${this.parts.join(',\n')}\n${select}`
    return whole.replaceAll(RESTRICTION, () => this.written)
  }

  private push(part: string): void {
    this.parts = [...this.parts, part]
  }
}

/** A row a trace: when it starts and ends, and its root, which is a span without a parent; of several the one that came first. */
const wholeTraces = `SELECT t.trace_id, t.first_ns AS start_ns, t.last_ns AS end_ns, t.root_name,
  CASE WHEN t.roots > 0 THEN ${service} END AS root_service FROM traces t LEFT JOIN resources ${r} ON ${r}.id = t.root_resource`

/**
 * The same of the spans of some traces.
 * @param restriction a condition on `spans s` that lets whole traces through
 * @param measures more of each trace: aggregates over `spans s` and `resources r`
 */
export function tracesSelect(restriction: string, measures: readonly string[] = []): string {
  const ofRoot = (sql: string) => `arg_min(${sql}, ${s}.seq) FILTER (WHERE ${s}.parent_id = 0)`
  return (
    `SELECT ${s}.trace_id, min(${s}.start_ns) AS start_ns, max(${s}.start_ns + ${s}.duration_ns) AS end_ns, ` +
    `${[`${ofRoot(`${s}.name`)} AS root_name`, `${ofRoot(service)} AS root_service`, ...measures].join(', ')} ` +
    `FROM ${joins.span} ${joins.resource} WHERE ${restriction} GROUP BY ${s}.trace_id`
  )
}
