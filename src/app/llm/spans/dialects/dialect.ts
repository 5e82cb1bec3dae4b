// A dialect: how the names of another convention become today's, mostly as tables. `index.ts` gives every value the type that
// the registry has for its name.
import type { Attributes } from '@opentelemetry/api'
import type { Usage } from '../../usage'
import type { DialectName } from '../recognise'
import type { LlmSpan } from '../span'

/** A name of today, and the names under which the dialect writes the same thing, the best first. */
export type Field = readonly [name: string, ...sources: string[]]
/** The same for a kind of tokens. */
export type Count = readonly [kind: keyof Usage, ...sources: string[]]

export interface Dialect {
  readonly name: DialectName
  /** What the application sets explicitly: it goes before what stands under today's names. */
  readonly overridesCurrent?: true
  readonly fields: readonly Field[]
  readonly counts: readonly Count[]
  /** What no table can say. Undefined values are left out. */
  read?(span: LlmSpan): Attributes
  /** Messages, tools, arguments; called only where content is captured. */
  content?(span: LlmSpan): Attributes
  /** Whether this writer's input tokens leave the cached ones out; today's names count them in. */
  leavesOutCached?(span: LlmSpan): boolean
  /** Keys, or beginnings of keys that end with a dot: what the translation writes under today's names. */
  readonly own: readonly string[]
  /** Of the writer's own keys those with content. They go where content is off, whatever the span describes. */
  readonly ownContent?: RegExp
}
