// A query's stages, compiled once: which spans match, what the answer has of each, and whether the store has to finalize traces first. A
// search reads one time range after another, so the compiled query is independent of the range; `spans` sets the range.
import type { Stage } from './ast'
import type { Context } from './context'
import { type Projection, projectionOf } from './projection'
import { Rows } from './rows'
import { SpansetCompiler } from './spansets'
import { Statement } from './statement'

export interface MatchingSpans {
  /** A copy, to which the caller may add parts. */
  readonly statement: Statement
  readonly rows: Rows
}

const isTrue = (stage: Stage): boolean =>
  stage.type === 'select' ||
  (stage.type === 'filter' &&
    stage.expression.type === 'literal' &&
    stage.expression.value.kind === 'bool' &&
    stage.expression.value.value)

export class CompiledQuery {
  /** Whether the query reads nested sets. The store then has to finalize traces first. */
  readonly readsTree: boolean
  /** Whether every span matches, as for `{}`. */
  readonly matchesAll: boolean
  readonly #context: Context
  readonly #stages: readonly Stage[]
  readonly #statement: Statement
  readonly #rows: Rows
  #projection: Projection | undefined

  /** @throws TraceqlError */
  constructor(context: Context, stages: readonly Stage[]) {
    this.#context = context
    this.#stages = stages
    this.#statement = new Statement()
    const compiler = new SpansetCompiler(context, this.#statement)
    this.#rows = compiler.stages(stages, Rows.all(this.#statement))
    this.readsTree = compiler.readsTree
    this.matchesAll = stages.every(isTrue)
  }

  /** A sentence for each construct for which Tempo's own answer would be useless. */
  get warnings(): readonly string[] {
    return [...this.#context.warnings]
  }

  /** The fields of each span in the answer, besides its times. */
  get projection(): Projection {
    this.#projection ??= projectionOf(this.#context, this.#stages)
    return this.#projection
  }

  /** @param restriction a condition on `spans s`; it must select whole traces if the query reads more than single spans */
  spans(restriction: string): MatchingSpans {
    const statement = this.#statement.restrictedTo(restriction)
    return { statement, rows: this.#rows.in(statement) }
  }
}
