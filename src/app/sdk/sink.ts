// The end of the way out.
import type { Context } from '@opentelemetry/api'

/** Where redacted copies go: the queue of our delivery, or processors of the user. */
export interface Sink<T> {
  /** @param context in which a log record was emitted */
  add(item: T, context?: Context): void
  /** Drops an item before the work that it would take, if it would not be taken. @returns whether it did */
  drops?(item: T): boolean
  /** Resolves when what was added has been delivered or given up. */
  flush(): Promise<void>
  /** The last flush; what comes later is dropped. Default a flush. */
  shutdown?(): Promise<void>
  /** Lets everything go on that it holds back itself; what comes after it need not be done. */
  drain?(): Promise<void>
  /** The same within this tick. */
  drainNow?(): void
}
