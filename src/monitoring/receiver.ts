// Alerts of the alert receiver (`afn-otel alerts serve`): without it there are no tickets, and nothing escalates.
import type { Alert } from './alert'

const part = 'alert-receiver'
const job = `{job="${part}"}`

export const receiverAlerts: readonly Alert[] = [
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
]
