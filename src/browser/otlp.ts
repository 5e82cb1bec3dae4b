/**
 * OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding) of what a browser sends: one log record or
 * span as a text, and the request around several. Every text is redacted here, keys too.
 */
import { redactText } from './redact'

export type AttributeValue = string | number | boolean | readonly string[]
/** What is undefined is left out. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>
export type Signal = 'logs' | 'traces'

export interface SpanContext {
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string
  readonly spanId: string
}

export interface SpanRecord extends SpanContext {
  readonly parentSpanId?: string | undefined
  readonly name: string
  /** 1 is INTERNAL, 3 is CLIENT. */
  readonly kind: number
  /** Milliseconds since 1970. */
  readonly start: number
  readonly end: number
  readonly attributes: Attributes
  /** Status ERROR with this message. */
  readonly error?: string | undefined
}

/** Attributes that are doubles even when their value happens to be whole: a store never compares both kinds (`del..` is delta and delay). */
const DOUBLES = /(value|del..|time|start|end|duration|byte|fcp)$/

function anyValue(value: AttributeValue, key: string): object {
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !DOUBLES.test(key) ? { intValue: `${value}` } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.slice(0, 64).map(item => anyValue(item, key)) } }
  return { stringValue: redactText(typeof value === 'object' ? JSON.stringify(value) : `${value as string}`) }
}

/** The first 64. */
function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes)
    .filter(([, value]) => value != null)
    .slice(0, 64)
    .map(([key, value]) => ({ key: redactText(key), value: anyValue(value!, key) }))
}

const nanoseconds = (time: number) => `${Math.round(time * 1000)}000`

/**
 * A log record that is an event.
 * @param time milliseconds since 1970
 */
export const encodeEvent = (
  name: string,
  time: number,
  severityNumber: number,
  attributes: Attributes,
  context?: SpanContext,
): string =>
  JSON.stringify({
    timeUnixNano: nanoseconds(time),
    severityNumber,
    eventName: redactText(name),
    attributes: keyValues(attributes),
    ...context,
  })

export function encodeSpan({ name, start, end, attributes, error, ...idsAndKind }: SpanRecord): string {
  return JSON.stringify({
    ...idsAndKind,
    name: redactText(name),
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: keyValues(attributes),
    status: error === undefined ? {} : { code: 2, message: redactText(error) },
  })
}

/** @returns a function that makes the body of a request of encoded records */
export function envelope(resource: Attributes, scope: object): (signal: Signal, records: string) => string {
  const of = JSON.stringify({ attributes: keyValues(resource) })
  const by = JSON.stringify(scope)
  return (signal, records) => {
    const [kind, list] = signal === 'logs' ? ['Logs', 'logRecords'] : ['Spans', 'spans']
    return `{"resource${kind}":[{"resource":${of},"scope${kind}":[{"scope":${by},"${list}":[${records}]}]}]}`
  }
}
