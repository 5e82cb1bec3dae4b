import type { Unerasable } from './receipt'
import type { GdprSecret } from './secret'
import type { StateFolder } from './state'
import type { SubjectStore } from './stores/store'

/** What an audit log keeps of a request. It never names the person: that would make a new key for who is being erased. */
export type RecordAudit = (action: string, details: Readonly<Record<string, unknown>>) => Promise<void>

export interface SagaOptions {
  readonly state: StateFolder
  readonly secret: GdprSecret
  /** In the order in which they are erased: what delivers to others stands first. */
  readonly stores: readonly SubjectStore[]
  /** What no store reaches. @param nowMs milliseconds since 1970 */
  readonly elsewhere: (nowMs: number) => readonly Unerasable[]
  /** What was not asked, though it is there or may be. */
  readonly notAsked: (nowMs: number) => readonly Unerasable[]
  /** Keys of pseudonyms, today's and those before it. */
  readonly keys: readonly string[]
  readonly audit: RecordAudit
  /** Milliseconds since 1970. */
  readonly now: () => number
}
