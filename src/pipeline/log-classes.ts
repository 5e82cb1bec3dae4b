// Log records by class, each kept for its own time in a file that is rotated.
import { auditAttribute, type LogClass, type lowestSeverity } from '../tiers'
import type { Legs } from './collector-config'
import { counts } from './count-connectors'
import { logFile } from './exporters'
import { leakCount } from './leak-count'
import type { Plan } from './plan'
import { unmark } from './trust'
import type { Section } from './yaml-comments'

/** In OTTL, what `logClassOf` says. OTTL has names for the lowest severities of a class. */
const isAudit = `log.attributes["${auditAttribute}"] == true`
const atLeast = (logClass: keyof typeof lowestSeverity) =>
  `log.severity_number >= SEVERITY_NUMBER_${logClass.toUpperCase()}`
const below = (logClass: keyof typeof lowestSeverity) =>
  `log.severity_number < SEVERITY_NUMBER_${logClass.toUpperCase()}`
const severities: Record<keyof typeof lowestSeverity, string> = {
  debug: `log.severity_number > 0 and ${below('info')}`,
  info: `log.severity_number == 0 or (${atLeast('info')} and ${below('warn')})`,
  warn: `${atLeast('warn')} and ${below('error')}`,
  error: atLeast('error'),
}

/** A filter drops what its condition holds for: whatever is of another class. */
function others(logClass: LogClass): string[] {
  return logClass === 'audit' ? [`not (${isAudit})`] : [isAudit, `not (${severities[logClass]})`]
}

export function logLegs(plan: Plan): Legs {
  const classes = Object.keys(plan.retention.logs) as LogClass[]
  const each = (entry: (logClass: LogClass) => [string, unknown]): Section => Object.fromEntries(classes.map(entry))
  return {
    processors: each(logClass => [
      `filter/log-${logClass}`,
      { error_mode: 'propagate', log_conditions: others(logClass) },
    ]),
    exporters: each(logClass => [`file/log-${logClass}`, logFile(logClass, plan)]),
    connectors: { 'forward/logs': {} },
    pipelines: {
      'logs/in': {
        receivers: ['otlp', 'otlp/trusted'],
        processors: [
          'memory_limiter',
          unmark,
          'transform/stash-logs',
          'redaction/pii',
          'transform/restore-logs',
          'batch/swallow',
        ],
        exporters: ['forward/logs', leakCount, counts.logs],
      },
      ...each(logClass => [
        `logs/${logClass}`,
        {
          receivers: ['forward/logs'],
          processors: [`filter/log-${logClass}`],
          exporters: [`file/log-${logClass}`],
        },
      ]),
    },
  }
}
