// Called by `afn-otel collector`, which refuses a binary that lacks one of these.
import { collectorConfig } from './collector'
import { filesOverlay } from './files'
import type { Section } from './note'

const kinds = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'] as const

type ComponentKind = (typeof kinds)[number]

/** Every component that our configuration uses, as `[kind, type]`: `['processors', 'tail_sampling']`. */
export function usedComponents(): [ComponentKind, string][] {
  return kinds.flatMap(kind => {
    const ids = [collectorConfig(), filesOverlay()].flatMap(config => Object.keys((config[kind] ?? {}) as Section))
    const types = new Set(ids.map(id => id.split('/', 1)[0]!))
    return [...types].map((type): [ComponentKind, string] => [kind, type])
  })
}
