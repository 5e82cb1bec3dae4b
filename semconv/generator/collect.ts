/** Puts the files of several registries together, keeping where each entry stands. Called by `validate.ts` and the writers. */
import type { Lists, Registry } from './model'

export type Kind = keyof Lists

export const KINDS: readonly Kind[] = [
  'attributes',
  'attribute_groups',
  'metrics',
  'spans',
  'events',
  'span_refinements',
  'event_refinements',
]

export interface Placed<T> {
  readonly entry: T
  readonly registry: Registry
  /** The file, for messages. */
  readonly path: string
}

/** All entries of one kind, sorted by name. */
export function collect<K extends Kind>(registries: readonly Registry[], kind: K): Placed<Lists[K][number]>[] {
  return registries
    .flatMap(registry =>
      registry.files.flatMap(({ path, content }) =>
        ((content[kind] ?? []) as Lists[K][number][]).map(entry => ({ entry, registry, path })),
      ),
    )
    .sort((a, b) => (nameOf(a.entry) < nameOf(b.entry) ? -1 : 1))
}

/** What an entry is referred to by: an attribute's key, a metric's or event's name, a span's type, a group's id. */
export function nameOf(entry: Lists[Kind][number]): string {
  if ('key' in entry) return entry.key
  if ('id' in entry) return entry.id
  if ('type' in entry) return entry.type
  return entry.name
}
