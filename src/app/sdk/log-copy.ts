// The copy of an emitted log record that is redacted and exported; the live one still belongs to its emitter.
import type { AnyValue, Attributes, HrTime, SeverityNumber, SpanContext } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'

export class ExportLog implements ReadableLogRecord {
  hrTime: HrTime
  hrTimeObserved: HrTime
  spanContext?: SpanContext
  severityText?: string
  severityNumber?: SeverityNumber
  body?: AnyValue
  eventName?: string
  readonly resource: Resource
  instrumentationScope: ReadableLogRecord['instrumentationScope']
  attributes: Attributes
  droppedAttributesCount: number

  constructor(record: ReadableLogRecord) {
    this.hrTime = record.hrTime
    this.hrTimeObserved = record.hrTimeObserved
    if (record.spanContext) this.spanContext = record.spanContext
    if (record.severityText !== undefined) this.severityText = record.severityText
    if (record.severityNumber !== undefined) this.severityNumber = record.severityNumber
    if (record.body !== undefined) this.body = record.body
    if (record.eventName !== undefined) this.eventName = record.eventName
    this.resource = record.resource
    this.instrumentationScope = record.instrumentationScope
    this.attributes = record.attributes
    this.droppedAttributesCount = record.droppedAttributesCount
  }
}
