/**
 * What could not be sent waits in `localStorage` until it can be: both halves, for those who choose their features.
 * `initialize.ts` has the first at once and the second in the lazy chunk.
 */
import { keepUnsent } from './keep-unsent'
import { resend } from './resend'

export function offlineQueue(): void {
  keepUnsent()
  resend()
}
