// What a convention of somebody else says about itself, mostly in tables. Implemented by the files beside it, one a
// dialect; read by `index.ts`, which gives every value the type that the registry knows for its name.
import type { Attributes } from '@opentelemetry/api'
import type { Usage } from '../../usage'
import type { LlmSpan } from '../span'
import type { DialectName } from './kinds'

/** A name of today, and the names under which the dialect writes the same thing, the best first. */
export type Field = readonly [name: string, ...sources: string[]]
/** The same for a kind of tokens. */
export type Count = readonly [kind: keyof Usage, ...sources: string[]]

export interface Dialect {
  readonly name: DialectName
  /** Explicit words of the application: they go before what stands under today's names. */
  readonly wins?: true
  readonly fields: readonly Field[]
  readonly counts: readonly Count[]
  /** What no table can say. Undefined values are not told. */
  read?(span: LlmSpan): Attributes
  /** Messages, tools, arguments; asked only where content is captured. */
  content?(span: LlmSpan): Attributes
  /** Whether this writer's input tokens leave the cached ones out; today's names count them in. */
  leavesOutCached?(span: LlmSpan): boolean
  /** Keys, or beginnings of keys that end with a dot: what is told again under today's names. */
  readonly own: readonly string[]
}
