// Called by collector.ts: log records by class, each kept for its own time: in a file that is rotated, or in a tenant of
// Loki.
import type { LogClass } from '../tiers'
import type { Legs } from './collector'
import { logFile, loki } from './exporters'
import { leakCount } from './leak-count'
import type { Section } from './note'
import type { Plan } from './plan'
import { unmark } from './trust'

/** In OTTL. A record without a severity counts as info. */
const isAudit = 'log.attributes["afn.audit"] == true'
const severities: Record<Exclude<LogClass, 'audit'>, string> = {
  debug: 'log.severity_number > 0 and log.severity_number < SEVERITY_NUMBER_INFO',
  info: 'log.severity_number == 0 or (log.severity_number >= SEVERITY_NUMBER_INFO and log.severity_number < SEVERITY_NUMBER_WARN)',
  warn: 'log.severity_number >= SEVERITY_NUMBER_WARN and log.severity_number < SEVERITY_NUMBER_ERROR',
  error: 'log.severity_number >= SEVERITY_NUMBER_ERROR',
}

/** A filter drops what its condition holds for: whatever is of another class. */
function others(logClass: LogClass): string[] {
  return logClass === 'audit' ? [`not (${isAudit})`] : [isAudit, `not (${severities[logClass]})`]
}

export function logLegs(plan: Plan): Legs {
  const classes = Object.keys(plan.retention.logs) as LogClass[]
  const each = (entry: (logClass: LogClass) => [string, unknown]): Section => Object.fromEntries(classes.map(entry))
  const [store, exporter] =
    plan.logs === 'loki' ? (['otlp_http/loki', loki] as const) : (['file/log', logFile] as const)
  return {
    processors: each(logClass => [
      `filter/log-${logClass}`,
      { error_mode: 'propagate', log_conditions: others(logClass) },
    ]),
    exporters: each(logClass => [`${store}-${logClass}`, exporter(logClass, plan)]),
    connectors: { 'forward/logs': {} },
    pipelines: {
      'logs/in': {
        receivers: ['otlp', 'otlp/trusted'],
        processors: [
          'memory_limiter',
          unmark,
          'transform/hold-logs',
          'redaction/pii',
          'transform/release-logs',
          'batch/swallow',
        ],
        exporters: ['forward/logs', leakCount],
      },
      ...each(logClass => [
        `logs/${logClass}`,
        {
          receivers: ['forward/logs'],
          processors: [`filter/log-${logClass}`],
          exporters: [`${store}-${logClass}`],
        },
      ]),
    },
  }
}
