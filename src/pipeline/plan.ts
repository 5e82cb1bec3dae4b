// What one set of files is generated from: the table of tiers, a profile, and what a settings file changes of either.
// Made by `afn-otel generate`; every file beside this one takes it as an argument.
import { type Policies, policies, type Retention, retention } from '../tiers'
import { overlay, wholeNumbers } from './overlay'
import { type Profile, type ProfileName, profiles, type Scale } from './profiles'

export interface Plan extends Profile {
  readonly profile: ProfileName
  /** In days. */
  readonly retention: Retention
  readonly policies: Policies
  readonly scale: Scale
}

/**
 * @param given what stands under `pipeline` in the settings file: `{retention, policies, scale}`, any part of them
 * @throws Error that names the path, what stands there, and what is allowed
 */
export function planOf(profile: ProfileName, given: unknown = {}): Plan {
  const { scale, ...rest } = profiles[profile]
  const changed = overlay(
    { retention, policies, scale } as Pick<Plan, 'retention' | 'policies' | 'scale'>,
    given,
    'pipeline',
  )
  wholeNumbers(changed.retention, 'pipeline.retention')
  wholeNumbers(changed.scale, 'pipeline.scale')
  nests(changed.retention.traces)
  percent(changed.policies.baseline.percent, 'pipeline.policies.baseline.percent', 0)
  percent(changed.scale.memoryPercent, 'pipeline.scale.memory_percent', 1)
  return { profile, ...rest, ...changed }
}

/** That it is no less is seen to before. */
function percent(given: number, path: string, least: number): void {
  if (given > 100) throw new Error(`${path} is ${given}; write ${least} to 100`)
}

/** A trace lives as long as its highest tier, so a higher tier must not be shorter. */
function nests({ detailed, sampled, errors }: Retention['traces']): void {
  if (detailed <= sampled && sampled <= errors) return
  throw new Error(
    `pipeline.retention.traces is detailed ${detailed}, sampled ${sampled}, errors ${errors} days; each tier has to keep at least as long as the one before`,
  )
}
