/**
 * What an answer has in the place of a value that a span lacks: of an intrinsic of an event or link something empty, and the text nil of an
 * attribute that Tempo keeps in a column of its own. Of all others it has nothing.
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

/** Whether Tempo keeps it in a column of its own, unless it is configured otherwise. */
export function isDedicated(field: Field): boolean {
  if (field.type !== 'attribute') return false
  const { scope, name } = field
  return (scope === 'resource' || scope === 'span' || scope === 'any') && names[scope].has(name)
}

/** As `encoded` writes it. */
const empty: Partial<Record<IntrinsicName, string>> = {
  'event:name': "'s'",
  'event:timeSinceStart': "'d0'",
  'link:traceID': "'s'",
  'link:spanID': "'s0000000000000000'",
}

/** @param sql what `encoded` made of the field */
export function orAbsent(field: Field, sql: string): string {
  const otherwise = field.type === 'intrinsic' ? empty[field.name] : isDedicated(field) ? "'snil'" : undefined
  return otherwise ? `coalesce(${sql}, ${otherwise})` : sql
}
