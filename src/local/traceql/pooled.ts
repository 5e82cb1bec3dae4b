/**
 * Which comparisons let a value be told. Tempo keeps most attributes of a span in one list of names and values, and reads
 * from it the values of all names that it looks for by all comparisons with any of them: where these are alternatives, a
 * value is told when it meets another attribute's. Called by told.ts.
 */
import type { Attribute, Field } from './ast'
import { isDedicated } from './dedicated'
import type { Used } from './names-read'

export interface Pooled extends Omit<Used, 'when'> {
  /** By the attribute that they are about; the value is told where one of them holds. Undefined: it always is; empty: never. */
  readonly when: readonly (readonly Field[])[] | undefined
}

/** With more, each attribute is told by its own: what each is compared with grows with the square. */
const most = 50

/** @param used of one scope each, where they are attributes */
export function pooled(used: readonly Used[]): Pooled[] {
  return used.map(one => {
    const { named, when } = one
    if (when === undefined || when.length === 0) return { ...one, when: when && [] }
    if (!isInList(one)) return { ...one, when: [when] }
    const together = used
      .filter(other => isInList(other) && scopeOf(other) === scopeOf(one))
      .map(({ sought }) => sought)
    const known = together.filter(sought => sought !== undefined)
    if (known.length < together.length) return { ...one, when: undefined }
    if (known.flat().length > most) return { ...one, when: [when] }
    return { ...one, when: known.map(sought => sought.map(field => about(named as Attribute, field))) }
  })
}

const scopeOf = ({ named }: Used): string => (named.type === 'attribute' ? named.scope : '')

/** Of events and links one condition chooses the element that is told. */
function isInList({ named }: Used): boolean {
  if (named.type !== 'attribute' || isDedicated(named)) return false
  if (named.scope === 'resource') return named.name !== 'service.name'
  return named.scope === 'span' || named.scope === 'instrumentation'
}

/** The same comparison of another attribute. */
function about(named: Attribute, field: Field): Field {
  if (field.type === 'attribute') return named
  return field.type === 'binary'
    ? { ...field, left: about(named, field.left), right: about(named, field.right) }
    : field
}
