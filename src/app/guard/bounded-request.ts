// A request of which the cost is bounded before it is sent, and its bound.
import type { GuardedCall } from '../llm/observe/options'
import type { Usage } from '../llm/usage'

export type BoundedRequest = Pick<GuardedCall, 'protocol' | 'provider' | 'parsed' | 'url' | 'body' | 'form'>

export interface Bound {
  readonly usage: Usage
  /** In other units, where only the answer says in which the call is charged. */
  readonly or?: Usage
  /** Which rates may hold besides those of plain text. */
  readonly hasLongCache: boolean
  readonly hasMedia: boolean
}

/** What no bound is known of: the reason, in words. */
export interface Unbounded {
  readonly problem: string
}
