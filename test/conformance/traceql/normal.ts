// A body → what is compared of it: no order where Tempo's is arbitrary, no statistics, ids of one length.
import type { Shape } from './questions/question'

interface Attribute {
  readonly key: string
  readonly value?: unknown
}

interface SpanSet {
  readonly matched?: number
  readonly attributes?: readonly Attribute[]
  readonly spans?: readonly {
    readonly spanID: string
    readonly name?: string
    readonly startTimeUnixNano?: string
    readonly durationNanos?: string
    readonly attributes?: readonly Attribute[]
  }[]
}

interface Series {
  readonly labels?: readonly Attribute[]
  readonly samples?: readonly { readonly timestampMs?: string; readonly value?: number }[]
  readonly value?: number
}

/** Anything that a body may hold; what is not there is read as empty. */
interface Body {
  readonly traces?: readonly Record<string, unknown>[]
  readonly series?: readonly Series[]
  readonly tagNames?: readonly string[]
  readonly scopes?: readonly { readonly name: string; readonly tags?: readonly string[] }[]
  readonly tagValues?: readonly (string | { readonly type: string; readonly value?: string })[]
  readonly trace?: OtlpTrace
}

interface OtlpTrace {
  readonly batches?: readonly ResourceSpans[]
  readonly resourceSpans?: readonly ResourceSpans[]
}

interface ResourceSpans {
  readonly resource?: { readonly attributes?: readonly Attribute[] }
  readonly scopeSpans?: readonly {
    readonly scope?: { readonly attributes?: readonly Attribute[] }
    readonly spans?: readonly Record<string, unknown>[]
  }[]
}

export const normal: Record<Exclude<Shape, 'refused'>, (body: Body) => unknown> = {
  search: ({ traces = [] }) => byKey(traces.map(searchedTrace)),
  series: ({ series = [] }) => byKey(series.map(one => [labelsOf(one.labels), byKey((one.samples ?? []).map(sample))])),
  instant: ({ series = [] }) => byKey(series.map(one => [labelsOf(one.labels), one.value ?? 0])),
  tags: ({ tagNames = [] }) => sorted(tagNames),
  scopes: ({ scopes = [] }) => byKey(scopes.map(({ name, tags = [] }) => [name, sorted(tags)])),
  values: ({ tagValues = [] }) => sorted(tagValues),
  // protobuf's JSON leaves out what is empty
  'typed values': ({ tagValues = [] }) =>
    sorted(tagValues.map(one => (typeof one === 'string' ? one : { type: one.type, value: one.value ?? '' }))),
  trace: body => wholeTrace(body.trace ?? (body as OtlpTrace)),
}

function searchedTrace(trace: Record<string, unknown>): [string, unknown] {
  const { traceID, rootServiceName = '', rootTraceName = '', startTimeUnixNano, durationMs = 0 } = trace
  const sets = (trace.spanSets ?? (trace.spanSet ? [trace.spanSet] : [])) as SpanSet[]
  return [
    String(traceID).padStart(32, '0'),
    { rootServiceName, rootTraceName, startTimeUnixNano, durationMs, spanSets: sorted(sets.map(spanSet)) },
  ]
}

function spanSet({ matched = 0, attributes, spans = [] }: SpanSet) {
  const found = spans.map(
    ({ spanID, name = '', startTimeUnixNano, durationNanos = '0', attributes }): [string, unknown] => [
      spanID.padStart(16, '0'),
      { name, startTimeUnixNano, durationNanos, attributes: attributesOf(attributes) },
    ],
  )
  return { matched, attributes: attributesOf(attributes), spans: byKey(found) }
}

const sample = ({ timestampMs, value = 0 }: { timestampMs?: string; value?: number }): [string, unknown] => [
  String(timestampMs),
  value,
]

const labelsOf = (labels: readonly Attribute[] = []): string => JSON.stringify(attributesOf(labels))

/** A number of OTLP JSON may be a string. */
function attributesOf(attributes: readonly Attribute[] = []): object {
  return byKey(
    attributes.map(({ key, value }) => [
      key,
      JSON.stringify(value ?? {}).replaceAll(/("intValue":)"(-?\d+)"/g, '$1$2'),
    ]),
  )
}

/** One line a span, with the resource and scope that it stands under: how they are grouped is nobody's concern. */
function wholeTrace({ batches = [], resourceSpans = batches }: OtlpTrace) {
  return byKey(
    resourceSpans.flatMap(({ resource, scopeSpans = [] }) =>
      scopeSpans.flatMap(({ scope = {}, spans = [] }) =>
        spans.map((span): [string, unknown] => [
          String(span.spanId),
          {
            resource: attributesOf(resource?.attributes),
            scope: { ...scope, attributes: attributesOf(scope.attributes) },
            ...span,
            attributes: attributesOf(span.attributes as Attribute[]),
            events: plain(span.events),
            links: plain(span.links),
          },
        ]),
      ),
    ),
  )
}

/** Events or links, each with its attributes in order. */
function plain(list: unknown): unknown[] {
  return ((list ?? []) as { attributes?: Attribute[] }[]).map(one => ({
    ...one,
    attributes: attributesOf(one.attributes),
  }))
}

function byKey(pairs: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const found: Record<string, unknown> = Object.create(null)
  for (const [key, value] of sortedPairs(pairs)) {
    // a key that comes twice must not hide that it did
    found[key in found ? `${key} again` : key] = value
  }
  return found
}

/** What comes twice under one key has no order. */
function sortedPairs(pairs: readonly (readonly [string, unknown])[]) {
  return pairs
    .map(([key, value]) => ({ pair: [key, value] as const, order: JSON.stringify([key, value]) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ pair }) => pair)
}

function sorted(values: readonly unknown[]): unknown[] {
  return values
    .map(value => ({ value, key: JSON.stringify(value) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ value }) => value)
}
