// `defineCheck()`: the app's own checks.
import { type Check, defaultPeriodMs, defaultTimeoutMs, type Reading } from './check'
import type { Health } from './health'

export interface CheckOptions {
  /** 1 to 64 letters, digits, `.`, `_` and `-`. It replaces any earlier check of the same name, even one of this package. */
  name: string
  /**
   * Return nothing or `true` for pass; return `false` or throw for fail; or return `{ status, output }`.
   * @param signal aborts at the timeout
   */
  check(signal: AbortSignal): CheckResult | PromiseLike<CheckResult>
  /** Whether a failure takes the app out of service, so that `/health/ready` answers 503. Default false: `/health` then says `warn`. */
  required?: boolean
  /** Timeout of a run in ms; a longer run fails. Default 1000, at most 1200, because a probe waits for it. */
  timeoutMs?: number
  /** Minimum time between two runs in ms. Default 5000. */
  periodMs?: number
  /** Default `component`. */
  componentType?: Check['componentType']
}

// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return is the usual check
export type CheckResult = Reading | boolean | undefined | void

/** A probe must get its answer within 1.5 s. */
const longestTimeoutMs = 1_200

/**
 * @param onProblem called with the error of a check that is left out
 * @returns a function that removes the check
 */
export function addCheck(
  health: () => Health,
  options: CheckOptions,
  onProblem: (problem: string) => void,
): () => void {
  const problem = problemOf(options)
  if (problem) {
    onProblem(`defineCheck(): ${problem}; the check is ignored`)
    return () => {}
  }
  const { name, check, required = false, componentType = 'component' } = options
  return health().add({
    name,
    componentType,
    required,
    isDiscovered: false,
    timeoutMs: Math.min(positive(options.timeoutMs) ?? defaultTimeoutMs, longestTimeoutMs),
    periodMs: positive(options.periodMs) ?? defaultPeriodMs,
    // the monitor validates the result
    run: async signal => (await check.call(options, signal)) as Reading,
  })
}

function problemOf(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null) return 'it requires an object with name and check'
  const { name, check } = options as Partial<CheckOptions>
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name))
    return 'the name must be 1 to 64 letters, digits, ".", "_" or "-"'
  return typeof check === 'function' ? undefined : `the check ${name} has no function \`check\``
}

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && value > 0 && value < 2 ** 31 ? value : undefined
