// Log records of pino's lines, as OpenTelemetry's instrumentation makes them in a stream of its own, which it does not export.
import { type Attributes, logs, SeverityNumber } from '@opentelemetry/api'
import { millisToHrTime } from '@opentelemetry/core'
import { ATTR_OTEL_EVENT_NAME } from '@opentelemetry/semantic-conventions'
import { version } from '../../shared/version'

/** What of a logger says how its lines are to be read. */
export interface LineFormat {
  readonly messageKey: string
  readonly errorKey: string
  /** Names of levels, by number. */
  readonly labels: Readonly<Record<number, string>>
  /** Milliseconds since 1970, of the line's `time`; NaN where a function of the app has written it. */
  readonly millis: (time: unknown) => number
}

const severities: Readonly<Record<number, SeverityNumber>> = {
  10: SeverityNumber.TRACE,
  20: SeverityNumber.DEBUG,
  30: SeverityNumber.INFO,
  40: SeverityNumber.WARN,
  50: SeverityNumber.ERROR,
  60: SeverityNumber.FATAL,
}

/** A level of the app's own is none of those that have a name: from 10 to 70 they fall on the severities between. */
function severityOf(level: number): SeverityNumber | undefined {
  if (Number.isNaN(level)) return undefined
  const at = Math.min(17, Math.max(0, Math.floor(((level - 10) / 60) * 18)))
  // three to each name: TRACE2, TRACE3, TRACE4, DEBUG2 …
  return severities[level] ?? Math.floor(at / 3) * 4 + (at % 3) + 2
}

export class PinoRecords {
  readonly #logger = logs.getLogger('@opentelemetry/instrumentation-pino', version)

  /** @param line as pino wrote it; what is no JSON makes no record */
  emit(line: string, level: number, { messageKey, errorKey, labels, millis }: LineFormat): void {
    const read = parsed(line)
    if (read === undefined) return
    // the level by its number, since the app's formatters may have written any other; host and process are in the resource
    const { level: _, hostname, pid, trace_id, span_id, trace_flags, ...rest } = read
    const { time, [messageKey]: body, [errorKey]: error, [ATTR_OTEL_EVENT_NAME]: eventName, ...attributes } = rest
    const written = Number(millis(time))
    if (Number.isNaN(written)) attributes.time = time
    // not as milliseconds: before the start of the process they would be read as time since it
    const timestamp = millisToHrTime(Number.isNaN(written) ? Date.now() : written)
    this.#logger.emit({
      timestamp,
      observedTimestamp: timestamp,
      severityNumber: severityOf(level) as SeverityNumber,
      severityText: labels[level] as string,
      body,
      attributes,
      exception: named(error),
      ...(typeof eventName === 'string' && { eventName }),
    })
  }
}

function parsed(line: string): Attributes | undefined {
  try {
    const value: unknown = JSON.parse(line)
    if (value === null) return undefined
    return typeof value === 'object' ? (value as Attributes) : { data: value }
  } catch {
    return undefined
  }
}

/** pino writes `type` for what an error calls `name`. */
function named(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || Array.isArray(error)) return error
  const { type, name } = error as Record<string, unknown>
  return typeof type === 'string' && typeof name !== 'string' ? { ...error, name: type } : error
}
