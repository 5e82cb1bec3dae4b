// Largest first: Tempo returns the newest traces of a search in no useful order, and groups in none.
import type { FoundSpan, FoundTrace, Group, QueryResult } from './query-result'

/** Traces that are fetched so that those with the largest values are among them. */
export const orderedAmong = 1_000

/**
 * Orders and cuts an answer, the same way each time. Spans of a trace are ordered alike, so that the first one is why the
 * trace stands where it does. Groups are always ordered by their value, series by their labels.
 * @param by `duration` of a span, or an attribute of spans or span sets; undefined: newest trace first
 */
export function largestFirst(answer: QueryResult, by: string | undefined, limit: number): QueryResult {
  if (answer.kind === 'series') return { ...answer, series: [...answer.series].sort(byLabels) }
  if (answer.kind === 'instant') {
    const value = (group: Group) => (Number.isNaN(group.value) ? Number.NEGATIVE_INFINITY : group.value)
    const compare = (a: Group, b: Group) => value(b) - value(a) || byLabels(a, b)
    return { ...answer, groups: [...answer.groups].sort(compare).slice(0, limit) }
  }
  const size = by === undefined ? (trace: FoundTrace) => Date.parse(trace.start) : largestOf(by)
  const compare = (a: FoundTrace, b: FoundTrace) => size(b) - size(a) || (a.traceId < b.traceId ? -1 : 1)
  const ordered = answer.traces.map(trace => withOrderedSpans(trace, by)).sort(compare)
  return { ...answer, traces: ordered.slice(0, limit) }
}

function byLabels(a: { labels: object }, b: { labels: object }): number {
  return JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1
}

function withOrderedSpans(trace: FoundTrace, by: string | undefined): FoundTrace {
  const size = by === undefined ? attributeCount : (span: FoundSpan) => measure(span, by)
  const compare = (a: FoundSpan, b: FoundSpan) => size(b) - size(a) || a.start.localeCompare(b.start)
  return { ...trace, spans: [...trace.spans].sort(compare) }
}

/** How much a span has of what the query selects: of several span sets, one is usually what was looked for. */
const attributeCount = ({ attributes }: FoundSpan): number => Object.keys(attributes).length

const largestOf =
  (by: string) =>
  (trace: FoundTrace): number => {
    const ofSet = trace.values[by]
    if (typeof ofSet === 'number') return ofSet
    return Math.max(...trace.spans.map(span => measure(span, by)), Number.MIN_SAFE_INTEGER)
  }

function measure({ attributes, durationMs }: FoundSpan, by: string): number {
  if (by === 'duration') return durationMs
  const value = attributes[by]
  return typeof value === 'number' ? value : Number.MIN_SAFE_INTEGER
}
