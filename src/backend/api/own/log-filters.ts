// Which log records a request asks for: the SQL of its parameters over `logs l` and `resources r`.
import { retention } from '../../../shared/tiers'
import { Refused } from '../../body'
import type { QueryParams } from '../../request-parameters'
import { nestedAttribute, text } from '../../store/columns'
import type { Parameter } from '../../store/store'
import type { LogFacetName, LogLevel } from '../log-answers'

/** In the order of the severity numbers, of which each has four: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const byNumber = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const satisfies readonly LogLevel[]

/** What a facet counts, and what its parameter narrows; NULL if a record has no value. */
export const logFacets: Readonly<Record<LogFacetName, string>> = {
  level: `coalesce(list_extract([${byNumber.map(text).join(', ')}], (l.severity::INTEGER + 3) // 4), 'none')`,
  service: "nullif(r.service_name, '')",
  environment: nestedAttribute('r', 'deployment.environment.name', 'string'),
  version: nestedAttribute('r', 'service.version', 'string'),
  event: "nullif(l.event_name, '')",
  class: 'l.class',
}
export const logFacetNames = Object.keys(logFacets) as LogFacetName[]

const words: Partial<Record<LogFacetName, readonly string[]>> = {
  level: [...byNumber, 'none'],
  class: Object.keys(retention.logs),
}

export interface LogFilters {
  /** Narrows the body and the event's name; `true` without a text. */
  readonly contains: string
  /** The values of `contains`. */
  readonly values: readonly Parameter[]
  /** The value that the request wants of each facet. */
  readonly wanted: ReadonlyMap<LogFacetName, string>
}

/** @throws Refused with 400 */
export function logFiltersOf(params: QueryParams): LogFilters {
  const said = params('q')
  const wanted = logFacetNames.flatMap(name => {
    const value = params(name)
    if (!value) return []
    const known = words[name]
    if (known && !known.includes(value))
      throw new Refused(400, `invalid ${name}: "${value}"; use one of ${known.join(', ')}`)
    return [[name, value] as const]
  })
  return {
    contains: said ? "contains(lower(concat(l.event_name, ' ', l.body)), lower($1))" : 'true',
    values: said ? [said] : [],
    wanted: new Map(wanted),
  }
}

/** A condition on `logs l` and `resources r`. */
export function matching({ contains, wanted }: LogFilters): string {
  return [contains, ...Array.from(wanted, ([name, value]) => `${logFacets[name]} = ${text(value)}`)].join(' AND ')
}
