// Writes an ExportLogsServiceRequest in OTLP JSON into `logs`.

import type { AnyValue } from '../../shared/otlp/any-value'
import type { Document } from '../../shared/otlp/schema'
import { auditAttribute, logClassOf } from '../../shared/tiers'
import type { Dictionary } from './dictionary'
import { documents, id, isMisdated, type Records, scopesOf, timeOf } from './records'
import type { Count } from './spans'

/**
 * Yields after each record.
 * @param receivedNs arrival of the request in nanoseconds since 1970; used for records without a time or with an impossible one
 * @returns the number of records, of empty ones, which are rejected, and of those with an impossible time
 */
export function* putLogs(
  request: Document,
  records: Records,
  dictionaries: { readonly resources: Dictionary; readonly scopes: Dictionary },
  receivedNs: bigint,
): Generator<void, Count> {
  let received = 0
  let rejected = 0
  let misdated = 0
  for (const [scopeLogs, ids] of scopesOf(request.resourceLogs, 'scopeLogs', dictionaries)) {
    for (const record of documents(scopeLogs.logRecords)) {
      received++
      if (isEmpty(record)) rejected++
      else {
        if (isMisdated(record.timeUnixNano, record.observedTimeUnixNano)) misdated++
        records.put(ids, valuesOf(record, receivedNs), record.attributes)
      }
      yield
    }
  }
  return { received, rejected, misdated }
}

const isEmpty = (record: Document): boolean =>
  record.body === undefined &&
  !record.eventName &&
  timeOf(record.timeUnixNano) === 0n &&
  timeOf(record.observedTimeUnixNano) === 0n &&
  documents(record.attributes).length === 0

function valuesOf(record: Document, receivedNs: bigint) {
  const severity = (record.severityNumber as number | undefined) ?? 0
  const audit = documents(record.attributes).find(({ key }) => key === auditAttribute)
  const body = record.body as AnyValue | undefined
  const observed = timeOf(record.observedTimeUnixNano) || receivedNs
  return {
    class: logClassOf(severity, (audit?.value as AnyValue | undefined)?.boolValue),
    // OTLP: a record without its own time uses the time at which it was observed.
    time_ns: timeOf(record.timeUnixNano) || observed,
    observed_ns: observed,
    severity,
    severity_text: (record.severityText as string | undefined) ?? '',
    event_name: (record.eventName as string | undefined) ?? '',
    body: body && (body.stringValue ?? JSON.stringify(body)),
    trace_id: id(record.traceId),
    span_id: id(record.spanId),
    flags: (record.flags as number | undefined) ?? 0,
    dropped_attributes: (record.droppedAttributesCount as number | undefined) ?? 0,
    received_ns: receivedNs,
  }
}
