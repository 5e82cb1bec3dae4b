/** Writes SLOs in our file format, which `read.ts` reads back unchanged. Used for imports. */

import {
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_GEN_AI_EVALUATION_NAME,
  METRIC_AFN_LLM_EVALUATION_RESULTS,
} from '../../../semconv'
import { severities } from '../../shared/severities'
import {
  type FileAlert,
  type FileExclusion,
  type FileSli,
  type FileSlo,
  type FileWhere,
  type SloFile,
  weekdays,
} from './schema'
import {
  type AlertExtras,
  defaultFailures,
  defaultSeverities,
  type Exclusion,
  type Matcher,
  type Matchers,
  type RatioSli,
  type Sli,
  type Slo,
} from './spec'

/** One file per service, in the order of their first SLO. SLOs with `compat: sloth` are in separate files. */
export function filesOf(slos: readonly Slo[]): SloFile[] {
  const keyOf = ({ service, compat }: Slo) => `${service} ${compat}`
  return [...new Set(slos.map(keyOf))].map(key => {
    const group = slos.filter(slo => keyOf(slo) === key)
    const { service, compat } = group[0]!
    return { version: 'prometheus/v1', service, ...(compat && { compat }), slos: group.map(fileSlo) }
  })
}

export function fileSlo({
  name,
  objective,
  description,
  labels,
  sli,
  period,
  alerts,
  lowTraffic,
  exclude,
}: Slo): FileSlo {
  const ofKinds = Object.fromEntries(
    Object.entries(alerts.severities).filter(
      ([kind, severity]) => severity !== defaultSeverities[kind as keyof typeof defaultSeverities],
    ),
  )
  return {
    name,
    objective,
    ...(description && { description }),
    ...filled('labels', labels),
    sli: fileSli(sli),
    ...(period !== '30d' && { period }),
    ...filled('severities', ofKinds),
    ...(alerts.expectsData !== 'always' && { expects_data: alerts.expectsData }),
    ...filled('low_traffic', fileLowTraffic(lowTraffic)),
    ...(exclude.length > 0 && { exclude: exclude.map(fileExclusion) }),
    alerting: {
      name: alerts.name,
      ...filled('page_alert', fileAlert(alerts.page)),
      ...filled('ticket_alert', fileAlert(alerts.ticket)),
    },
  }
}

const filled = <K extends string, V extends object>(key: K, value: V): { readonly [P in K]?: V } =>
  (Object.keys(value).length > 0 ? { [key]: value } : {}) as { readonly [P in K]?: V }

function fileLowTraffic({ failures, events }: Slo['lowTraffic']): NonNullable<FileSlo['low_traffic']> {
  const own = severities.filter(severity => failures[severity] !== defaultFailures[severity])
  return {
    ...filled('failures', Object.fromEntries(own.map(severity => [severity, failures[severity]]))),
    ...(events > 0 && { events }),
  }
}

const fileAlert = ({ disabled, labels, annotations }: AlertExtras): FileAlert => ({
  ...(disabled && { disable: true }),
  ...filled('labels', labels),
  ...filled('annotations', annotations),
})

function fileSli(sli: Sli): FileSli {
  switch (sli.kind) {
    case 'events':
      return { events: { error_query: sli.errorQuery, total_query: sli.totalQuery } }
    case 'raw':
      return { raw: { error_ratio_query: sli.errorRatioQuery } }
    case 'latency': {
      const { metric, where, threshold } = sli
      const native = metric.type === 'native' && { native: true }
      return { latency: { metric: metric.name, unit: metric.unit, threshold, ...native, where: fileWhere(where) } }
    }
    case 'ratio': {
      const evaluation = fileEvaluation(sli)
      if (evaluation) return { evaluation }
      const { metric, where, selects, alternatives } = sli
      const { name, type, unit } = metric
      return { ratio: { metric: name, type, unit, where: fileWhere(where), [selects]: alternatives.map(fileWhere) } }
    }
  }
}

/** Reverses what `read.ts` does for evaluations: their conditions may name an attribute twice, which a map cannot. */
function fileEvaluation({ metric, where, selects, alternatives }: RatioSli): FileSli['evaluation'] {
  if (metric.name !== METRIC_AFN_LLM_EVALUATION_RESULTS || selects !== 'bad') return undefined
  const isOutcome = (one: Matcher | undefined, value: string) =>
    one?.attribute === ATTR_AFN_LLM_EVALUATION_OUTCOME && one.value === value
  const [failed, ...others] = alternatives.flat()
  if (others.length > 0 || !isOutcome(failed, 'fail') || !isOutcome(where.at(-1), 'pass|fail')) return undefined
  const rest = where.slice(0, -1)
  const last = rest.at(-1)
  const name = last?.attribute === ATTR_GEN_AI_EVALUATION_NAME && last.operator === '=' ? last.value : undefined
  return { ...(name && { name }), where: fileWhere(name ? rest.slice(0, -1) : rest) }
}

const keys = { '!=': 'not', '=~': 'regex', '!~': 'not_regex' } as const

const fileWhere = (matchers: Matchers): FileWhere =>
  Object.fromEntries(
    matchers.map(({ attribute, operator, value }) => [
      attribute,
      operator === '=' ? value : { [keys[operator]]: value },
    ]),
  ) as FileWhere

function fileExclusion(exclusion: Exclusion): FileExclusion {
  const reason = exclusion.reason !== '' && { reason: exclusion.reason }
  if (exclusion.kind === 'weekly') {
    const days = exclusion.days.map(day => weekdays[day]!)
    return { days, from: clock(exclusion.from), to: clock(exclusion.to), ...reason }
  }
  const time = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z')
  return { start: time(exclusion.start), end: time(exclusion.end), ...reason }
}

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':')
