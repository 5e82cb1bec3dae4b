/** How far apart samples are that a sweep has left, and for how long each counts: as in the servers of a pipeline that keeps as many resolutions. */
import { secondsOfDuration } from '../../shared/queries/window'
import { resolutionLookbacks, resolutionSteps } from '../../shared/tiers'

/** Milliseconds. A series whose last sample is older is gone. */
export const LOOKBACK = 300_000

export interface Resolution {
  /** Milliseconds between two samples; 0: all that came are there. */
  readonly step: number
  /** Milliseconds after which a sample counts no more. */
  readonly lookback: number
}

const milliseconds = (duration: string): number => secondsOfDuration('duration', duration) * 1_000

/** By the numbers that samples have of them, from the finest on. */
export const resolutions: readonly Resolution[] = [
  { step: 0, lookback: LOOKBACK },
  ...(['medium', 'low'] as const).map(name => ({
    step: milliseconds(resolutionSteps[name]),
    lookback: milliseconds(resolutionLookbacks[name]),
  })),
]
