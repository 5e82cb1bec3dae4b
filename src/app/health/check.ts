// What a check is, and what one run of it can find. The checks of this package and those of the app have the same shape.

export type Status = 'pass' | 'warn' | 'fail'

/** What one run found. */
export interface Reading {
  readonly status: Status
  /** In a few words why the status is not `pass`. A person with the token reads it, so it holds no address and no secret. */
  readonly output?: string
  /** What `observedValue` is: `responseTime` unless it says otherwise. */
  readonly measurement?: string
  /** Default: how long the run took, in ms. */
  readonly observedValue?: number
  readonly observedUnit?: string
}

export interface Check {
  /** The first half of its key in the answer, and its name in the metrics. */
  readonly name: string
  /** Tells several of one name apart: a provider, or what a folder is for. */
  readonly component?: string
  /** As the draft has it: `datastore`, `component` or `system`. */
  readonly componentType: 'datastore' | 'component' | 'system'
  /** Whether its failure takes the app out of service. */
  readonly required: boolean
  /** Found by us in the environment, and not defined by the app. */
  readonly isDiscovered: boolean
  /** A run that takes longer has failed, ms. */
  readonly timeoutMs: number
  /** The check does not run again before that, ms. */
  readonly periodMs: number
  /**
   * @param signal aborts when the time is over
   * @throws where the check fails; `wordOf()` turns what it throws into the output
   */
  run(signal: AbortSignal): Promise<Reading>
}

export const defaultTimeoutMs = 1_000
export const defaultPeriodMs = 5_000
