import type { Unerasable } from './receipt'
import type { GdprSecret } from './secret'
import type { StateFolder } from './state'
import type { SubjectStore } from './stores/store'

/** Writes an audit log entry about a request. It must not name the person: that would create a new key for the person being erased. */
export type RecordAudit = (action: string, details: Readonly<Record<string, unknown>>) => Promise<void>

export interface SagaOptions {
  readonly state: StateFolder
  readonly secret: GdprSecret
  /** In the order of erasure: stores that deliver to others come first. */
  readonly stores: readonly SubjectStore[]
  /** Data that no store covers. @param nowMs milliseconds since 1970 */
  readonly elsewhere: (nowMs: number) => readonly Unerasable[]
  /** Data in stores that exist, or may exist, but were not queried. */
  readonly notAsked: (nowMs: number) => readonly Unerasable[]
  /** Pseudonym keys, current and earlier ones. */
  readonly keys: readonly string[]
  readonly audit: RecordAudit
  /** Milliseconds since 1970. */
  readonly now: () => number
}
