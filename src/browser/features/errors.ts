/** Errors and rejected promises that nobody caught. */
import { guarded } from '../diagnose'
import { errorOnce } from '../error-once'
import { describeError } from '../exception'

const tell = /* @__PURE__ */ guarded((source: string, thrown: unknown) => {
  const described = describeError(thrown)
  errorOnce('exception', described['exception.message'], { ...described, 'afn.error.source': source })
})

export function errors(): void {
  // a script of another origin tells neither error nor place: "Script error."
  addEventListener('error', ({ type, error, message }) => tell(type, error ?? { name: 'Error', message }))
  addEventListener('unhandledrejection', ({ type, reason }) => tell(type, reason))
}
