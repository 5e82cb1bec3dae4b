// Runs the app's own code inside a span of HTTP.
// OpenTelemetry's catches what the code throws and throws it again: for an exception that ends the process Node prints the
// line of the last `throw`, which then is ours, and `throw undefined` is lost. Here nothing is caught, so what was thrown
// is not known either; the record of the crash has it.
import { safeExecuteInTheMiddle as theirs } from '@opentelemetry/instrumentation'

/** @param onFinish is called when `execute` has ended, with whether it threw; what it throws itself is lost */
export function safeExecuteInTheMiddle<T>(
  execute: () => T,
  onFinish: (error: Error | undefined, result: T | undefined) => void,
  preventThrowing = false,
): T {
  if (preventThrowing) return theirs(execute, onFinish, true)
  let result: T | undefined
  let done = false
  try {
    result = execute()
    done = true
    return result
  } finally {
    try {
      onFinish(done ? undefined : new Error('the code that was called threw'), result)
    } catch {
      // most throw again what they got
    }
  }
}
