/**
 * A SELECT over spans under construction: its source and its conditions. Expressions use the aliases of `columns.ts`, so any filter or
 * value can be added to any rows.
 */
import { aliases, joins } from '../store/columns'
import { type Need, variables } from './fields'
import type { Statement } from './statement'

const { span: s } = aliases

/** A column that a stage adds to each span set: the value of by(), which separates the sets of a trace, or an aggregate. */
export interface StageColumn {
  readonly name: string
  /** As in the query, such as `by(span.x)`. */
  readonly label: string
  readonly splits: boolean
  /** An expression over the joined tables; an encoded text (see `encoded`) or NULL. */
  readonly sql: string
}

interface Parts {
  readonly from: string
  readonly needs: ReadonlySet<Need>
  /** A join that may refer to the tables of `needs`. */
  readonly joined: string
  readonly conditions: readonly string[]
  readonly columns: readonly StageColumn[]
}

export class Rows {
  private constructor(
    private readonly statement: Statement,
    private readonly parts: Parts,
  ) {}

  /** All spans that the statement can see. */
  static all(statement: Statement): Rows {
    return new Rows(statement, {
      from: joins.span,
      needs: new Set(),
      joined: '',
      conditions: [statement.restriction],
      columns: [],
    })
  }

  /** The same rows for a copy of their statement. */
  in(statement: Statement): Rows {
    return new Rows(statement, this.parts)
  }

  /** Whether `within` has been applied. */
  get isWithin(): boolean {
    return this.parts.joined !== ''
  }

  get columns(): readonly StageColumn[] {
    return this.parts.columns
  }

  where(condition: string, needs: Iterable<Need>): Rows {
    return this.with({
      conditions: [...this.parts.conditions, condition],
      needs: new Set([...this.parts.needs, ...needs]),
    })
  }

  withColumn(column: StageColumn, needs: Iterable<Need>): Rows {
    return this.with({ columns: [...this.parts.columns, column], needs: new Set([...this.parts.needs, ...needs]) })
  }

  withColumns(columns: readonly StageColumn[]): Rows {
    return this.with({ columns })
  }

  /** Keeps only span sets in `part`, a statement that `sets` returned for these rows; `values` are columns of that part. */
  within(part: string, values: readonly Pick<StageColumn, 'name' | 'label'>[]): Rows {
    const same = [
      `${part}.trace_id = ${s}.trace_id`,
      ...this.splitting.map(({ name, sql }) => `${part}.${name} IS NOT DISTINCT FROM ${sql}`),
    ]
    const from = ({ name }: Pick<StageColumn, 'name'>) => `${part}.${name}`
    const columns = [
      ...this.columns.map(column => (column.splits ? column : { ...column, sql: from(column) })),
      ...values.map(value => ({ ...value, splits: false, sql: from(value) })),
    ]
    // this join replaces an earlier one, which it implies
    return this.with({ joined: `JOIN ${part} ON ${same.join(' AND ')}`, columns })
  }

  /** The spans of a part that `keys` selected. */
  of(part: string): Rows {
    const columns = this.columns.map(column => ({ ...column, sql: `${part}.${column.name}` }))
    return this.with({
      from: `${part} JOIN ${joins.span} ON ${s}.seq = ${part}.seq`,
      needs: new Set(),
      joined: '',
      conditions: [],
      columns,
    })
  }

  /** The columns that separate the span sets of a trace. */
  get splitting(): readonly StageColumn[] {
    return this.columns.filter(({ splits }) => splits)
  }

  /** A row per span: `trace_id`, `seq`, the columns, and with `tree` the nested set. */
  keys(tree: boolean): string {
    const place = tree ? ['nleft', 'nright', 'nparent'].map(name => `${s}.${name}`) : []
    return this.select([`${s}.trace_id`, `${s}.seq`, ...place, ...this.columns.map(named)])
  }

  /** A row per span set, with its values so far. @param measures such as `count(*) AS n` */
  sets(measures: readonly string[], needs: Iterable<Need> = []): string {
    const values = this.columns.filter(({ splits }) => !splits)
    const columns = [
      `${s}.trace_id`,
      ...this.splitting.map(named),
      ...values.map(({ sql, name }) => `any_value(${sql}) AS ${name}`),
      ...measures,
    ]
    return `${this.select(columns, needs)} GROUP BY ${[`${s}.trace_id`, ...this.splitting.map(({ sql }) => sql)].join(', ')}`
  }

  select(what: readonly string[], needs: Iterable<Need> = []): string {
    const all = new Set([...this.parts.needs, ...needs])
    const from = [
      this.parts.from,
      ...(all.has('resource') ? [joins.resource] : []),
      ...(all.has('scope') ? [joins.scope] : []),
      ...(all.has('trace')
        ? [`JOIN ${this.statement.traces()} ${variables.trace} ON ${variables.trace}.trace_id = ${s}.trace_id`]
        : []),
      this.parts.joined,
    ]
    const { conditions } = this.parts
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.map(each => `(${each})`).join(' AND ')}`
    return `SELECT ${what.join(', ')} FROM ${from.join(' ')}${where}`
  }

  private with(changed: Partial<Parts>): Rows {
    return new Rows(this.statement, { ...this.parts, ...changed })
  }
}

const named = ({ sql, name }: StageColumn): string => `${sql} AS ${name}`
