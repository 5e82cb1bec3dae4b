// What an app sends, as OTLP/JSON: a shop that asks models, with sessions, failures, streams, tools, scores and logs.

type Scalar = string | number | boolean
export type Attributes = Readonly<Record<string, Scalar | readonly string[]>>

export interface GivenSpan {
  readonly id: string
  readonly parent?: string
  readonly name: string
  readonly kind?: number
  /** Milliseconds from the start of the trace, and how long it took. */
  readonly at: number
  readonly for: number
  readonly failed?: string
  readonly attributes?: Attributes
  readonly events?: readonly { readonly name: string; readonly at: number; readonly attributes: Attributes }[]
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
}

export interface GivenTrace {
  /** 32 hexadecimal digits. */
  readonly id: string
  /** Nanoseconds since 1970. */
  readonly start: bigint
  /** Spans by service. */
  readonly services: Readonly<Record<string, readonly GivenSpan[]>>
}

export function tracesRequest(traces: readonly GivenTrace[]): object {
  return {
    resourceSpans: traces.flatMap(({ id, start, services }) =>
      Object.entries(services).map(([service, spans]) => ({
        resource: { attributes: list({ 'service.name': service, 'deployment.environment.name': 'shop-test' }) },
        scopeSpans: [{ scope: { name: 'test', version: '1.0.0' }, spans: spans.map(span => spanOf(id, start, span)) }],
      })),
    ),
  }
}

function spanOf(traceId: string, start: bigint, span: GivenSpan): object {
  const time = (ms: number) => String(start + BigInt(Math.round(ms * 1e6)))
  return {
    traceId,
    spanId: span.id,
    parentSpanId: span.parent ?? '',
    name: span.name,
    kind: span.kind ?? 1,
    startTimeUnixNano: time(span.at),
    endTimeUnixNano: time(span.at + span.for),
    attributes: list(span.attributes ?? {}),
    status: span.failed === undefined ? {} : { code: 2, message: span.failed },
    events: (span.events ?? []).map(({ name, at, attributes }) => ({
      name,
      timeUnixNano: time(at),
      attributes: list(attributes),
    })),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
  }
}

/** Whole numbers are ints, but where the name is one that the registry has as a double. */
const DOUBLES = /cost|score|temperature|time_to_first_chunk$/

function list(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(key, value) }))
}

function otlpValue(key: string, value: Scalar | readonly string[]): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isInteger(value) && !DOUBLES.test(key) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map(text => ({ stringValue: text })) } }
}

export function logsRequest(
  traceId: string,
  spanId: string,
  lines: readonly {
    readonly time: bigint
    readonly severity: number
    readonly body?: string
    readonly event?: string
    readonly attributes?: Attributes
  }[],
): object {
  const logRecords = lines.map(({ time, severity, body, event, attributes }) => ({
    timeUnixNano: String(time),
    severityNumber: severity,
    ...(body !== undefined && { body: { stringValue: body } }),
    ...(event && { eventName: event }),
    traceId,
    spanId,
    attributes: list(attributes ?? { 'code.function': 'handle' }),
  }))
  const resource = { attributes: list({ 'service.name': 'shop-api' }) }
  return { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }
}

/** `n` as an id of so many hexadecimal digits. */
export const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0')
