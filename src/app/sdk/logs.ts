// The path of a log record: emitted → put off to the next turn of the event loop → redacted → batched → exported.
import { type Context, type LogRecord, SeverityNumber } from '@opentelemetry/api'
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { EVENT_EXCEPTION } from '@opentelemetry/semantic-conventions'
import { reason, report } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import type { WaitingRoom } from '../llm/spans/waiting-room'
import type { Suppression } from '../suppress/suppression'
import type { MaybeLate } from './late-redactor'
import { ExportLog } from './log-copy'
import { sizeOfLog } from './overload'
import type { Sink } from './sink'
import { Slices } from './slices'
import { leavingOf } from './suppression'

/** Whether a log record is an exception of an operation, as libraries write them: not a line that an app logs an error with. */
export function isException({ eventName, severityNumber }: LogRecord): boolean {
  if (eventName !== EVENT_EXCEPTION && !eventName?.endsWith(`.${EVENT_EXCEPTION}`)) return false
  return severityNumber === undefined || severityNumber === 0 || severityNumber >= SeverityNumber.WARN
}

interface Emitted {
  readonly copy: ExportLog
  readonly context: Context | undefined
}

/** Owns the way out of log records, as `SpanPipeline` does for spans. */
export class LogPipeline implements LogRecordProcessor {
  readonly #redactor: MaybeLate<Pick<Redactor, 'log'>>
  readonly #sink: Sink<ExportLog>
  readonly #suppression: Suppression | undefined
  readonly #slices: Slices<Emitted> | undefined
  /** Log records taken in so far. */
  recorded = 0
  /** Told of the first of them. */
  onFirst: (() => void) | undefined
  /** Brings what still becomes log records on its way out. */
  before: (() => Promise<void>) | undefined
  /** Told of each exception that a library writes as a log record, with the span that it is of. */
  onException: ((spanId: string) => void) | undefined

  /**
   * @param suppression absent where no subject can have objected
   * @param isSpread whether a record leaves the call that emits it before it is redacted; the first ones wait for the redactor. Off
   *   where processors of the user get it, who expect it when `emit()` returns
   */
  constructor(
    redactor: MaybeLate<Pick<Redactor, 'log'>>,
    sink: Sink<ExportLog>,
    room: WaitingRoom,
    suppression?: Suppression,
    isSpread = false,
  ) {
    this.#redactor = redactor
    this.#suppression = suppression
    this.#sink = sink
    this.#slices = isSpread ? new Slices<Emitted>(room, emitted => this.#goOn(emitted)) : undefined
  }

  /** A record is emitted inside of the application, which no failure of ours may reach. */
  onEmit(record: ReadableLogRecord, context?: Context): void {
    try {
      if (this.recorded++ === 0) this.onFirst?.()
      const copy = new ExportLog(record)
      if (this.onException && copy.spanContext && isException(copy)) this.onException(copy.spanContext.spanId)
      if (this.#sink.drops?.(copy)) return
      if (this.#suppression?.keepsBack('logs', leavingOf(copy))) return
      if (this.#slices) this.#slices.add({ copy, context }, sizeOfLog(copy))
      else this.#goOn({ copy, context })
    } catch (error) {
      lost(error)
    }
  }

  /** @returns whether the record waits for more pieces of the redactor */
  #goOn({ copy, context }: Emitted): boolean {
    try {
      if (this.#slices && this.#redactor.next && !this.#redactor.made) {
        this.#redactor.next()
        return true
      }
      this.#redactor.log(copy)
    } catch (error) {
      report('AFN140', `a log record was dropped because it could not be redacted: ${reason(error)}`)
      return false
    }
    try {
      this.#sink.add(copy, context)
    } catch (error) {
      lost(error)
    }
    return false
  }

  /** Lets everything go on that was put off, for a process that ends within this tick. */
  drainNow(): void {
    this.#slices?.finishNow()
  }

  async forceFlush(): Promise<void> {
    await this.before?.()
    await this.#slices?.finish()
    await this.#sink.flush()
  }

  async shutdown(): Promise<void> {
    await this.before?.()
    await this.#slices?.finish()
    await (this.#sink.shutdown?.() ?? this.#sink.flush())
  }
}

function lost(error: unknown): void {
  report('AFN161', `a log record was lost on its way out (${reason(error)})`)
}
