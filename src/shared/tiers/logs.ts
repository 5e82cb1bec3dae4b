// Which retention class a log record has. `src/pipeline/deployment` makes the Collector's conditions of the same two constants.
import type { LogClass } from './retention-table'

/** Set to true, it makes a record of any severity an audit record. */
export const auditAttribute = 'afn.audit'

/** The lowest severity number of each class, as OpenTelemetry counts them. A record without a severity (0) counts as info. */
export const lowestSeverity = { debug: 1, info: 9, warn: 13, error: 17 } as const satisfies Partial<
  Record<LogClass, number>
>

/** @param audit the value of `afn.audit` */
export function logClassOf(severity: number, audit: unknown): LogClass {
  if (audit === true) return 'audit'
  if (severity >= lowestSeverity.error) return 'error'
  if (severity >= lowestSeverity.warn) return 'warn'
  return severity > 0 && severity < lowestSeverity.info ? 'debug' : 'info'
}
