// OTLP JSON → what a tier decision needs to know of each span.
import { integer, type KeyValue, plainScalar } from '../otlp/any-value'
import { type Span, spanKind, statusCode, statusCodes, type TracesData } from '../otlp/trace'
import type { TierSpan } from './span'

/** All spans of an OTLP JSON document, of whatever traces. Numbers and names of enumerations are both read. */
export function spansOfOtlp({ resourceSpans = [] }: TracesData): TierSpan[] {
  return resourceSpans.flatMap(({ scopeSpans = [] }) =>
    scopeSpans.flatMap(({ spans = [] }) => spans.map(span => tierSpan(span))),
  )
}

function tierSpan(span: Span): TierSpan {
  return {
    traceId: span.traceId?.toLowerCase() ?? '',
    parentSpanId: span.parentSpanId,
    kind: spanKind(span.kind),
    statusCode: statusCodes.indexOf(statusCode(span.status?.code)),
    start: integer(span.startTimeUnixNano),
    end: integer(span.endTimeUnixNano),
    attributes: scalarsOf(span.attributes),
    events: (span.events ?? []).map(({ name = '', attributes }) => ({ name, attributes: scalarsOf(attributes) })),
  }
}

/** Lists, maps and bytes decide nothing and are left out. */
function scalarsOf(attributes: readonly KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainScalar(value)]))
}
