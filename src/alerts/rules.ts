/** Rules for Prometheus that follow from `alerts-config.yaml`: the user's own, and escalation where no receiver does it. */
import { type AlertsConfig, labels, severities, WATCHDOG } from './config'
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
const escalationRules = (config: AlertsConfig): Section[] =>
  severities.flatMap(severity =>
    config.severities[severity].escalation.map(({ after }, index) => {
      const matchers = `severity="${severity}",${labels.escalation}="",${labels.test}="",alertname!~"${WATCHDOG}|${ESCALATION}"`
      const late = `(time() - ALERTS_FOR_STATE{${matchers}} >= ${after})`
      const firing = `ALERTS{alertstate="firing",${matchers}}`
      return {
        alert: ESCALATION,
        expr: `label_replace(${late} and ignoring (alertstate) ${firing}, "origin", "$1", "alertname", "(.+)")`,
        labels: { severity, [labels.escalation]: String(index + 1) },
        annotations: {
          summary: `{{ $labels.origin }} has not been acknowledged for ${durationOf(after)}`,
          description:
            'Whoever works on it silences it in Alertmanager by its service and severity; then this copy is silent too.',
        },
      }
    }),
  )
