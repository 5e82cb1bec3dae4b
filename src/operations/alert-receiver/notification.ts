/**
 * The payload of Alertmanager's webhook, version 4: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. Invalid
 * payloads are rejected with the reason.
 */
import { createHash } from 'node:crypto'
import { labels } from '../../monitoring/alerts/config'
import { createRedactor } from '../../shared/redact'

export interface Alert {
  readonly status: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** RFC 3339 */
  readonly startsAt: string
  /** RFC 3339; `0001-01-01T00:00:00Z` while it fires */
  readonly endsAt: string
  readonly fingerprint: string
}

export interface Notification {
  /** Identifies a group of a route. */
  readonly groupKey: string
  readonly status: 'firing' | 'resolved'
  readonly groupLabels: Readonly<Record<string, string>>
  readonly commonLabels: Readonly<Record<string, string>>
  readonly commonAnnotations: Readonly<Record<string, string>>
  readonly externalURL: string
  /** Number of the group's alerts that Alertmanager omitted. */
  readonly truncatedAlerts: number
  readonly alerts: readonly Alert[]
}

/** Sixteen hexadecimal digits: short enough to type, and unique per group. */
export const idOf = (groupKey: string): string => hashOf(groupKey).slice(0, 16)

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

export const nameOf = ({ commonLabels, groupLabels }: Notification): string =>
  commonLabels.alertname ?? groupLabels.alertname ?? 'several alerts'

export const serviceOf = ({ commonLabels, groupLabels }: Notification): string =>
  commonLabels.service ?? groupLabels.service ?? ''

export const severityOf = ({ commonLabels }: Notification): string => commonLabels.severity ?? 'none'

/** A channel test: it notifies nobody else, and its ticket is closed at once. */
export const isSynthetic = ({ commonLabels }: Notification): boolean =>
  labels.synthetic in commonLabels || labels.test in commonLabels

/** A copy that the receiver has posted to Alertmanager. */
export const isEscalation = ({ commonLabels }: Notification): boolean => labels.escalation in commonLabels

/** Equal for repeated deliveries of the same state: Alertmanager resends deliveries without a response, and repeats ongoing alerts. */
export function contentOf({ status, alerts }: Notification): string {
  const states = alerts.map(alert => `${alert.fingerprint} ${alert.status} ${alert.startsAt}`).sort()
  return hashOf([status, ...states].join('\n')).slice(0, 16)
}

/**
 * Masks texts that come from metric labels, and so possibly from anybody, before they go to GitHub, Discord and pages. The link of an
 * escalation is exempt: the receiver made it, and its signature must stay intact.
 */
const { attributes: masked, text: maskedText } = createRedactor({ allow: { keys: ['incident_url'] } })

export { maskedText }

/**
 * Parses a notification and masks personal data and secrets in labels, annotations and the URL.
 * @throws Error that says what is wrong
 */
export function readNotification(text: string): Notification {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`invalid JSON: ${(error as Error).message}`)
  }
  const body = recordOf(value, 'the body')
  if (body.version !== '4')
    throw new Error(`version is ${shown(body.version)}; only version 4 of Alertmanager's webhook is supported`)
  const alerts = body.alerts
  if (!Array.isArray(alerts) || alerts.length === 0) throw new Error('alerts must be a list with at least one alert')
  return {
    groupKey: textOf(body.groupKey, 'groupKey'),
    status: statusOf(body.status, 'status'),
    groupLabels: textsOf(body.groupLabels ?? {}, 'groupLabels'),
    commonLabels: textsOf(body.commonLabels ?? {}, 'commonLabels'),
    commonAnnotations: textsOf(body.commonAnnotations ?? {}, 'commonAnnotations'),
    externalURL: typeof body.externalURL === 'string' ? maskedText(body.externalURL) : '',
    truncatedAlerts: typeof body.truncatedAlerts === 'number' ? body.truncatedAlerts : 0,
    alerts: alerts.map((alert, at) => alertOf(alert, `alerts[${at}]`)),
  }
}

function alertOf(value: unknown, place: string): Alert {
  const alert = recordOf(value, place)
  return {
    status: statusOf(alert.status, `${place}.status`),
    labels: textsOf(alert.labels ?? {}, `${place}.labels`),
    annotations: textsOf(alert.annotations ?? {}, `${place}.annotations`),
    startsAt: timeOf(alert.startsAt, `${place}.startsAt`),
    endsAt: timeOf(alert.endsAt, `${place}.endsAt`),
    fingerprint: textOf(alert.fingerprint, `${place}.fingerprint`),
  }
}

function recordOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error(`${place} must be an object`)
}

function textOf(value: unknown, place: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`${place} must be a non-empty string`)
}

function statusOf(value: unknown, place: string): 'firing' | 'resolved' {
  if (value === 'firing' || value === 'resolved') return value
  throw new Error(`${place} is ${shown(value)}; it must be firing or resolved`)
}

function timeOf(value: unknown, place: string): string {
  if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return value
  throw new Error(`${place} must be a time`)
}

function textsOf(value: unknown, place: string): Record<string, string> {
  const record = recordOf(value, place)
  const wrong = Object.entries(record).find(([, text]) => typeof text !== 'string')
  if (wrong) throw new Error(`${place}.${wrong[0]} must be a string`)
  return masked(record as Record<string, string>)
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 100)
