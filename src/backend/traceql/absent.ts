/**
 * The value that an answer has for a field that a span lacks, as in Tempo: an empty value for intrinsics of events and links, and the text
 * nil for attributes that Tempo stores in dedicated columns. All other missing fields are left out.
 */
import type { Field, IntrinsicName } from './ast'

/** Tempo's `defaultDedicatedColumns`, in its tempodb/backend/block_meta.go. */
const dedicated = {
  resource: ['k8s.cluster.name', 'k8s.namespace.name', 'k8s.pod.name', 'k8s.container.name'],
  span: [
    'http.request.method',
    'http.response.status_code',
    'url.path',
    'url.route',
    'server.address',
    'server.port',
    'http.method',
    'http.url',
    'http.route',
    'http.status_code',
  ],
} as const

const names = {
  resource: new Set<string>(dedicated.resource),
  span: new Set<string>(dedicated.span),
  any: new Set<string>([...dedicated.resource, ...dedicated.span]),
}

/** Whether Tempo stores the attribute in a dedicated column by default. */
export function isDedicated(field: Field): boolean {
  if (field.type !== 'attribute') return false
  const { scope, name } = field
  return (scope === 'resource' || scope === 'span' || scope === 'any') && names[scope].has(name)
}

/** Encoded as by `encoded`. */
const empty: Partial<Record<IntrinsicName, string>> = {
  'event:name': "'s'",
  'event:timeSinceStart': "'d0'",
  'link:traceID': "'s'",
  'link:spanID': "'s0000000000000000'",
}

/** @param sql the result of `encoded` for the field; @returns SQL that gives the value above where the span lacks the field */
export function orAbsent(field: Field, sql: string): string {
  const otherwise = field.type === 'intrinsic' ? empty[field.name] : isDedicated(field) ? "'snil'" : undefined
  return otherwise ? `coalesce(${sql}, ${otherwise})` : sql
}
