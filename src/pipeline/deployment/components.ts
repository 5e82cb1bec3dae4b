// The components that the configurations use: a binary that lacks one of them is refused.
import { agentConfig } from './agent-config'
import { collectorConfig } from './collector-config'
import { filesOverlay } from './files'
import { type Plan, planOf } from './plan'
import { type ProfileName, profiles } from './profiles'
import type { Section } from './yaml-comments'

const kinds = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'] as const

type ComponentKind = (typeof kinds)[number]

/**
 * Every component that a configuration of ours uses, of any profile, as `[kind, type]`: `['processors', 'tail_sampling']`.
 * @param components those of upstream alone, or ours too
 */
export function usedComponents(components: Plan['components'] = 'contrib'): [ComponentKind, string][] {
  const plans = (Object.keys(profiles) as ProfileName[]).map(profile => planOf(profile, { components }))
  const configs = plans.flatMap(plan => [collectorConfig(plan), filesOverlay(plan), agentConfig(plan)])
  return kinds.flatMap(kind => {
    const ids = configs.flatMap(config => Object.keys((config[kind] ?? {}) as Section))
    const types = new Set(ids.map(id => id.split('/', 1)[0]!))
    return [...types].map((type): [ComponentKind, string] => [kind, type])
  })
}
