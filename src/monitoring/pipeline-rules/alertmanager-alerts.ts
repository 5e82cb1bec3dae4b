// Alerts of Alertmanager, by its own metrics. What it cannot send, it cannot send this way either: the Watchdog's watchers and
// `afn-otel doctor` see that.
import type { Alert, WatchedPipeline } from './alert'

const part = 'alertmanager'
const job = '{job="alertmanager"}'

export const alertmanagerAlerts = ({ alertmanagers }: WatchedPipeline): Alert[] => [
  {
    name: 'AfnAlertmanagerDown',
    severity: 'critical',
    service: part,
    expr: `${alertmanagers} - (count(up${job} == 1) or vector(0)) > 0`,
    for: '2m',
    summary: '{{ $value }} Alertmanagers are unreachable.',
    description:
      'With none left, nobody is notified. Once one is back, Prometheus resends alerts that are still firing.',
    remedy: 'Restart it; its log shows why it stopped.',
  },
  {
    name: 'AfnAlertmanagerConfigReloadFailed',
    severity: 'high',
    service: part,
    expr: `max_over_time(alertmanager_config_last_reload_successful${job}[5m]) == 0`,
    for: '2m',
    summary: 'Alertmanager failed to load its new configuration.',
    description: 'It keeps running with the old routes and channels, and would not restart with the new ones.',
    remedy: 'Run afn-otel alerts check, fix what it reports, run afn-otel generate again, then reload.',
  },
  {
    name: 'AfnChannelFailing',
    severity: 'high',
    service: part,
    expr: `sum by (integration) (increase(alertmanager_notifications_failed_total${job}[15m])) > 0`,
    for: '2m',
    summary: 'Alertmanager failed to send {{ $value | humanize }} notifications by {{ $labels.integration }}.',
    description: 'Anyone who watches only that channel was not notified. Other channels are not affected.',
    remedy:
      'Run afn-otel alerts test for the channel: it shows whether the address, the secret or the network is at fault.',
  },
  {
    name: 'AfnAlertsInvalid',
    severity: 'medium',
    service: part,
    expr: `sum(increase(alertmanager_alerts_invalid_total${job}[15m])) > 0`,
    summary: 'Alertmanager rejected {{ $value | humanize }} alerts as invalid.',
    description: 'Nobody is notified of them. A rule sets a label that Alertmanager does not accept.',
    remedy: 'Run afn-otel generate again, and fix any rules of your own; the log of Alertmanager names the label.',
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
          description:
            'Each notifies on its own: every notification arrives twice, and a silence applies to one side only.',
          remedy: 'Allow the pods to reach each other on port 9094, over TCP and UDP.',
        } satisfies Alert,
      ]
    : []),
]
