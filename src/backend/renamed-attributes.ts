import { renamedAmong } from '../shared/config/renamed'
import type { Document } from '../shared/otlp/schema'

/**
 * @param attributes of a resource in OTLP JSON. @returns them, and for each attribute with only its old name a copy with the current name
 */
export function withTodaysNames(attributes: readonly Document[]): readonly Document[] {
  const more = renamedAmong(new Set(attributes.map(({ key }) => key)))
  return [...attributes, ...more.map(([old, today]) => ({ ...attributes.find(({ key }) => key === old), key: today }))]
}
