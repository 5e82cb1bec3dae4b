// OTLP nests records under their resource and scope. Called by `protobuf.ts` and `json.ts`.
import type { InstrumentationScope } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'

interface Scoped {
  readonly resource: Resource
  readonly instrumentationScope: InstrumentationScope
}

/** Records by resource and scope, in order of first appearance; scopes of one name, version and schema are one. */
export function group<T extends Scoped>(records: readonly T[]): Map<Resource, T[][]> {
  const byResource = new Map<Resource, Map<string, T[]>>()
  for (const record of records) {
    const { name, version = '', schemaUrl = '' } = record.instrumentationScope
    const key = `${name}\n${version}\n${schemaUrl}`
    const scopes = byResource.get(record.resource) ?? new Map<string, T[]>()
    byResource.set(record.resource, scopes)
    const same = scopes.get(key)
    if (same) same.push(record)
    else scopes.set(key, [record])
  }
  return new Map([...byResource].map(([resource, scopes]) => [resource, [...scopes.values()]]))
}
