/** Errors and rejected promises that nobody caught. */
import { guarded } from '../diagnose'
import { errorOnce } from '../error-once'
import { describeError } from '../exception'

const recordError = /* @__PURE__ */ guarded((source: string, thrown: unknown) => {
  const described = describeError(thrown)
  errorOnce('exception', described['exception.message'], { ...described, 'afn.error.source': source })
})

export function errors(): void {
  // a script of another origin shows neither error nor place: "Script error."
  addEventListener('error', ({ type, error, message }) => recordError(type, error ?? { name: 'Error', message }))
  addEventListener('unhandledrejection', ({ type, reason }) => recordError(type, reason))
}
