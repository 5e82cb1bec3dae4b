// OTLP JSON → rows in the order of the columns. Called by store.ts.
import type { DuckDBMapValue, DuckDBValue } from '@duckdb/node-api'
import type { Document } from '../otlp/schema'
import type { DuckDB } from './duckdb'
import { promoted } from './schema'

type Values = Record<string, DuckDBValue>
interface KeyValue {
  readonly key?: string
  readonly value?: Document
}

export interface SpanRow {
  readonly resource: Document
  readonly scope: Document
  /** Column → value, without seq, resource and scope. */
  readonly values: Values
}

export interface Rows {
  readonly spans: SpanRow[]
  readonly rejected: number
}

export class RowMaker {
  readonly #duckdb: DuckDB
  constructor(duckdb: DuckDB) {
    this.#duckdb = duckdb
  }

  spans(request: Document): Rows {
    const spans: SpanRow[] = []
    let rejected = 0
    for (const resourceSpans of items(request.resourceSpans)) {
      for (const scopeSpans of items(resourceSpans.scopeSpans)) {
        for (const span of items(scopeSpans.spans)) {
          const values = this.#span(span)
          if (!values) rejected++
          else spans.push({ resource: part(resourceSpans.resource), scope: part(scopeSpans.scope), values })
        }
      }
    }
    return { spans, rejected }
  }

  #span(span: Document): Values | undefined {
    const traceId = idOf(span.traceId)
    const spanId = idOf(span.spanId)
    if (traceId === 0n || spanId === 0n) return undefined
    const start = BigInt((span.startTimeUnixNano as string | undefined) ?? 0)
    const end = BigInt((span.endTimeUnixNano as string | undefined) ?? 0)
    const status = part(span.status)
    return {
      trace_id: traceId,
      span_id: spanId,
      parent_id: idOf(span.parentSpanId),
      start_ns: start,
      duration_ns: end > start ? end - start : 0n,
      name: (span.name as string) ?? '',
      kind: (span.kind as number) ?? 0,
      status: (status.code as number) ?? 0,
      status_message: (status.message as string) ?? '',
      trace_state: (span.traceState as string) ?? '',
      flags: (span.flags as number) ?? 0,
      signals: 0,
      ...this.attributes(span.attributes, true),
      events: this.#duckdb.listValue(
        items(span.events).map(event =>
          this.#duckdb.structValue({
            time_ns: BigInt((event.timeUnixNano as string) ?? 0),
            name: (event.name as string) ?? '',
            ...this.attributes(event.attributes, false),
            dropped_attributes: (event.droppedAttributesCount as number) ?? 0,
          }),
        ),
      ),
      links: this.#duckdb.listValue(
        items(span.links).map(link =>
          this.#duckdb.structValue({
            trace_id: idOf(link.traceId),
            span_id: idOf(link.spanId),
            trace_state: (link.traceState as string) ?? '',
            flags: (link.flags as number) ?? 0,
            ...this.attributes(link.attributes, false),
            dropped_attributes: (link.droppedAttributesCount as number) ?? 0,
          }),
        ),
      ),
      dropped_attributes: (span.droppedAttributesCount as number) ?? 0,
      dropped_events: (span.droppedEventsCount as number) ?? 0,
      dropped_links: (span.droppedLinksCount as number) ?? 0,
    }
  }

  attributes(list: unknown, withColumns: boolean): Values {
    const maps = {
      attr_s: new Map<string, DuckDBValue>(),
      attr_i: new Map<string, DuckDBValue>(),
      attr_f: new Map<string, DuckDBValue>(),
      attr_b: new Map<string, DuckDBValue>(),
      attr_arrays: new Map<string, DuckDBValue>(),
      attr_other: new Map<string, DuckDBValue>(),
    }
    const columns: Values = {}
    for (const { key = '', value = {} } of items(list) as KeyValue[]) {
      const elements = value.arrayValue ? items(part(value.arrayValue).values) : undefined
      const own = withColumns ? promoted.get(key) : undefined
      const scalar = scalarOf(elements?.length === 1 ? elements[0]! : value)
      if (scalar) {
        const [type, plain] = scalar
        if (own && own.type === typeNames[type]) columns[own.column] = plain
        else maps[`attr_${type}`].set(key, plain)
        continue
      }
      const array = elements && this.#array(elements)
      if (array) maps.attr_arrays.set(key, array)
      else maps.attr_other.set(key, JSON.stringify(value))
    }
    const mapped = Object.fromEntries(Object.entries(maps).map(([name, map]) => [name, this.#map(map)]))
    return { ...columns, ...mapped }
  }

  #map(map: ReadonlyMap<string, DuckDBValue>): DuckDBMapValue {
    return this.#duckdb.mapValue(Array.from(map, ([key, value]) => ({ key, value })))
  }

  #array(elements: readonly Document[]): DuckDBValue | undefined {
    const lists: Values = { s: null, i: null, f: null, b: null }
    if (elements.length === 0) return this.#duckdb.structValue(lists)
    const scalars = elements.map(scalarOf)
    const type = scalars[0]?.[0]
    if (!type || scalars.some(scalar => scalar?.[0] !== type)) return undefined
    return this.#duckdb.structValue({ ...lists, [type]: this.#duckdb.listValue(scalars.map(scalar => scalar![1])) })
  }
}

const typeNames = { s: 'string', i: 'int', f: 'float', b: 'bool' } as const

function scalarOf(value: Document): [keyof typeof typeNames, string | bigint | number | boolean] | undefined {
  if (value.stringValue !== undefined) return ['s', value.stringValue as string]
  if (value.intValue !== undefined) return ['i', BigInt(value.intValue as string)]
  if (value.doubleValue !== undefined) return ['f', Number(value.doubleValue)]
  if (value.boolValue !== undefined) return ['b', value.boolValue as boolean]
  return undefined
}

export const idOf = (hex: unknown): bigint => (hex ? BigInt(`0x${hex}`) : 0n)
export const items = (list: unknown): Document[] => (list ?? []) as Document[]
export const part = (value: unknown): Document => (value ?? {}) as Document
