/** Facts about each matching trace as a whole, from one pass over its spans: finding the spans is the expensive part of each statement. */

import { Stretch } from '../event-loop-turns'
import { aliases, traceIdHex } from '../store/columns'
import type { Row, Store } from '../store/store'
import type { MatchingTrace } from './newest-traces'
import { type FoundSpanSet, spansOf } from './span-sets'
import { service, tracesSelect } from './statement'

export interface FoundTrace {
  /** 32 hexadecimal digits; Tempo strips leading zeros. */
  readonly traceID: string
  readonly rootServiceName: string
  readonly rootTraceName?: string
  readonly startTimeUnixNano: string
  readonly durationMs?: number
  /** Equals `spanSets[0]`; older clients read it. */
  readonly spanSet: FoundSpanSet
  readonly spanSets: readonly FoundSpanSet[]
  readonly serviceStats: Readonly<Record<string, ServiceStats>>
}

export interface ServiceStats {
  readonly spanCount: number
  readonly errorCount?: number
}

/** Further fields of a trace in the answer, which Tempo does not have. */
export interface ExtraColumns {
  /** Aggregates over `spans s`, each with an alias. */
  readonly measures: readonly string[]
  /** @param row has a column for each measure; @returns fields for the answer */
  readonly fieldsOf: (row: Row) => object
}

type TraceMetadata = Omit<FoundTrace, 'traceID' | 'spanSet' | 'spanSets'>

const statsOfServices = [
  `histogram(${service}) AS service_spans`,
  `histogram(${service}) FILTER (${aliases.span}.status = 2) AS service_errors`,
]

/** Keyed by trace id, 32 hexadecimal digits. */
export async function traceMetadata(
  store: Store,
  found: readonly MatchingTrace[],
  extra: ExtraColumns | undefined,
): Promise<Map<string, TraceMetadata>> {
  const { restriction, within } = spansOf(found)
  const select = tracesSelect(restriction, [...statsOfServices, ...(extra?.measures ?? [])])
  const sql = `SELECT ${traceIdHex('t.trace_id')} AS trace, t.* FROM (${select}) t`
  const rows = await store.query(within(sql))
  const stretch = new Stretch()
  const metadata = new Map<string, TraceMetadata>()
  for (const row of rows) {
    metadata.set(row.trace as string, { ...metadataOf(row), ...extra?.fieldsOf(row) })
    if (stretch.isOver) await stretch.rest()
  }
  return metadata
}

function metadataOf(row: Row): TraceMetadata {
  const start = row.start_ns as bigint
  const durationMs = Number(((row.end_ns as bigint) - start) / 1_000_000n)
  return {
    rootServiceName: (row.root_service as string | null) || '<root span not yet received>',
    ...((row.root_name as string | null) && { rootTraceName: row.root_name as string }),
    startTimeUnixNano: String(start),
    ...(durationMs > 0 && { durationMs }),
    serviceStats: statsOf(row),
  }
}

type Counts = readonly { readonly key: string; readonly value: bigint }[]

function statsOf({ service_spans, service_errors }: Row): Record<string, ServiceStats> {
  const errors = new Map(((service_errors ?? []) as Counts).map(({ key, value }) => [key, Number(value)]))
  return Object.fromEntries(
    (service_spans as Counts).map(({ key, value }) => {
      const errorCount = errors.get(key)
      return [key, { spanCount: Number(value), ...(errorCount && { errorCount }) }]
    }),
  )
}
