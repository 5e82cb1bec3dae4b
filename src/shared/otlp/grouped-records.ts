// What both encoders make of the SDK's spans and log records.
import type { Attributes } from '@opentelemetry/api'
import type { InstrumentationScope } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'

/** Loggers have attributes too, which the type of the SDK leaves out. */
interface Scope extends InstrumentationScope {
  readonly attributes?: Attributes
  readonly droppedAttributesCount?: number
}

export interface Scoped {
  readonly resource: Resource
  readonly instrumentationScope: InstrumentationScope
}

export interface Group<T> {
  readonly scope: Scope
  readonly records: T[]
}

/** Records by resource and scope, in order of first appearance; scopes that say the same are one. */
export function group<T extends Scoped>(records: readonly T[]): Map<Resource, Group<T>[]> {
  const byResource = new Map<Resource, Map<string, Group<T>>>()
  let before: T | undefined
  let group: Group<T> | undefined
  for (const record of records) {
    const scope: Scope = record.instrumentationScope
    // mostly the same objects as those of the record before
    if (group && before?.instrumentationScope === scope && before.resource === record.resource) {
      group.records.push(record)
      continue
    }
    const { name, version = '', schemaUrl = '', attributes } = scope
    const key = `${name}\n${version}\n${schemaUrl}\n${attributes ? JSON.stringify(attributes) : ''}`
    const groups = byResource.get(record.resource) ?? new Map<string, Group<T>>()
    byResource.set(record.resource, groups)
    group = groups.get(key) ?? { scope, records: [] }
    groups.set(key, group)
    group.records.push(record)
    before = record
  }
  return new Map([...byResource].map(([resource, groups]) => [resource, [...groups.values()]]))
}

const hasIsRemote = 0x100
const isRemote = 0x200

/** Of a span or a link: W3C trace flags in the low byte, then whether the parent is remote (opentelemetry-proto, SpanFlags). */
export function spanFlags(traceFlags: number, remote: boolean | undefined): number {
  return (traceFlags & 0xff) | hasIsRemote | (remote ? isRemote : 0)
}
