// The stages of a query, compiled once: which spans it matches, what an answer has of each, and what the store has to do before. A search
// reads window after window, so it is compiled for no spans in particular; `spans` says which ones may be seen.
import type { Stage } from './ast'
import type { Context } from './context'
import { type Projection, projectionOf } from './projection'
import { Rows } from './rows'
import { SpansetCompiler } from './spansets'
import { Statement } from './statement'

export interface MatchingSpans {
  /** A statement of their own, to which parts may be added. */
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
  /** Whether nested sets are read, for which the store has to finalize traces before. */
  readonly readsTree: boolean
  /** Whether every span matches, as with `{}`. */
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

  /** Where Tempo would answer what nobody can want; a sentence each. */
  get warnings(): readonly string[] {
    return [...this.#context.warnings]
  }

  /** What an answer has of each span besides its times. */
  get projection(): Projection {
    this.#projection ??= projectionOf(this.#context, this.#stages)
    return this.#projection
  }

  /** @param restriction a condition on `spans s` that lets whole traces through, where the query reads more than single spans */
  spans(restriction: string): MatchingSpans {
    const statement = this.#statement.restrictedTo(restriction)
    return { statement, rows: this.#rows.in(statement) }
  }
}
