// A dialect: maps names of another convention to current ones, mostly by tables. `index.ts` converts every value to the type that the
// registry defines for its name.
import type { Attributes } from '@opentelemetry/api'
import type { Usage } from '../../usage'
import type { DialectName } from '../recognise'
import type { LlmSpan } from '../span'

/** A current name, and the dialect's names for it in order of preference. */
export type Field = readonly [name: string, ...sources: string[]]
/** Same for a kind of tokens. */
export type Count = readonly [kind: keyof Usage, ...sources: string[]]

export interface Dialect {
  readonly name: DialectName
  /** For attributes that the app sets explicitly: they take precedence over current names. */
  readonly overridesCurrent?: true
  readonly fields: readonly Field[]
  readonly counts: readonly Count[]
  /** Reads attributes that tables cannot express. Undefined values are left out. */
  read?(span: LlmSpan): Attributes
  /** Messages, tools, arguments; called only if content is captured. */
  content?(span: LlmSpan): Attributes
  /** Whether this library's input tokens exclude cached ones; current names include them. */
  leavesOutCached?(span: LlmSpan): boolean
  /** Keys, or key prefixes ending with a dot, that the translation replaces by current names. */
  readonly own: readonly string[]
  /** The library's own keys that contain content. They are removed if content capture is off, for any kind of span. */
  readonly ownContent?: RegExp
}
