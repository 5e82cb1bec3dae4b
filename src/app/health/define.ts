// `defineCheck()`: the app's own checks.
import { type Check, defaultPeriodMs, defaultTimeoutMs, type Reading } from './check'
import type { Health } from './health'

export interface CheckOptions {
  /** 1 to 64 letters, digits, `.`, `_` and `-`. A second check of a name replaces the first, also one of this package. */
  name: string
  /**
   * Nothing or `true`: pass. `false`, or an exception: fail. Else `{ status, output }`.
   * @param signal aborts when the time is over
   */
  check(signal: AbortSignal): CheckResult | PromiseLike<CheckResult>
  /** Its failure takes the app out of service: `/health/ready` answers 503. Default false: `/health` says `warn`. */
  required?: boolean
  /** A run that takes longer has failed, ms. Default 1000, at most 1200, since a probe waits for it. */
  timeoutMs?: number
  /** The check does not run again before that, ms. Default 5000. */
  periodMs?: number
  /** Default `component`. */
  componentType?: Check['componentType']
}

// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return is the usual check
export type CheckResult = Reading | boolean | undefined | void

/** A probe gets its answer within 1.5 s. */
const longestTimeoutMs = 1_200

/**
 * @param onProblem called with what is wrong with a check that is left out
 * @returns takes the check away again
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
    // the monitor looks at what comes back, of whatever kind it is
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
