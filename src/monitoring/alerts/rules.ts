/** Rules for Prometheus that follow from `alerts-config.yaml`: the user's own, and escalation where no receiver does it. */
import { type Severity, severities } from '../../shared/severities'
import { type AlertsConfig, type EscalationStep, labels, WATCHDOG } from './config'
import { anyOf } from './label-matchers'
import { durationOf } from './times'

type Section = { [key: string]: unknown }

/** Name of the copy of an alert that nobody has acknowledged; its label `origin` is the name of that alert. */
export const ESCALATION = 'AfnEscalation'

/** A file of rules; undefined where there is none. */
export function ruleFile(config: AlertsConfig): { groups: Section[] } | undefined {
  const groups = [
    { name: 'alerts-config', rules: ownRules(config) },
    { name: 'alerts-escalation', interval: '15s', rules: config.receiver ? [] : escalationRules(config) },
  ].filter(({ rules }) => rules.length > 0)
  return groups.length > 0 ? { groups } : undefined
}

const ownRules = ({ rules }: AlertsConfig): Section[] =>
  rules.map(({ name, expr, for: seconds, severity, service, labels, annotations }) => ({
    alert: name,
    expr,
    ...(seconds > 0 && { for: durationOf(seconds) }),
    labels: { severity, ...(service !== undefined && { service }), ...labels },
    ...(Object.keys(annotations).length > 0 && { annotations }),
  }))

/**
 * The time counts from when the expression began to hold, since that is what Prometheus keeps. A silence of the alert by its severity,
 * service or SLO is one of the copy too: that is how it is acknowledged.
 */
function escalationRules(config: AlertsConfig): Section[] {
  const routes = config.routes.map(({ match, escalation }) => ({
    matchers: Object.entries(match).map(([label, values]) => anyOf(label, values)),
    escalation,
  }))
  return severities.flatMap(severity => {
    const { escalation } = config.severities[severity]
    if (escalation.length === 0) return []
    const ways = [...routes, { matchers: [], escalation }]
    const count = Math.max(...ways.map(way => way.escalation.length))
    return Array.from({ length: count }, (_, step) => {
      // the first route that matches holds, and no other
      const late = ways.flatMap((way, at) => lateBy(severity, way, ways.slice(0, at), step))
      return {
        alert: ESCALATION,
        expr: `label_replace(${late.join(' or ')}, "origin", "$1", "alertname", "(.+)")`,
        labels: { severity, [labels.escalation]: String(step + 1) },
        annotations: {
          summary: '{{ $labels.origin }} has not been acknowledged for {{ $value | humanizeDuration }}',
          description:
            'To stop the escalation, silence the alert in Alertmanager by its service and severity; this silences the copy too.',
        },
      }
    })
  })
}

interface Way {
  readonly matchers: readonly string[]
  readonly escalation: readonly EscalationStep[]
}

function lateBy(
  severity: Severity,
  { matchers: own, escalation }: Way,
  before: readonly Way[],
  step: number,
): string[] {
  const after = escalation[step]?.after
  if (after === undefined) return []
  const escalating = [`severity="${severity}"`, `${labels.escalation}=""`, `${labels.test}=""`]
  const matchers = [...escalating, `alertname!~"${WATCHDOG}|${ESCALATION}"`, ...own].join(',')
  const elsewhere = before.map(way => ` unless ALERTS_FOR_STATE{${way.matchers.join(',')}}`).join('')
  const late = `(time() - ALERTS_FOR_STATE{${matchers}} >= ${after}${elsewhere})`
  return [`${late} and ignoring (alertstate) ALERTS{alertstate="firing",${matchers}}`]
}
