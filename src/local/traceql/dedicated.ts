/**
 * Attributes that Tempo keeps in columns of their own, unless it is configured otherwise: `defaultDedicatedColumns` in its
 * tempodb/backend/block_meta.go. Where a span lacks one of them and it is read, Tempo tells the text nil; of all others
 * it tells nothing. Called where values are told.
 */
import type { Field } from './ast'

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

export function isDedicated(field: Field): boolean {
  if (field.type !== 'attribute') return false
  const { scope, name } = field
  return (scope === 'resource' || scope === 'span' || scope === 'any') && names[scope].has(name)
}
