/** Compiles a query's stages to rows of spans. Only by() splits the spans of a trace into several sets; its columns separate them. */
import { orAbsent } from './absent'
import { aggregate } from './aggregate'
import type { ScalarFilter, SpansetOperation, Spansets, Stage } from './ast'
import { namesRead } from './attributes-read'
import type { Context } from './context'
import { encoded } from './encoded-value'
import { Filter } from './filter'
import { printAggregate, printField } from './print'
import type { Rows } from './rows'
import type { Statement } from './statement'
import { same, structure } from './structure'
import { compare, literal } from './typed-sql'

export class SpansetCompiler {
  /** Whether a stage reads nested sets. The store then has to finalize traces first. */
  readsTree = false

  constructor(
    private readonly context: Context,
    private readonly statement: Statement,
  ) {}

  /** @throws TraceqlError */
  stages(stages: readonly Stage[], input: Rows): Rows {
    const selected = stages.findIndex(({ type }) => type === 'select')
    if (selected >= 0 && namesRead(stages.slice(selected + 1).filter(({ type }) => type !== 'select')).length > 0)
      this.context.warnings.add(
        'Tempo loads attributes for stages after select() too late and finds nothing; here they work. Put select() last.',
      )
    let rows = input
    for (let at = 0; at < stages.length; at++) {
      const filters = scalarFiltersFrom(stages, at)
      rows = filters.length > 0 ? this.scalarFilters(filters, rows) : this.stage(stages[at]!, rows)
      at += Math.max(0, filters.length - 1)
    }
    return rows
  }

  private stage(stage: Stage, rows: Rows): Rows {
    if (stage.type === 'select' || stage.type === 'scalarFilter') return rows
    if (stage.type === 'coalesce') return rows.withColumns([])
    if (stage.type !== 'by') return this.spansets(stage, rows)
    const filter = new Filter(this.context)
    const sql = orAbsent(stage.expression, encoded(filter.value(stage.expression)))
    const label = `by(${printField(stage.expression)})`
    return rows.withColumn({ name: this.statement.name('by'), label, splits: true, sql }, this.needed(filter))
  }

  private spansets(spansets: Spansets, input: Rows): Rows {
    if (spansets.type === 'pipeline') return this.stages(spansets.stages, input)
    const condition = this.asCondition(spansets)
    return condition ? input.where(condition.sql, condition.needs) : this.operation(spansets as SpansetOperation, input)
  }

  /** Compiles a filter, or filters joined by ||, so that each span is read only once. */
  private asCondition(spansets: Spansets): { sql: string; needs: Filter['needs'] } | undefined {
    const filter = new Filter(this.context)
    const sql = conditionOf(spansets, filter)
    return sql === undefined ? undefined : { sql, needs: this.needed(filter) }
  }

  private operation({ op, left, right }: SpansetOperation, input: Rows): Rows {
    const structural = op !== '&&' && op !== '||'
    if (structural) this.readsTree = true
    const keys = (side: Spansets) =>
      this.statement.add(this.onlyColumnsOf(input, this.spansets(side, input)).keys(structural))
    const [a, b] = [keys(left), keys(right)]
    const set = ['trace_id', ...input.splitting.map(({ name }) => name)]
    const found = structural
      ? structure(op, { statement: this.statement, left: a, right: b, set })
      : logical(op, a, b, set)
    return input.of(this.statement.add(found))
  }

  /** Drops the columns that a nested pipeline added, because its spans are joined with others, as in Tempo. */
  private onlyColumnsOf(input: Rows, rows: Rows): Rows {
    const names = new Set(input.columns.map(({ name }) => name))
    return rows.withColumns(rows.columns.filter(({ name }) => names.has(name)))
  }

  /** Consecutive filters on aggregates apply to the same sets. */
  private scalarFilters(filters: readonly ScalarFilter[], rows: Rows): Rows {
    const filter = new Filter(this.context)
    const judged = filters.map(({ op, left, right }) => {
      const value = aggregate(left.op, left.of ? filter.value(left.of) : {})
      return {
        name: this.statement.name('value'),
        label: printAggregate(left),
        value,
        holds: compare(op, value, literal(right.value)),
      }
    })
    const measures = judged.map(({ value, name }) => `${encoded(value)} AS ${name}`)
    const having = judged.map(({ holds }) => `(${holds})`).join(' AND ')
    const sets = `${rows.sets(measures, this.needed(filter))} HAVING ${having}`
    return rows.within(this.statement.add(sets, rows.isWithin), judged)
  }

  private needed({ needs }: Filter): Filter['needs'] {
    if (needs.has('tree')) this.readsTree = true
    return needs
  }
}

function scalarFiltersFrom(stages: readonly Stage[], at: number): ScalarFilter[] {
  const rest = stages.slice(at)
  const end = rest.findIndex(({ type }) => type !== 'scalarFilter')
  return (end < 0 ? rest : rest.slice(0, end)) as ScalarFilter[]
}

function conditionOf(spansets: Spansets, filter: Filter): string | undefined {
  if (spansets.type === 'filter') return filter.condition(spansets.expression)
  if (spansets.type === 'pipeline' || spansets.op !== '||') return undefined
  const sides = [conditionOf(spansets.left, filter), conditionOf(spansets.right, filter)]
  return sides.includes(undefined) ? undefined : sides.map(side => `(${side})`).join(' OR ')
}

/** The spans of both sides, from traces that have both (&&) or either (||). */
function logical(op: '&&' | '||', a: string, b: string, set: readonly string[]): string {
  const side = (x: string, y: string) =>
    `SELECT * FROM ${x}${op === '&&' ? ` SEMI JOIN ${y} ON ${same(set, x, y)}` : ''}`
  return `${side(a, b)} UNION ${side(b, a)}`
}
