// How a failure is named in `error.type`.
import { ERROR_TYPE_VALUE_OTHER } from '../../../semconv'
import type { ErrorTold } from '../providers/protocol'

/** How the reading of an answer ended. */
export type End =
  /** The server ended it. */
  | { readonly by: 'server' }
  /** The application stopped; `forgotten` when nothing told of it, and it was noticed long after. */
  | { readonly by: 'consumer'; readonly forgotten?: boolean }
  | { readonly by: 'error'; readonly error: unknown }

export interface Failure {
  /** `error.type` */
  readonly type: string | undefined
  /** `afn.llm.error.type` */
  readonly providerType?: string | undefined
  readonly message?: string | undefined
}

interface Ended {
  /** Of an answer that says that it failed. */
  readonly status: number | undefined
  readonly told: ErrorTold | undefined
  /** What ended the reading of the answer. */
  readonly error: unknown
  readonly cut: boolean
  readonly aborted: boolean
}

/** Undefined where a call has not failed. */
export function failureOf({ status, told, error, cut, aborted }: Ended): Failure | undefined {
  if (status !== undefined || told) {
    // A client leaves the body of an attempt that it repeats unread. The status is the one name that all attempts have.
    const type = status === undefined ? (told?.type ?? ERROR_TYPE_VALUE_OTHER) : String(status)
    return { type, providerType: told?.type, message: told?.message }
  }
  if (cut) {
    // A connection that ends early but in good order has no error to name.
    const message = error instanceof Error ? error.message : 'The answer ended before its documented end'
    return { type: error === undefined ? undefined : failureName(error), message }
  }
  // Stopping is the application's right and no failure, so an abort leaves the status unset; a deadline that passed is one. An
  // SDK's own timeout aborts without a reason, and can't be told from a user who pressed stop.
  return aborted && (error as Error | undefined)?.name === 'TimeoutError' ? { type: 'TimeoutError' } : undefined
}

/** undici's errors say `fetch failed`; what happened stands in the cause. */
export function failureName(error: unknown): string {
  return named((error as Error | undefined)?.cause) ?? named(error) ?? ERROR_TYPE_VALUE_OTHER
}

function named(error: unknown): string | undefined {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (typeof code === 'string' && code) return code
  return typeof name === 'string' && name !== '' && name !== 'Error' ? name : undefined
}
