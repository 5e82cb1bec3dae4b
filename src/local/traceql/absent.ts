/**
 * What is told of a span without the value: of an intrinsic of an event or link that it has not, something empty, and nil
 * of an attribute that Tempo keeps in a column. Called where values are told.
 */
import type { Field, IntrinsicName } from './ast'
import { isDedicated } from './dedicated'

/** As `encoded` writes it. */
const empty: Partial<Record<IntrinsicName, string>> = {
  'event:name': "'s'",
  'event:timeSinceStart': "'d0'",
  'link:traceID': "'s'",
  'link:spanID': "'s0000000000000000'",
}

/** @param sql what `encoded` made of the field */
export function orEmpty(field: Field, sql: string): string {
  const otherwise = field.type === 'intrinsic' ? empty[field.name] : isDedicated(field) ? "'snil'" : undefined
  return otherwise ? `coalesce(${sql}, ${otherwise})` : sql
}
