// Spans as the page holds them, for the tests of this folder.
import type { Span } from '../../../src/backend/explorer/data/span'
import type { TypedAttribute, TypedValue } from '../../../src/shared/otlp/any-value'

/** `parent` empty: a root. Times in nanoseconds. */
export function span(id: string, parent: string, start: number, end: number, more: Partial<Span> = {}): Span {
  return {
    id,
    parentId: parent,
    name: id,
    kind: 'internal',
    status: 'unset',
    statusMessage: '',
    start: BigInt(start),
    end: BigInt(end),
    service: 'shop',
    attributes: [],
    events: [],
    links: [],
    resource: [],
    scope: { name: '', version: '', attributes: [] },
    ...more,
  }
}

/** Whole numbers become ints, others doubles. */
export function attributes(values: Readonly<Record<string, string | number | boolean>>): TypedAttribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: typedValue(value) }))
}

function typedValue(value: string | number | boolean): TypedValue {
  if (typeof value === 'string') return { type: 'string', value }
  if (typeof value === 'boolean') return { type: 'bool', value }
  return Number.isInteger(value) ? { type: 'int', value: BigInt(value) } : { type: 'double', value }
}
