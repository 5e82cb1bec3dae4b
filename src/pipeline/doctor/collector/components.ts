// What the Collector must have, whatever the profile.
import { collectorConfig } from '../../deployment/collector-config'
import type { Plan } from '../../deployment/plan'

/** Exporters to a store that every plan has. Each has a queue, by which a running one shows that it is there; a file has none. */
export function storeExporters(plans: readonly Plan[]): string[] {
  // in the Collector's own metrics our exporters have the names of upstream's
  const byUpstream = plans.map(plan => collectorConfig({ ...plan, components: 'contrib' }))
  const [first = [], ...others] = byUpstream.map(({ exporters }) => Object.keys(exporters as object))
  return first.filter(name => !name.startsWith('file/') && others.every(names => names.includes(name)))
}
