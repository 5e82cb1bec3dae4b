// Alerts of the alert receiver (`afn-otel alerts serve`): without it there are no tickets, and nothing escalates.
import type { Alert, WatchedPipeline } from './alert'

const part = 'alert-receiver'
const job = `{job="${part}"}`

export const receiverAlerts = ({ receiver }: WatchedPipeline): readonly Alert[] => (receiver ? alerts : [])

const alerts: readonly Alert[] = [
  {
    name: 'AfnAlertReceiverDown',
    severity: 'high',
    service: part,
    expr: `up${job} == 0 or absent(up${job})`,
    for: '2m',
    summary: 'The alert receiver is unreachable.',
    description:
      'No tickets are opened, nothing escalates, and nobody can acknowledge alerts. Other channels still work.',
    remedy: 'Restart it; its log shows why it stopped. Alertmanager resends what it could not deliver.',
  },
  {
    name: 'AfnReceiverChannelBlocked',
    severity: 'high',
    service: part,
    expr: `max by (channel) (afn_alerts_blocked${job}) == 1`,
    for: '2m',
    summary: 'The alert receiver cannot use the channel {{ $labels.channel }}.',
    description:
      'It was rejected in a way that retries cannot fix: a wrong secret, or an address that no longer exists. Its notifications wait.',
    remedy:
      'Put the right secret into its file: the receiver rereads it automatically, and sends the waiting notifications.',
  },
  {
    name: 'AfnReceiverBehind',
    severity: 'medium',
    service: part,
    expr: `min by (channel) (min_over_time(afn_alerts_queue${job}[30m])) > 0`,
    for: '5m',
    summary: 'Alerts for {{ $labels.channel }} have been queued for more than 30 minutes; {{ $value }} now.',
    description: 'The other side is rate limiting or down. Nothing is lost, but notifications are late.',
    remedy:
      'If it is down, wait or configure another channel; if there are too many alerts, fix or silence those that fire most.',
  },
]
