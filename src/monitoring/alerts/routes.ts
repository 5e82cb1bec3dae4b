/**
 * Which way an alert takes: by severity, but for the watchdog, tests of channels, other environments and escalated copies. Each route
 * names who is notified; `audiences` are these, once each.
 */
import { type Severity, severities } from '../../shared/severities'
import {
  type AlertsConfig,
  type EscalationStep,
  labels,
  type OwnRoute,
  RECEIVER_SERVICE,
  type SeverityConfig,
  WATCHDOG,
} from './config'
import type { Audience } from './integrations'
import { anyOf, matcher } from './label-matchers'
import { durationOf } from './times'

export interface Route {
  readonly receiver: string
  readonly matchers?: readonly string[]
  readonly group_by?: readonly string[]
  readonly group_wait?: string
  readonly group_interval?: string
  readonly repeat_interval?: string
  readonly mute_time_intervals?: readonly string[]
  readonly active_time_intervals?: readonly string[]
  readonly routes?: readonly Route[]
}

/** The receiver without an integration. */
export const NOBODY = 'nobody'
/** The receiver that calls the watchers outside. */
export const HEARTBEATS = 'heartbeats'
export const BUSINESS_HOURS = 'business-hours'
export const maintenanceName = (name: string): string => `maintenance-${name}`

const matchersOf = ({ match }: OwnRoute): string[] =>
  Object.entries(match).map(([label, values]) => anyOf(label, values))
/** The name of a route, and of its escalation. */
const routeName = (index: number): string => `route-${index + 1}`
const present = (label: string): string => `${label}=~".+"`

export function routesOf(config: AlertsConfig): { route: Route; audiences: Audience[] } {
  const audiences = new Map<string, Audience>()
  const receiver = (audience: Audience): string => {
    if (audience.channels.length === 0) return NOBODY
    audiences.set(audience.name, audience)
    return audience.name
  }
  // an alert that says nothing of how urgent it is, or in words that are not ours, is not lost
  const { medium } = config.severities
  const other = receiver({ name: 'other', channels: medium.channels, severity: undefined, ladder: undefined })
  const route: Route = {
    receiver: other,
    // what a route goes by is kept by whoever copies a group
    group_by: [
      ...new Set([
        'alertname',
        'service',
        labels.environment,
        ...config.routes.flatMap(({ match }) => Object.keys(match)),
      ]),
    ],
    ...timesOf(medium),
    routes: [
      watchdogRoute(config),
      { receiver: NOBODY, matchers: [matcher('severity', 'none')] },
      testRoute(config, receiver),
      ...environmentRoutes(config, receiver),
      escalationRoute(config, receiver),
      ...(config.receiver ? [receiverRoute(config, receiver)] : []),
      ...ownRoutes(config, receiver),
      onceRoute(config, '', severity => config.severities[severity].channels, receiver),
      ...severities.map(severity => {
        const { channels, escalation } = config.severities[severity]
        const ladder = escalation.length > 0 && config.receiver ? severity : undefined
        return severityRoute(config, severity, receiver({ name: severity, channels, severity, ladder }))
      }),
    ],
  }
  return { route, audiences: [...audiences.values()] }
}

type Receive = (audience: Audience) => string

/** What many services tell of at once where they share the cause: one group for all of them, which lists them. */
const SHARED =
  'AfnHealthCheckFailing|AfnServiceSilent|AfnTelemetryLost|AfnLogLinesLost|AfnDiskFull|AfnDiskFilling|AfnInodesRunningOut'
const sharedGroup = ({ routes }: AlertsConfig): string[] => {
  const own = routes.flatMap(({ match }) => Object.keys(match)).filter(label => label !== 'service')
  return [...new Set(['alertname', labels.environment, 'afn_health_check_name', 'system_filesystem_mountpoint', 'mountpoint', ...own])] // biome-ignore format: one line
}

const timesOf = ({ delay, groupInterval, repeat }: SeverityConfig) => ({
  group_wait: durationOf(delay),
  group_interval: durationOf(groupInterval),
  repeat_interval: durationOf(repeat),
})

/** Each minute: what was sent a little after the last round is repeated in this one only if the time to repeat is shorter. */
const watchdogRoute = ({ heartbeats }: AlertsConfig): Route => ({
  receiver: heartbeats.length > 0 ? HEARTBEATS : NOBODY,
  matchers: [matcher('alertname', WATCHDOG)],
  group_by: ['alertname'],
  group_wait: '0s',
  group_interval: '1m',
  repeat_interval: '30s',
})

/** At once, to one channel, and once. `group_interval` is also how long Alertmanager tries. */
const testRoute = ({ channels }: AlertsConfig, receiver: Receive): Route => ({
  receiver: NOBODY,
  matchers: [present(labels.test)],
  group_by: [labels.test],
  group_wait: '0s',
  group_interval: '10s',
  repeat_interval: '1d',
  routes: Object.keys(channels).map(name => ({
    receiver: receiver({
      name: `test-${name}`,
      channels: [name],
      severity: undefined,
      ladder: undefined,
      isTest: true,
    }),
    matchers: [matcher(labels.channel, name)],
  })),
})

const environmentRoutes = (config: AlertsConfig, receiver: Receive): Route[] =>
  Object.entries(config.environments).map(([environment, channels]) => ({
    receiver: receiver({ name: `${environment}-other`, channels, severity: undefined, ladder: undefined }),
    matchers: [matcher(labels.environment, environment)],
    ...(channels.length > 0 && { routes: ofSeverities(config, environment, channels, receiver) }),
  }))

const ofSeverities = (
  config: AlertsConfig,
  name: string,
  channels: readonly string[],
  receiver: Receive,
  ladderOf: (severity: Severity) => string | undefined = () => undefined,
): Route[] =>
  severities.map(severity =>
    severityRoute(
      config,
      severity,
      receiver({ name: `${name}-${severity}`, channels, severity, ladder: ladderOf(severity) }),
    ),
  )

const ownRoutes = (config: AlertsConfig, receiver: Receive): Route[] =>
  config.routes.map((route, index) => {
    const { channels, escalation } = route
    const name = routeName(index)
    const ladderOf = (severity: Severity) =>
      escalation.length > 0 && config.receiver && escalates(config, severity) ? name : undefined
    return {
      receiver: receiver({ name: `${name}-other`, channels, severity: undefined, ladder: undefined }),
      matchers: matchersOf(route),
      ...(channels.length > 0 && {
        routes: [
          onceRoute(config, `${name}-`, () => channels, receiver),
          ...ofSeverities(config, name, channels, receiver, ladderOf),
        ],
      }),
    }
  })

function escalationRoute(config: AlertsConfig, receiver: Receive): Route {
  const stepsOf = (severity: Severity, escalation: readonly EscalationStep[], prefix = ''): Route[] =>
    escalation.map(({ channels }, index) => {
      const step = String(index + 1)
      const name = `${prefix}${severity}-escalation-${step}`
      const audience: Audience = { name, channels, severity, ladder: undefined, isEscalation: true }
      const route = severityRoute(config, severity, receiver(audience), [matcher(labels.escalation, step)])
      // a step is one message; what is not acknowledged has the next step, and the alert itself is repeated
      return { ...route, group_wait: '0s', repeat_interval: '1d' }
    })
  const own = config.routes.map((route, index) => ({
    receiver: NOBODY,
    matchers: matchersOf(route),
    routes: severities
      .filter(severity => escalates(config, severity))
      .flatMap(severity => stepsOf(severity, route.escalation, `${routeName(index)}-`)),
  }))
  const ofSeverity = severities.flatMap(severity => stepsOf(severity, config.severities[severity].escalation))
  return { receiver: NOBODY, matchers: [present(labels.escalation)], routes: [...own, ...ofSeverity] }
}

const escalates = (config: AlertsConfig, severity: Severity): boolean =>
  config.severities[severity].escalation.length > 0

type Ladder = Pick<SeverityConfig, 'repeat' | 'escalation'>

/** What escalates, by its name: severities, and routes with steps of their own. */
export function laddersOf({ severities: all, routes }: AlertsConfig): Readonly<Record<string, Ladder>> {
  const repeat = Math.min(...severities.map(severity => all[severity].repeat))
  return { ...all, ...Object.fromEntries(routes.map(({ escalation }, at) => [routeName(at), { repeat, escalation }])) }
}

/** Alerts that say that the receiver is away: Alertmanager itself has to reach their channels. */
function receiverRoute(config: AlertsConfig, receiver: Receive): Route {
  const { high } = config.severities
  const audience: Audience = {
    name: RECEIVER_SERVICE,
    channels: high.channels,
    severity: 'high',
    ladder: undefined,
    isAboutReceiver: true,
  }
  return { receiver: receiver(audience), matchers: [matcher('service', RECEIVER_SERVICE)], ...timesOf(high) }
}

/** Each alert by itself: in a group, whatever comes later would bring the earlier ones again. It may be over before a window begins. */
const onceRoute = (
  { severities: all }: AlertsConfig,
  prefix: string,
  channelsOf: (severity: Severity) => readonly string[],
  receiver: Receive,
): Route => ({
  receiver: NOBODY,
  matchers: [present(labels.once)],
  group_by: ['...'],
  routes: severities.map(severity => ({
    receiver: receiver({
      name: `${prefix}${severity}-once`,
      channels: channelsOf(severity),
      severity,
      ladder: undefined,
      isOnce: true,
    }),
    matchers: [matcher('severity', severity)],
    group_wait: durationOf(all[severity].delay),
    group_interval: durationOf(all[severity].groupInterval),
    // as long as Alertmanager remembers what it has sent
    repeat_interval: '5d',
  })),
})

/** A service that has a maintenance of its own has a route of its own, since a route inherits no windows. */
function severityRoute(config: AlertsConfig, severity: Severity, name: string, also: readonly string[] = []): Route {
  const windowsOf = (service: string | undefined): string[] =>
    config.maintenance
      .filter(({ services }) => services.length === 0 || (service !== undefined && services.includes(service)))
      .map(window => maintenanceName(window.name))
  const times = config.severities[severity]
  const intervals = (service: string | undefined) => {
    const muted = windowsOf(service)
    return {
      ...(muted.length > 0 && { mute_time_intervals: muted }),
      ...(times.businessHours && { active_time_intervals: [BUSINESS_HOURS] }),
    }
  }
  const services = [...new Set(config.maintenance.flatMap(({ services }) => services))]
  const routes: Route[] = [
    ...services.map(service => ({
      receiver: name,
      matchers: [matcher('service', service)],
      ...intervals(service),
    })),
    // a copy that escalates is of one incident
    ...(also.length > 0
      ? []
      : [
          {
            receiver: name,
            matchers: [`alertname=~"${SHARED}"`],
            group_by: sharedGroup(config),
            ...intervals(undefined),
          },
        ]),
  ]
  return {
    receiver: name,
    matchers: [matcher('severity', severity), ...also],
    ...timesOf(times),
    ...intervals(undefined),
    ...(routes.length > 0 && { routes }),
  }
}
