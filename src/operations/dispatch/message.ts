import type { Alert, Notification } from '../alert-receiver/notification'
import type { KnownAlert } from './notification-log'
import type { Labels } from './routing'

/** A payload of Alertmanager's webhook. Our receiver reads the fields of Notification, others the rest. */
export interface Message extends Notification {
  readonly version: '4'
  readonly receiver: string
  readonly alerts: readonly (Alert & { readonly generatorURL: string })[]
}

/** The payload for a group's alerts, as Alertmanager builds it. */
export function messageOf(
  groupKey: string,
  receiver: string,
  groupLabels: Labels,
  alerts: readonly KnownAlert[],
  externalURL: string,
  now: number,
): Message {
  const common = (what: 'labels' | 'annotations') =>
    Object.fromEntries(
      Object.entries(alerts[0]![what]).filter(([name, value]) => alerts.every(alert => alert[what][name] === value)),
    )
  return {
    version: '4',
    groupKey,
    truncatedAlerts: 0,
    status: alerts.some(({ endsAt }) => endsAt > now) ? 'firing' : 'resolved',
    receiver,
    groupLabels,
    commonLabels: common('labels'),
    commonAnnotations: common('annotations'),
    externalURL,
    alerts: alerts.map(alert => ({
      ...shown(alert, alert.endsAt > now),
      status: alert.endsAt > now ? 'firing' : 'resolved',
    })),
  }
}

/** @param isOpen hides an end in the future, as notifications do */
export const shown = ({ startsAt, endsAt, ...alert }: KnownAlert, isOpen: boolean) => ({
  ...alert,
  startsAt: new Date(startsAt).toISOString(),
  endsAt: isOpen ? '0001-01-01T00:00:00Z' : new Date(endsAt).toISOString(),
})
