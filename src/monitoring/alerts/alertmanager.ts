/**
 * The configuration of Alertmanager that `alerts-config.yaml` means, for the version that it names. It holds no secret: Alertmanager
 * reads each from its file.
 */

import { defaultUrls } from '../../shared/config/urls'
import { severities } from '../../shared/severities'
import { type AlertsConfig, labels } from './config'
import { type Places, receiverSection } from './integrations'
import { BUSINESS_HOURS, HEARTBEATS, maintenanceName, NOBODY, routesOf } from './routes'
import { intervalsOf } from './times'

type Section = { [key: string]: unknown }

/**
 * @param places where Alertmanager finds the files and our receiver, which is seldom where people do; `receiver` is the file's own
 *   where nothing is said
 */
export function alertmanagerConfig(
  config: AlertsConfig,
  { secret, receiver = config.receiver?.url, page = defaultUrls.receiver }: Pick<Places, 'secret'> & Partial<Places>,
): Section {
  const { route, audiences } = routesOf(config)
  const places: Places = { secret, receiver: config.receiver && receiver, page: config.receiver && page }
  return {
    global: { resolve_timeout: '5m' },
    route,
    receivers: [
      { name: NOBODY },
      ...(config.heartbeats.length > 0 ? [heartbeats(config, places)] : []),
      ...audiences.map(audience => receiverSection(config, audience, places)),
    ],
    ...(config.inhibition && { inhibit_rules: inhibitRules() }),
    ...timeIntervals(config),
  }
}

const heartbeats = ({ heartbeats }: AlertsConfig, { secret }: Places): Section => ({
  name: HEARTBEATS,
  webhook_configs: heartbeats.map(({ url }) => ({
    send_resolved: false,
    ...('clear' in url ? { url: url.clear } : { url_file: secret(url.file) }),
  })),
})

/**
 * What follows from another alert, and the labels by which both must agree: whoever mends the cause has one notification to read.
 * Without a Collector nothing arrives, and without Prometheus' disk nothing is kept.
 */
const consequences = [
  {
    cause: ['alertname="AfnCollectorDown"'],
    symptoms: ['alertname=~".*MetricAbsent|AfnServiceSilent|AfnTelemetryLost|AfnEdgeMonitorSilent|AfnJobStale"'],
  },
  {
    cause: ['alertname="AfnCollectorDown"'],
    symptoms: ['alertname="AfnHealthCheckFailing"', 'afn_health_check_name="collector"'],
  },
  {
    cause: ['alertname="AfnDiskFull"'],
    symptoms: ['alertname="AfnDiskFilling"'],
    equal: [labels.environment, 'job', 'instance', 'system_filesystem_mountpoint', 'mountpoint'],
  },
  {
    cause: ['alertname="AfnDiskFull"'],
    symptoms: ['alertname="AfnHealthCheckFailing"', 'afn_health_check_name="disk"'],
    // every app tells of its own disk; the one of another host is another one
    equal: [labels.environment, 'service'],
  },
  {
    // of the objectives that hold without a file: each error of the second burns the first ten times as fast; over the month both count
    cause: ['sloth_slo="availability"', 'alertname=~".*(Fast|Medium|Slow)Burn"'],
    symptoms: ['sloth_slo="http-errors"', 'alertname=~".*Burn"'],
    equal: [labels.environment, 'service', 'team'],
  },
]

/** What says that the data of an SLO is missing or wrong is the cause of its other alerts, and never muted by them. */
const CAUSES = 'alertname!~".*(MetricAbsent|DataInvalid)"'

/**
 * A higher severity mutes the lower ones of the same SLO; without an SLO, those of the same alert of the same service. Two labels that
 * both alerts lack are equal for Alertmanager: each rule asks for the one by which it compares.
 */
function inhibitRules(): Section[] {
  // a test mutes nothing, and nothing mutes a test; nor what is said once; an escalated copy is loud by intention
  const real = [`${labels.test}=""`, `${labels.once}=""`]
  const ofCauses = consequences.map(({ cause, symptoms, equal }) => ({
    source_matchers: [...cause, ...real],
    target_matchers: [...symptoms, ...real],
    ...(equal && { equal }),
  }))
  const ofSeverities = severities.slice(0, -1).flatMap((severity, index) => {
    const lower = severities.slice(index + 1).join('|')
    const rule = (compared: string, equal: string[]): Section => ({
      source_matchers: [`severity="${severity}"`, compared, ...real],
      target_matchers: [`severity=~"${lower}"`, compared, CAUSES, ...real],
      equal: [labels.environment, ...equal],
    })
    return [rule('sloth_slo!=""', ['service', 'sloth_slo', 'team']), rule('sloth_slo=""', ['service', 'alertname'])]
  })
  return [...ofCauses, ...ofSeverities]
}

function timeIntervals({ severities: all, businessHours, maintenance }: AlertsConfig): Section {
  const intervals = [
    ...(severities.some(severity => all[severity].businessHours)
      ? [{ name: BUSINESS_HOURS, time_intervals: intervalsOf(businessHours) }]
      : []),
    ...maintenance.map(({ name, window }) => ({ name: maintenanceName(name), time_intervals: intervalsOf(window) })),
  ]
  return intervals.length > 0 ? { time_intervals: intervals } : {}
}
