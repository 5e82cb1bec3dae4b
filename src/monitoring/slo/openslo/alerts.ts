/**
 * Converts between OpenSLO's alerts and ours. An OpenSLO policy has one condition, with any burn rate in any window; ours are the four
 * tiers of the period and absent metrics.
 */
import { type Severity, severities } from '../../../shared/severities'
import { type AlertKind, defaultSeverities, type Slo, type SloPeriod, tierNames } from '../spec'
import { canFire, promDuration, type Tier, tiersOf } from '../windows'
import { labelled } from './names'

export type Severities = Readonly<Record<AlertKind, Severity | 'off'>>

export interface Condition {
  readonly severity: string
  readonly condition: {
    readonly kind?: 'burnrate'
    readonly op: 'lte' | 'gte' | 'lt' | 'gt'
    readonly threshold: number
    readonly lookbackWindow: string
    readonly alertAfter?: string
  }
}

export interface Policy {
  readonly kind: 'AlertPolicy'
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly description?: string
    readonly alertWhenNoData?: boolean
    readonly alertWhenResolved?: boolean
    readonly alertWhenBreaching?: boolean
    readonly conditions?: readonly { readonly spec: Condition }[] | null
  }
}

/** An AlertPolicy requires a target, which our rules do not have: Alertmanager's configuration routes alerts. */
const target = {
  kind: 'AlertNotificationTarget',
  metadata: { name: 'alertmanager' },
  spec: { target: 'alertmanager', description: 'Routed by severity and service' },
}

/** Policies as inline objects of an SLO. */
export function policiesOf(slo: Slo): Policy[] {
  const of = (kind: AlertKind, spec: Policy['spec'], condition: Condition['condition']): Policy[] => {
    const severity = slo.alerts.severities[kind]
    if (severity === 'off') return []
    const name = labelled(`${slo.id}-${kind.replaceAll('_', '-')}`)
    const conditions = [{ kind: 'AlertCondition', metadata: { name }, spec: { severity, condition } }]
    const whole = { ...spec, conditions, notificationTargets: [target] }
    return [{ kind: 'AlertPolicy', metadata: { name }, spec: whole }]
  }
  return [
    ...tiersOf(slo)
      .filter(canFire)
      .flatMap(tier => of(tier.name, { alertWhenBreaching: true }, burning(tier))),
    ...of(
      'metric_absent',
      { alertWhenNoData: true },
      { kind: 'burnrate', op: 'gt', threshold: 1, lookbackWindow: '5m' },
    ),
  ]
}

const burning = ({ factor, long, short }: Tier): Condition['condition'] => ({
  kind: 'burnrate',
  op: 'gt',
  threshold: factor,
  lookbackWindow: promDuration(long),
  // the short window confirms the alert after this time
  alertAfter: promDuration(short),
})

/** In seconds; months, quarters and years as in OpenSLO's library. */
export function secondsOf(shorthand: string): number {
  const day = 86_400
  const units: Readonly<Record<string, number>> = {
    m: 60,
    h: 3_600,
    d: day,
    w: 7 * day,
    M: 30 * day,
    Q: 90 * day,
    Y: 365 * day,
  }
  return Number.parseInt(shorthand, 10) * units[shorthand.at(-1)!]!
}

/**
 * Maps the policies of an SLO to the severities of our alerts. Without policies, the defaults apply.
 * @param policies with references resolved
 * @param remark receives the number of a policy and how it was changed
 */
export function severitiesFrom(
  policies: readonly Policy[],
  { objective, period }: Pick<Slo, 'objective' | 'period'>,
  remark: (policy: number, message: string) => void,
): Severities {
  const tiers = tiersOf({ objective, period })
  const found: Partial<Record<AlertKind, Severity>> = {}
  for (const [number, { spec }] of policies.entries()) {
    const changed = (message: string) => remark(number, message)
    const condition = spec.conditions?.[0]?.spec
    if (!condition) {
      changed('a policy without a condition never alerts; it is left out')
      continue
    }
    if (spec.alertWhenResolved)
      changed(
        'alertWhenResolved is left out: send_resolved of a channel in alerts-config.yaml says whether it reports that',
      )
    if (spec.alertWhenNoData) found.metric_absent = severityOf(condition, 'metric_absent', changed)
    if (!spec.alertWhenBreaching) continue
    const tier = tierOf(condition, tiers)
    if (tier) found[tier.name] = severityOf(condition, tier.name, changed)
    else changed(noEqual(condition, tiers, period))
  }
  if (Object.keys(found).length === 0) {
    if (policies.length > 0) remark(0, 'no policy has an equal here, so the SLO gets the usual alerts of its period')
    return defaultSeverities
  }
  const rest = [...tierNames, 'metric_absent' as const].map(kind => [kind, found[kind] ?? 'off'])
  return { ...defaultSeverities, ...Object.fromEntries(rest) }
}

function tierOf({ condition: { op, threshold, lookbackWindow } }: Condition, tiers: readonly Tier[]): Tier | undefined {
  if (op !== 'gt' && op !== 'gte') return undefined
  const seconds = secondsOf(lookbackWindow)
  return tiers.find(({ long, factor }) => long === seconds && Math.abs(factor - threshold) < 1e-9)
}

function noEqual(
  { condition: { op, threshold, lookbackWindow } }: Condition,
  tiers: readonly Tier[],
  period: SloPeriod,
) {
  const known = tiers.map(({ factor, long }) => `${factor} in ${promDuration(long)}`).join(', ')
  return `a burn rate that is ${op} ${threshold} in ${lookbackWindow} has no equivalent among the alerts of ${period} (above ${known}); it is left out`
}

/** An unknown severity means less than the tier, whose default severity is used. */
function severityOf({ severity }: Condition, kind: AlertKind, remark: (message: string) => void): Severity {
  const known = severities.find(one => one === severity.toLowerCase())
  if (known) return known
  remark(`the severity "${severity}" became ${defaultSeverities[kind]}; there are ${severities.join(', ')}`)
  return defaultSeverities[kind]
}
