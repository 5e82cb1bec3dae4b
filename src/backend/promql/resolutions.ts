/**
 * The resolutions that downsampling leaves, and how long a sample of each is valid. Equal to those of a pipeline with a server per
 * resolution.
 */
import { secondsOfDuration } from '../../shared/queries/window'
import { resolutionLookbacks, resolutionSteps } from '../../shared/tiers'

/** Milliseconds after which a series is stale. */
export const LOOKBACK = 300_000

export interface Resolution {
  /** Milliseconds between samples; 0 if all samples are kept. */
  readonly step: number
  /** Milliseconds for which a sample is valid. */
  readonly lookback: number
}

const milliseconds = (duration: string): number => secondsOfDuration('duration', duration) * 1_000

/** Ordered from fine to coarse; samples refer to the index. */
export const resolutions: readonly Resolution[] = [
  { step: 0, lookback: LOOKBACK },
  ...(['medium', 'low'] as const).map(name => ({
    step: milliseconds(resolutionSteps[name]),
    lookback: milliseconds(resolutionLookbacks[name]),
  })),
]
