// `GET /api/afn/traces/{id}/provider-side`: spans that providers sent, in other traces, about their own side of the trace's calls.
import { ATTR_GEN_AI_RESPONSE_ID } from '../../../../semconv'
import { CLAUDE_PLATFORM, insideOfCalls, type SideSpan } from '../../../shared/otlp/inside-of-call'
import type { Document } from '../../../shared/otlp/schema'
import { amongTraces, attribute, joins, text, traceIdOf } from '../../store/columns'
import type { Row } from '../../store/store'
import type { ProviderSideAnswer } from '../break-answers'
import type { Parts } from '../parts'
import { hex, storedTrace } from '../tempo/document'

/** Limits per trace; nobody reads more. */
const MOST = { traces: 100, spans: 5_000 }
/** Tolerance for network time and clock skew, in nanoseconds. */
const AROUND = 10_000_000_000n
const SERVER = 2

const responseId = attribute('span', ATTR_GEN_AI_RESPONSE_ID, 'string')

/** @returns no traces if the trace does not exist */
export async function providerSide({ store }: Parts, traceId: string): Promise<ProviderSideAnswer> {
  const scopes = await store.query(`SELECT id FROM scopes WHERE name = ${text(CLAUDE_PLATFORM)}`)
  const trace = `${traceIdOf(traceId)}::UHUGEINT`
  const [whole] = await store.query(`SELECT first_ns, last_ns FROM traces WHERE trace_id = ${trace}`)
  if (scopes.length === 0 || !whole) return { traces: [] }
  const isTheirs = `s.scope IN (${scopes.map(({ id }) => id).join(', ')})`
  const { first_ns, last_ns } = whole as Record<'first_ns' | 'last_ns', bigint>
  const calls = await store.query(
    `SELECT s.span_id, ${responseId} AS response FROM ${joins.span}
      WHERE s.trace_id = ${trace} AND NOT ${isTheirs} AND s.kind <> ${SERVER} AND ${responseId} IS NOT NULL`,
  )
  if (calls.length === 0) return { traces: [] }
  const callOf = new Map(calls.map(({ response, span_id }) => [response as string, hex(span_id, 16)]))
  const answers = [...callOf.keys()].map(text).join(', ')
  const around = `s.start_ns BETWEEN ${first_ns - AROUND} AND ${last_ns + AROUND}`
  const found = await store.query(
    `SELECT DISTINCT s.trace_id FROM ${joins.span}
      WHERE ${isTheirs} AND ${around} AND s.trace_id <> ${trace} AND ${responseId} IN (${answers}) LIMIT ${MOST.traces}`,
  )
  const ids = found.map(({ trace_id }) => trace_id as bigint)
  if (ids.length === 0) return { traces: [] }
  const spans = await store.query(
    `SELECT s.trace_id, s.span_id, s.parent_id, s.kind, ${responseId} AS response FROM ${joins.span}
      WHERE ${amongTraces(ids)} AND ${isTheirs} ORDER BY s.seq LIMIT ${MOST.spans}`,
  )
  const traces: { traceId: string; resourceSpans: unknown }[] = []
  for (const id of ids) {
    const wanted = insideOf(
      spans.filter(({ trace_id }) => trace_id === id),
      callOf,
    )
    const stored = wanted.size > 0 ? await storedTrace(store, hex(id, 32), wanted) : undefined
    if (stored) traces.push({ traceId: hex(id, 32), resourceSpans: (stored.document as Document).resourceSpans })
  }
  return { traces } as ProviderSideAnswer
}

/** The ids of the provider's request spans for these calls, and of all spans below them. */
function insideOf(rows: readonly Row[], callOf: ReadonlyMap<string, string>): ReadonlySet<bigint> {
  const spans = rows.map(
    (row): SideSpan => ({
      id: hex(row.span_id, 16),
      parentId: row.parent_id === 0n ? '' : hex(row.parent_id, 16),
      isServer: row.kind === SERVER,
      responseId: (row.response as string | null) ?? undefined,
    }),
  )
  const below = new Map<string, string[]>()
  for (const { id, parentId } of spans) below.set(parentId, [...(below.get(parentId) ?? []), id])
  const wanted = new Set<bigint>()
  const next = [...insideOfCalls(spans, callOf).keys()]
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const key = BigInt(`0x${id}`)
    if (wanted.has(key)) continue
    wanted.add(key)
    next.push(...(below.get(id) ?? []))
  }
  return wanted
}
