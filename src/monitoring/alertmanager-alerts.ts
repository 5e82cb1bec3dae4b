// Alerts of Alertmanager, by its own metrics. What it cannot send, it cannot send this way either: the Watchdog's watchers and
// `afn-otel doctor` see that.
import type { Alert, Watched } from './alert'

const part = 'alertmanager'
const job = '{job="alertmanager"}'

export const alertmanagerAlerts = ({ alertmanagers }: Watched): Alert[] => [
  {
    name: 'AfnAlertmanagerDown',
    severity: 'critical',
    service: part,
    expr: `${alertmanagers} - (count(up${job} == 1) or vector(0)) > 0`,
    for: '2m',
    summary: '{{ $value }} of the Alertmanagers cannot be reached.',
    description: 'Without one nobody is notified of anything; Prometheus sends again what still fires once it is back.',
    remedy: 'Start it again; its log says why it ended.',
  },
  {
    name: 'AfnAlertmanagerConfigReloadFailed',
    severity: 'high',
    service: part,
    expr: `max_over_time(alertmanager_config_last_reload_successful${job}[5m]) == 0`,
    for: '2m',
    summary: 'Alertmanager refused its new configuration.',
    description: 'It goes on with the old routes and channels, and would not start with the new ones.',
    remedy: 'Run afn-otel alerts check, mend what it names, run afn-otel generate again, then reload.',
  },
  {
    name: 'AfnChannelFailing',
    severity: 'high',
    service: part,
    expr: `sum by (integration) (increase(alertmanager_notifications_failed_total${job}[15m])) > 0`,
    for: '2m',
    summary: 'Alertmanager could not send {{ $value | humanize }} notifications by {{ $labels.integration }}.',
    description: 'Whoever watches that channel alone was not notified. Other channels are not affected.',
    remedy:
      'Run afn-otel alerts test for the channel: it says whether the address, the secret or the network is wrong.',
  },
  {
    name: 'AfnAlertsInvalid',
    severity: 'medium',
    service: part,
    expr: `sum(increase(alertmanager_alerts_invalid_total${job}[15m])) > 0`,
    summary: 'Alertmanager refused {{ $value | humanize }} alerts that were sent to it.',
    description: 'Nobody is notified of them. A rule has a label that Alertmanager does not take.',
    remedy: 'Run afn-otel generate again, and mend rules that others wrote; the log of Alertmanager names the label.',
  },
  ...(alertmanagers > 1
    ? [
        {
          name: 'AfnAlertmanagerPeersLost',
          severity: 'medium',
          service: part,
          expr: `max_over_time(alertmanager_cluster_members${job}[5m]) < ${alertmanagers}`,
          for: '10m',
          summary: `The Alertmanager at {{ $labels.instance }} sees {{ $value }} of ${alertmanagers} members.`,
          description: 'Each notifies on its own: people get everything twice, and a silence holds on one side alone.',
          remedy: 'Let the pods reach each other on port 9094, by TCP and UDP.',
        } satisfies Alert,
      ]
    : []),
]
