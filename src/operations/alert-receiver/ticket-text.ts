/** The text of issues: for an incident, and for a digest. */
import { type IssueText, LONGEST_BODY, LONGEST_TITLE } from './github'
import type { Incident } from './incident-store'
import { hashOf } from './notification'
import { codeOf, cut, harmless, spanOf, summaryOf, timeOf, titleOf } from './safe-text'

/** Maximum number of alerts to list. */
const MOST_ALERTS = 50

/** A hidden marker in the body, by which the issue is found again. */
export const markerOf = ({ groupKey }: Incident): string => `<!-- afn:groupKey=${hashOf(groupKey)} -->`

/** @param pageUrl read-only page of the incident, because others may read the issue */
export function issueOf(incident: Incident, pageUrl: string): IssueText {
  const { id, notification, beganAt, synthetic, severity, service, name } = incident
  const { traces } = notification.commonAnnotations
  const summary = summaryOf(notification)
  const parts = [
    synthetic && 'This is a channel test. Nothing is wrong, and no action is needed.',
    summary && `**${harmless(summary)}**`,
    `Alert ${codeOf(name)}, severity ${codeOf(severity)}${service && `, service ${codeOf(service)}`}, since ${timeOf(beganAt)}.`,
    `[What to do](${pageUrl})`,
    traces && `Traces: ${codeOf(traces)}`,
    alertsOf(incident),
    !synthetic &&
      `Acknowledge with ${codeOf(`afn-otel alerts ack ${id}`)}. The issue is closed when the alert is resolved.`,
  ].filter(part => part)
  const marker = markerOf(incident)
  return {
    title: cut(titleOf(incident), LONGEST_TITLE),
    body: `${cut(parts.join('\n\n'), LONGEST_BODY - marker.length - 2)}\n\n${marker}`,
  }
}

function alertsOf({ notification: { alerts, truncatedAlerts } }: Incident): string {
  const lines = alerts.slice(0, MOST_ALERTS).map(({ status, labels }) => {
    const own = Object.entries(labels).filter(([name]) => !['alertname', 'severity', 'service'].includes(name))
    return `- ${status}${own.length > 0 ? `: ${codeOf(cut(own.map(([name, value]) => `${name}=${value}`).join(', '), 400))}` : ''}`
  })
  const more = alerts.length - lines.length + truncatedAlerts
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')
}

/** Identifies the set of alerts that an issue shows; ignores annotations, whose figures change all the time. */
export const shownOf = ({ notification: { alerts } }: Incident): string =>
  hashOf(
    alerts
      .map(({ fingerprint, status }) => `${fingerprint} ${status}`)
      .sort()
      .join('\n'),
  ).slice(0, 16)

export const resolvedComment = ({ beganAt, endedAt = beganAt }: Incident): string =>
  `Resolved at ${timeOf(endedAt)}, after ${spanOf(endedAt - beganAt)}.`

export const againComment = ({ episode, beganAt, notification }: Incident): string =>
  [
    `Firing again since ${timeOf(beganAt)}${episode > 1 ? `, for the ${ordinal(episode)} time` : ''}.`,
    harmless(summaryOf(notification)),
  ]
    .filter(part => part)
    .join('\n\n')

export const acknowledgedComment = ({ acknowledgedAt = 0, acknowledgedBy = '' }: Incident): string =>
  `Acknowledged by ${harmless(acknowledgedBy)} at ${timeOf(acknowledgedAt)}.`

export const digestMarker = (channel: string, id: number, beganAt: number): string =>
  `<!-- afn-digest-${hashOf(`${channel} ${id} ${beganAt}`).slice(0, 16)} -->`

export interface Line {
  readonly name: string
  readonly service: string
  readonly severity: string
  readonly isResolved: boolean
  readonly id: string
}

const lineLimits = { name: 300, service: 60, rest: 70 }

/** The maximum length of a line, to decide beforehand whether one more fits. */
export const sizeOf = ({ name, service }: Pick<Line, 'name' | 'service'>): number =>
  Math.min(name.length, lineLimits.name) + Math.min(service.length, lineLimits.service) + lineLimits.rest

export function digestOf(lines: readonly Line[], limit: number, beganAt: number, marker: string): IssueText {
  const open = lines.filter(({ isResolved }) => !isResolved).length
  const list = lines.map(({ name, service, severity, isResolved, id }) =>
    [
      `- [${isResolved ? 'x' : ' '}] ${cut(harmless(severity), 20)} ${codeOf(cut(name, lineLimits.name))}`,
      ...(service ? [codeOf(cut(service, lineLimits.service))] : []),
      id,
    ].join(' '),
  )
  const head = `Limit of ${limit} new tickets per hour exceeded: these alerts have no tickets of their own. ${open} of ${lines.length} are still firing.`
  return {
    title: `${lines.length} alerts above the limit of ${limit} tickets per hour, since ${timeOf(beganAt)}`,
    body: `${head}\n\n${list.join('\n')}\n\n${marker}`,
  }
}

function ordinal(count: number): string {
  const suffix = ['th', 'st', 'nd', 'rd'][count % 100 > 10 && count % 100 < 14 ? 0 : count % 10] ?? 'th'
  return `${count}${suffix}`
}
