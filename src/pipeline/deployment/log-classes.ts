// Log records by class, each kept for its own time: in a file that is rotated, or in Loki.
import { ATTR_AFN_LOGS_CLASS } from '../../../semconv'
import { auditAttribute, type LogClass, type lowestSeverity } from '../../shared/tiers'
import { agents } from './coding-agents'
import type { Legs } from './collector-sections'
import { counts } from './count-connectors'
import { logFile, loki, lokiExporter } from './exporters'
import { leakCount } from './leak-count'
import { AHEAD_MINUTES, longestOf } from './loki-config'
import type { Plan } from './plan'
import { unmark } from './trust'
import { note, type Section } from './yaml-comments'

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

const redacted = 'forward/logs'

/** The way in is the same wherever they are kept: a list of persons who objected is laid over it. */
export function logLegs(plan: Plan): Legs {
  const { connectors, pipelines, ...leg } = plan.logs === 'loki' ? toLoki(plan) : toFiles(plan)
  return {
    ...leg,
    connectors: { ...connectors, [redacted]: {} },
    pipelines: {
      'logs/in': {
        receivers: ['otlp', 'otlp/trusted'],
        processors: [
          'memory_limiter',
          unmark,
          agents.logs,
          'transform/stash-logs',
          'redaction/pii',
          'transform/restore-logs',
        ],
        exporters: [redacted, leakCount, counts.logs],
      },
      ...pipelines,
    },
  }
}

function toFiles(plan: Plan): Legs {
  const classes = Object.keys(plan.retention.logs) as LogClass[]
  const each = (entry: (logClass: LogClass) => [string, unknown]): Section => Object.fromEntries(classes.map(entry))
  return {
    processors: each(logClass => [
      `filter/log-${logClass}`,
      { error_mode: 'propagate', log_conditions: others(logClass) },
    ]),
    exporters: each(logClass => [`file/log-${logClass}`, logFile(logClass, plan)]),
    connectors: {},
    pipelines: each(logClass => [
      `logs/${logClass}`,
      {
        receivers: [redacted],
        processors: [`filter/log-${logClass}`, 'batch/swallow'],
        exporters: [`file/log-${logClass}`],
      },
    ]),
  }
}

const classify = 'transform/log-class'
/** The pipeline that ends in Loki. */
export const toStore = 'logs/loki'

const toLoki = (plan: Plan): Legs => ({
  processors: {
    [classify]: note(
      'The class and time by which Loki stores a record. A time that Loki would refuse comes from a wrong clock.',
      {
        error_mode: 'ignore',
        log_statements: [{ statements: [...inTime(plan), ...classStatements()] }],
      },
    ),
  },
  exporters: { [lokiExporter]: loki(plan) },
  connectors: {},
  pipelines: { [toStore]: { receivers: [redacted], processors: [classify], exporters: [lokiExporter] } },
})

/** Whatever a sender wrote there is replaced. */
function classStatements(): string[] {
  const conditions = { ...severities, audit: isAudit }
  const set = (logClass: string) => `set(log.attributes["${ATTR_AFN_LOGS_CLASS}"], "${logClass}")`
  return [
    set('info'),
    ...Object.entries(conditions).map(([logClass, condition]) => `${set(logClass)} where ${condition}`),
  ]
}

/** Loki refuses a record that is too old or ahead of its clock, for good: it counts as seen now. A time from 2^63 on is one long ago. */
function inTime(plan: Plan): string[] {
  const [minute, day] = [60_000_000_000, 86_400_000_000_000]
  const impossible = (field: string) =>
    `(${field} > UnixNano(Now()) + ${(AHEAD_MINUTES / 2) * minute} or ${field} < UnixNano(Now()) - ${longestOf(plan) * day})`
  return [
    `set(log.observed_time, Now()) where ${impossible('log.observed_time_unix_nano')}`,
    `set(log.time, log.observed_time) where ${impossible('log.time_unix_nano')}`,
  ]
}
