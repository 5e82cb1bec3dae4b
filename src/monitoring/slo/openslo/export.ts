/** Exports SLOs as OpenSLO v1 objects, which other tools can read; an annotation holds what OpenSLO cannot express. */
import { queriesOf } from '../queries'
import { type Sli, type Slo, tidy } from '../spec'
import { fileSlo } from '../write'
import { policiesOf, severitiesFrom } from './alerts'
import { annotationOf, type OwnParts } from './annotation'
import { labelled } from './names'

const apiVersion = 'openslo/v1'
const LONGEST_DESCRIPTION = 1_050

/** Services first, then SLOs. */
export function exportOpenSlo(slos: readonly Slo[]): object[] {
  const services = [...new Set(slos.map(({ service }) => service))]
  return [
    ...services.map(service => ({ apiVersion, kind: 'Service', metadata: { name: labelled(service) }, spec: {} })),
    ...slos.map(sloObject),
  ]
}

function sloObject(slo: Slo): object {
  const name = labelled(slo.id)
  const { description } = slo
  const hasLabels = Object.keys(slo.labels).length > 0 && areLabels(slo.labels)
  return {
    apiVersion,
    kind: 'SLO',
    metadata: { name, ...(hasLabels && { labels: slo.labels }), annotations: annotationOf(ownParts(slo)) },
    spec: {
      ...(description && { description: description.slice(0, LONGEST_DESCRIPTION) }),
      service: labelled(slo.service),
      indicator: { metadata: { name }, spec: { ratioMetric: ratioMetric(slo.sli) } },
      timeWindow: [{ duration: slo.period, isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [objectiveOf(slo)],
      alertPolicies: policiesOf(slo),
    },
  }
}

/** Written as a fraction, which more tools support, unless rounding would change it. */
function objectiveOf({ objective }: Slo): object {
  const target = tidy(objective / 100)
  return tidy(target * 100) === objective ? { target } : { targetPercent: objective }
}

function ownParts(slo: Slo): OwnParts {
  const { name, description, labels, sli, expects_data, low_traffic, exclude, alerting } = fileSlo(slo)
  const inPolicies = severitiesFrom(policiesOf(slo), slo, () => {})
  const severities = Object.entries(slo.alerts.severities).filter(
    ([kind, severity]) => severity !== inPolicies[kind as keyof typeof inPolicies],
  )
  return {
    name,
    ...(labelled(slo.service) !== slo.service && { service: slo.service }),
    ...(slo.compat && { compat: slo.compat }),
    ...(description && description.length > LONGEST_DESCRIPTION && { description }),
    ...(labels && !areLabels(labels) && { labels }),
    // for other SLIs, the queries express everything
    ...(!sli.events && !sli.raw && { sli }),
    ...(severities.length > 0 && { severities: Object.fromEntries(severities) }),
    ...(expects_data && { expects_data }),
    ...(low_traffic && { low_traffic }),
    ...(exclude && { exclude }),
    ...(alerting && { alerting }),
  }
}

/** Prometheus also allows underscores at the ends of a name. */
const areLabels = (labels: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(labels).every(key => /^[a-zA-Z0-9]([a-zA-Z0-9_]{0,61}[a-zA-Z0-9])?$/.test(key))

const prometheus = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } })

/** The queries return rates over a window, not counters. */
export function ratioMetric(sli: Sli): object {
  if (sli.kind === 'raw') return { counter: false, rawType: 'failure', raw: prometheus(sli.errorRatioQuery) }
  const { errors, total } =
    sli.kind === 'events' ? { errors: sli.errorQuery, total: sli.totalQuery } : queriesOf(sli, '{{.window}}')
  return { counter: false, bad: prometheus(errors), total: prometheus(total) }
}
