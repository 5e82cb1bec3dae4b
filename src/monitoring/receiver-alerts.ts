// Alerts of the alert receiver (`afn-otel alerts serve`): without it there are no tickets, and nothing escalates.
import type { Alert, Watched } from './alert'

const part = 'alert-receiver'
const job = `{job="${part}"}`

export const receiverAlerts = ({ receiver }: Watched): readonly Alert[] => (receiver ? alerts : [])

const alerts: readonly Alert[] = [
  {
    name: 'AfnAlertReceiverDown',
    severity: 'high',
    service: part,
    expr: `up${job} == 0 or absent(up${job})`,
    for: '2m',
    summary: 'The alert receiver cannot be reached.',
    description: 'No ticket is opened, nothing escalates, and nobody can acknowledge. Other channels go on.',
    remedy: 'Start it again; its log says why it ended. What Alertmanager could not hand it comes again by itself.',
  },
  {
    name: 'AfnReceiverChannelBlocked',
    severity: 'high',
    service: part,
    expr: `max by (channel) (afn_alerts_blocked${job}) == 1`,
    for: '2m',
    summary: 'The alert receiver cannot use the channel {{ $labels.channel }}.',
    description:
      'It was refused in a way that no repetition changes: a secret that is wrong, or an address that is gone. What is for it waits.',
    remedy: 'Put the right secret into its file: the receiver reads it again by itself, and sends what waits.',
  },
  {
    name: 'AfnReceiverBehind',
    severity: 'medium',
    service: part,
    expr: `min by (channel) (min_over_time(afn_alerts_queue${job}[30m])) > 0`,
    for: '5m',
    summary: 'Alerts for {{ $labels.channel }} have waited for more than half an hour: {{ $value }} now.',
    description: 'The other side limits how much it takes, or is away. Nothing is lost, but people are notified late.',
    remedy: 'If it is away, wait or name another channel; if there are too many, mend or silence what fires most.',
  },
]
