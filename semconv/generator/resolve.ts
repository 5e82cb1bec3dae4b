/** What references and refinements come to. Called by the writers, after `validate.ts` found that all of them resolve. */
import { collect } from './collect'
import type { Attribute, Ref, Registry } from './model'

/** The type on a span, where structured content (`any`) is a JSON string and enums are strings. */
export function spanType({ type }: Attribute): string {
  return typeof type !== 'string' || type === 'any' ? 'string' : type
}

/** The attributes of a list, groups written out, each with its requirement level as words. */
export function attributesOf(
  registries: readonly Registry[],
  list: readonly Ref[] = [],
): { key: string; level: string }[] {
  const groups = new Map(collect(registries, 'attribute_groups').map(({ entry }) => [entry.id, entry.attributes]))
  return list.flatMap(({ ref, ref_group, requirement_level: level = 'recommended' }) => {
    if (ref_group !== undefined) return attributesOf(registries, groups.get(ref_group))
    const words =
      typeof level === 'string' ? level : Object.entries(level).map(([name, when]) => `${name}: ${when}`)[0]!
    return [{ key: ref!, level: words.replaceAll('_', ' ') }]
  })
}
