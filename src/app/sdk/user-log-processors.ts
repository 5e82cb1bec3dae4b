// Log record processors of the user: they get redacted records, and what one of them writes is redacted for the next.
import type { AnyValue, Attributes, Context, SeverityNumber } from '@opentelemetry/api'
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import type { RedactableLog, Redactor } from '../../shared/redact'
import { ExportLog } from './log-copy'
import type { LogPipeline } from './logs'
import type { Sink } from './sink'
import { ofAll, reportProcessor } from './user-processors'

export class UserLogProcessors implements Sink<ExportLog> {
  readonly #processors: readonly LogRecordProcessor[]
  readonly #redactor: Pick<Redactor, 'log'>

  constructor(processors: readonly LogRecordProcessor[], redactor: Pick<Redactor, 'log'>) {
    this.#processors = processors
    this.#redactor = redactor
  }

  /** @param context of the emitter */
  add(record: ExportLog, context?: Context): void {
    const writable = new WritableLog(record, this.#redactor)
    for (const processor of this.#processors) {
      try {
        processor.onEmit(writable, context)
      } catch (error) {
        reportProcessor('log record', error)
      }
    }
  }

  async flush(): Promise<void> {
    await ofAll(this.#processors, 'log record', processor => processor.forceFlush())
  }

  /** What the provider gets: `path` in front of these processors. */
  behind(path: LogPipeline): LogRecordProcessor {
    return {
      onEmit: (record, context) => path.onEmit(record, context),
      forceFlush: () => path.forceFlush(),
      shutdown: async () => {
        await Promise.allSettled([path.forceFlush()])
        await ofAll(this.#processors, 'log record', processor => processor.shutdown())
      },
      enabled: options => this.#processors.some(processor => processor.enabled?.(options) ?? true),
    }
  }
}

/** A redacted record that stays redacted, whatever a processor writes onto it. */
class WritableLog extends ExportLog implements ReadWriteLogRecord {
  readonly #redactor: Pick<Redactor, 'log'>

  constructor(record: ExportLog, redactor: Pick<Redactor, 'log'>) {
    super(record)
    this.#redactor = redactor
  }

  setAttribute(key: string, value?: AnyValue): this {
    return this.setAttributes({ [key]: value })
  }
  setAttributes(attributes: Attributes): this {
    this.attributes = { ...this.attributes, ...(this.#redacted({ attributes }).attributes as Attributes) }
    return this
  }
  setBody(body: AnyValue): this {
    this.body = this.#redacted({ body }).body
    return this
  }
  setEventName(eventName: string): this {
    this.eventName = this.#redacted({ eventName }).eventName as string
    return this
  }
  setSeverityNumber(severityNumber: SeverityNumber): this {
    this.severityNumber = severityNumber
    return this
  }
  setSeverityText(severityText: string): this {
    this.severityText = this.#redacted({ severityText }).severityText as string
    return this
  }

  /** The part alone: what is redacted already would get a pseudonym of its pseudonym. */
  #redacted(part: Partial<RedactableLog>): RedactableLog {
    const record = { eventName: this.eventName, attributes: {}, instrumentationScope: { name: '' }, ...part }
    this.#redactor.log(record)
    return record
  }
}
