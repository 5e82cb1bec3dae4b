// The type of a check and of its results, for checks of this package and of the app.

export type Status = 'pass' | 'warn' | 'fail'

/** The result of one run. */
export interface Reading {
  readonly status: Status
  /** A few words on why the status is not `pass`. People with the token can read it, so it must contain no address and no secret. */
  readonly output?: string
  /** The kind of `observedValue`. Default: `responseTime`. */
  readonly measurement?: string
  /** Default: the duration of the run in ms. */
  readonly observedValue?: number
  readonly observedUnit?: string
}

export interface Check {
  /** The first half of its key in the answer, and its name in metrics. */
  readonly name: string
  /** Distinguishes checks of the same name, by provider or purpose of a folder. */
  readonly component?: string
  /** As defined in the draft: `datastore`, `component` or `system`. */
  readonly componentType: 'datastore' | 'component' | 'system'
  /** Whether its failure takes the app out of service. */
  readonly required: boolean
  /** Whether it was discovered in the environment, and not defined by the app. */
  readonly isDiscovered: boolean
  /** Timeout of a run in ms; a longer run fails. */
  readonly timeoutMs: number
  /** Minimum time between two runs in ms. */
  readonly periodMs: number
  /**
   * @param signal aborts at the timeout
   * @throws if the check fails; `wordOf()` derives the output from the error
   */
  run(signal: AbortSignal): Promise<Reading>
}

export const defaultTimeoutMs = 1_000
export const defaultPeriodMs = 5_000
