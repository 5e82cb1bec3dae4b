/** What an intrinsic is where a span has no event or link: of an intrinsic there is no nil, as in Tempo. Called where values are told. */
import type { Field, IntrinsicName } from './ast'

/** As `encoded` writes it. */
const empty: Partial<Record<IntrinsicName, string>> = {
  'event:name': "'s'",
  'event:timeSinceStart': "'d0'",
  'link:traceID': "'s'",
  'link:spanID': "'s0000000000000000'",
}

/** @param sql what `encoded` made of the field */
export function orEmpty(field: Field, sql: string): string {
  const otherwise = field.type === 'intrinsic' ? empty[field.name] : undefined
  return otherwise ? `coalesce(${sql}, ${otherwise})` : sql
}
