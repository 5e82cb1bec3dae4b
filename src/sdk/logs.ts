// The path of a log record: emitted → put off to the next turn of the event loop → redacted → batched → exported.
import type { Context, HrTime, SpanContext } from '@opentelemetry/api'
import type { LogAttributes, LogBody, SeverityNumber } from '@opentelemetry/api-logs'
import type { Resource } from '@opentelemetry/resources'
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { reason, report } from '../diag/report'
import type { Redactor } from '../redact'
import type { Suppression } from '../suppress/suppression'
import type { Sink } from './pipelines'
import { Slices } from './slices'
import { sizeOfLog } from './span-copy'
import { leavingOf } from './suppression'

/** The copy of a log record that is redacted and exported; the live one still belongs to its emitter. */
export class ExportLog implements ReadableLogRecord {
  hrTime: HrTime
  hrTimeObserved: HrTime
  spanContext?: SpanContext
  severityText?: string
  severityNumber?: SeverityNumber
  body?: LogBody
  eventName?: string
  readonly resource: Resource
  instrumentationScope: ReadableLogRecord['instrumentationScope']
  attributes: LogAttributes
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

interface Emitted {
  readonly copy: ExportLog
  readonly context: Context | undefined
}

/** Owns the way out of log records, as `SpanPipeline` does for spans. */
export class LogPipeline implements LogRecordProcessor {
  readonly #redactor: Pick<Redactor, 'log'>
  readonly #sink: Sink<ExportLog>
  readonly #suppression: Suppression | undefined
  readonly #slices: Slices<Emitted> | undefined
  /** Log records taken in so far. */
  recorded = 0
  /** Told of the first of them. */
  onFirst: (() => void) | undefined

  /**
   * @param suppression absent where no subject can have objected
   * @param isSpread whether a record leaves the call that emits it before it is redacted; the first one loads the redactor. Off
   *   where processors of the user get it, who expect it when `emit()` returns
   */
  constructor(redactor: Pick<Redactor, 'log'>, sink: Sink<ExportLog>, suppression?: Suppression, isSpread = false) {
    this.#redactor = redactor
    this.#suppression = suppression
    this.#sink = sink
    this.#slices = isSpread ? new Slices<Emitted>(emitted => this.#goOn(emitted)) : undefined
  }

  /** A record is emitted inside of the application, which no failure of ours may reach. */
  onEmit(record: ReadableLogRecord, context?: Context): void {
    try {
      if (this.recorded++ === 0) this.onFirst?.()
      const copy = new ExportLog(record)
      if (this.#sink.drops?.(copy)) return
      if (this.#suppression?.keepsBack('logs', leavingOf(copy))) return
      if (this.#slices) this.#slices.add({ copy, context }, sizeOfLog(copy))
      else this.#goOn({ copy, context })
    } catch (error) {
      lost(error)
    }
  }

  #goOn({ copy, context }: Emitted): void {
    try {
      if (this.#redacted(copy)) this.#sink.add(copy, context)
    } catch (error) {
      lost(error)
    }
  }

  #redacted(copy: ExportLog): boolean {
    try {
      this.#redactor.log(copy)
      return true
    } catch (error) {
      report('AFN140', `a log record was dropped because it could not be redacted: ${reason(error)}`)
      return false
    }
  }

  /** Lets everything go on that was put off, for a process that ends within this tick. */
  drainNow(): void {
    this.#slices?.finishNow()
  }

  async forceFlush(): Promise<void> {
    await this.#slices?.finish()
    await this.#sink.flush()
  }

  async shutdown(): Promise<void> {
    await this.#slices?.finish()
    await (this.#sink.shutdown?.() ?? this.#sink.flush())
  }
}

function lost(error: unknown): void {
  report('AFN161', `a log record was lost on its way out (${reason(error)})`)
}
