// Converts the rows of one trace back to OTLP JSON, grouped by resource and scope, with typed values.
import type { AnyValue, KeyValue } from '../../../shared/otlp/any-value'
import { type Document, jsonDouble } from '../../../shared/otlp/schema'
import { Stretch } from '../../event-loop-turns'
import { traceIdOf } from '../../store/columns'
import { promoted } from '../../store/schema'
import type { Row, Store } from '../../store/store'
import { readBounded } from '../bounded-rows'

export interface StoredTrace {
  /** An `ExportTraceServiceRequest`. */
  readonly document: Document
  /** Number of spans of the trace, or of the requested ones. */
  readonly spans: number
  /** How many of them did not fit into the size limit of an answer. */
  readonly left: number
}

/**
 * @param traceId 32 hexadecimal digits
 * @param only span ids; undefined for all spans
 * @returns undefined if there is no such span
 */
export async function storedTrace(
  store: Store,
  traceId: string,
  only?: ReadonlySet<bigint>,
): Promise<StoredTrace | undefined> {
  const id = `${traceIdOf(traceId)}::UHUGEINT`
  const ofTrace = `FROM spans s WHERE s.trace_id = ${id}`
  // roots first, so that a truncated tree keeps them
  const found = await store.query(`SELECT s.seq, s.span_id, s.kind ${ofTrace} ORDER BY s.parent_id <> 0, s.seq`)
  const keys = distinct(only ? found.filter(({ span_id }) => only.has(span_id as bigint)) : found)
  if (keys.length === 0) return undefined
  const seqs = keys.map(({ seq }) => seq as bigint)
  const spans = await readBounded(seqs, condition => store.query(`SELECT s.* ${ofTrace} AND ${condition}`))
  spans.sort((a, b) => compare(a.start_ns, b.start_ns) || compare(a.seq, b.seq))
  const stretch = new Stretch()
  const resourceSpans = await nested(store, spans, 'scopeSpans', async ofScope => {
    const read: Document[] = []
    for (const row of ofScope) {
      read.push(spanOf(row))
      if (stretch.isOver) await stretch.rest()
    }
    return { spans: read }
  })
  return { document: { resourceSpans }, spans: keys.length, left: keys.length - spans.length }
}

const compare = (a: unknown, b: unknown): number =>
  Number((a as bigint) > (b as bigint)) - Number((a as bigint) < (b as bigint))

/** Removes duplicates: a client that got no response sends a span again. */
function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map(row => [`${row.span_id} ${row.kind}`, row])).values()]
}

/**
 * Nests records as OTLP does; resources and scopes keep the order of first occurrence.
 * @param recordsOf returns the field of a scope that has its records
 */
export async function nested(
  store: Store,
  rows: readonly Row[],
  scopesField: 'scopeSpans' | 'scopeLogs' | 'scopeMetrics',
  recordsOf: (rows: readonly Row[]) => Document | Promise<Document>,
): Promise<Document[]> {
  const named = async (table: 'resources' | 'scopes', idOf: (row: Row) => unknown) => {
    const ids = [...new Set(rows.map(idOf))].join(', ')
    const found = await store.query(`SELECT * FROM ${table} WHERE id IN (${ids})`)
    return new Map(found.map(row => [row.id, row]))
  }
  const [resourceId, scopeId] = [({ resource }: Row) => resource, ({ scope }: Row) => scope]
  const [resources, scopes] = await Promise.all([named('resources', resourceId), named('scopes', scopeId)])
  const nested: Document[] = []
  for (const [resource, ofResource] of grouped(rows, resourceId)) {
    const ofScopes: Document[] = []
    for (const [scope, ofScope] of grouped(ofResource, scopeId))
      ofScopes.push({ scope: scopeOf(scopes.get(scope)), ...(await recordsOf(ofScope)) })
    nested.push({ resource: resourceOf(resources.get(resource)), [scopesField]: ofScopes })
  }
  return nested
}

/** Groups keep the order of first occurrence. */
export function grouped(rows: readonly Row[], keyOf: (row: Row) => unknown): [unknown, Row[]][] {
  const groups = new Map<unknown, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups]
}

function resourceOf(row: Row = {}): Document {
  const named = row.service_name === null ? [] : [{ key: 'service.name', value: { stringValue: row.service_name } }]
  const others = attributesOf(row).filter(({ key }) => key !== 'service.name')
  return present({ attributes: [...named, ...others], droppedAttributesCount: row.dropped_attributes })
}

function scopeOf(row: Row = {}): Document {
  return present({
    name: row.name,
    version: row.version,
    attributes: attributesOf(row),
    droppedAttributesCount: row.dropped_attributes,
  })
}

export function spanOf(row: Row): Document {
  const start = row.start_ns as bigint
  return {
    ...present({
      traceId: hex(row.trace_id, 32),
      spanId: hex(row.span_id, 16),
      traceState: row.trace_state,
      parentSpanId: row.parent_id === 0n ? '' : hex(row.parent_id, 16),
      flags: row.flags,
      name: row.name,
      kind: row.kind,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + (row.duration_ns as bigint)),
      attributes: attributesOf(row),
      droppedAttributesCount: row.dropped_attributes,
      events: (row.events as Row[]).map(eventOf),
      droppedEventsCount: row.dropped_events,
      links: (row.links as Row[]).map(linkOf),
      droppedLinksCount: row.dropped_links,
    }),
    status: present({ message: row.status_message, code: row.status }),
  }
}

const eventOf = (row: Row): Document =>
  present({
    timeUnixNano: String(row.time_ns),
    name: row.name,
    attributes: attributesOf(row),
    droppedAttributesCount: row.dropped_attributes,
  })

const linkOf = (row: Row): Document =>
  present({
    traceId: hex(row.trace_id, 32),
    spanId: hex(row.span_id, 16),
    traceState: row.trace_state,
    flags: row.flags,
    attributes: attributesOf(row),
    droppedAttributesCount: row.dropped_attributes,
  })

export const hex = (id: unknown, digits: number): string => (id as bigint).toString(16).padStart(digits, '0')

/** Leaves out zero, empty text and empty lists, which stand for absent fields. */
export function present(fields: Document): Document {
  const isThere = (value: unknown) => Boolean(value) && !(Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isThere(value)))
}

const anyValue = {
  string: (plain: unknown): AnyValue => ({ stringValue: plain as string }),
  int: (plain: unknown): AnyValue => ({ intValue: String(plain) }),
  float: (plain: unknown): AnyValue => ({ doubleValue: jsonDouble(plain as number) }),
  bool: (plain: unknown): AnyValue => ({ boolValue: plain as boolean }),
}

/** The attributes of a span, resource, scope, event or link, sorted by key, because the store keeps no order. */
export function attributesOf(row: Row): KeyValue[] {
  const inMap = (column: string, toValue: (plain: unknown) => AnyValue) =>
    ((row[column] ?? []) as { key: string; value: unknown }[]).map(({ key, value }) => ({ key, value: toValue(value) }))
  const inColumns = [...promoted.values()].flatMap(({ key, type, column }) =>
    row[column] === null || row[column] === undefined ? [] : [{ key, value: anyValue[type](row[column]) }],
  )
  const whole = inMap('attr_other', json => JSON.parse(json as string) as AnyValue)
  // an array with one element is also stored as a scalar
  const keys = new Set(whole.map(({ key }) => key))
  const found = [
    ...inColumns,
    ...inMap('attr_s', anyValue.string),
    ...inMap('attr_i', anyValue.int),
    ...inMap('attr_f', anyValue.float),
    ...inMap('attr_b', anyValue.bool),
    ...inMap('attr_arrays', arrayOf),
  ].filter(({ key }) => !keys.has(key))
  return [...found, ...whole].sort((a, b) => (a.key < b.key ? -1 : 1))
}

function arrayOf(lists: unknown): AnyValue {
  const { s, i, f, b } = lists as Record<'s' | 'i' | 'f' | 'b', unknown[] | null>
  const of = (list: unknown[] | null, toValue: (plain: unknown) => AnyValue) => (list ?? []).map(toValue)
  const values = [...of(s, anyValue.string), ...of(i, anyValue.int), ...of(f, anyValue.float), ...of(b, anyValue.bool)]
  return { arrayValue: values.length > 0 ? { values } : {} }
}
