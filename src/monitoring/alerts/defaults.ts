// What holds where alerts-config.yaml says nothing.
import { type Severity, severities } from '../../shared/severities'
import {
  type AlertsConfig,
  type Channel,
  type EscalationStep,
  type ReceiverConfig,
  type SeverityConfig,
  weekdays,
} from './config'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** Times of each severity where the file says nothing: to respond within 5 min, 15 min, 1 h and 24 h. */
const defaultTimes: Readonly<
  Record<Severity, Pick<SeverityConfig, 'respondWithin' | 'delay' | 'groupInterval' | 'repeat' | 'businessHours'>>
> = {
  critical: { respondWithin: 5 * MINUTE, delay: 10, groupInterval: MINUTE, repeat: 5 * MINUTE, businessHours: false },
  high: { respondWithin: 15 * MINUTE, delay: 30, groupInterval: 5 * MINUTE, repeat: 15 * MINUTE, businessHours: false },
  medium: { respondWithin: HOUR, delay: 2 * MINUTE, groupInterval: 15 * MINUTE, repeat: HOUR, businessHours: false },
  low: { respondWithin: 24 * HOUR, delay: 10 * MINUTE, groupInterval: HOUR, repeat: 24 * HOUR, businessHours: true },
}

/** Kinds of channels that a severity uses where the file names none; the next of the lists where there is none of these kinds. */
const defaultKinds: Readonly<Record<Severity, readonly (readonly Channel['kind'][])[]>> = {
  critical: [],
  high: [['discord', 'email', 'webhook']],
  medium: [['discord', 'webhook'], ['email']],
  low: [['email'], ['discord', 'webhook']],
}

/** All channels where none of the kinds suits, so that no severity is silent. */
function defaultChannels(severity: Severity, channels: Readonly<Record<string, Channel>>): string[] {
  const names = Object.keys(channels)
  const suited = defaultKinds[severity].map(kinds => names.filter(name => kinds.includes(channels[name]!.kind)))
  return suited.find(some => some.length > 0) ?? names
}

/** Where the severity has to be answered within minutes: once more to all of its channels, when that time is over. */
function defaultEscalation(respondWithin: number, channels: readonly string[]): EscalationStep[] {
  return respondWithin <= 15 * MINUTE ? [{ after: respondWithin, channels }] : []
}

/** `afn-otel generate` makes it. Wherever it stands beside the file, containers and commands on the host go by the same token. */
export const RECEIVER_TOKEN = 'secrets/receiver_token'

export const defaultReceiver: ReceiverConfig = {
  url: 'http://localhost:9095',
  keyFile: 'secrets/acknowledge_key',
  tokenFile: undefined,
  database: 'data/alerts.db',
  databaseTokenFile: undefined,
  alertmanagerUrl: 'http://localhost:9093',
}

/** What holds where there is no `alerts-config.yaml`: everything goes to one channel of Discord. */
export function defaultAlerts(): AlertsConfig {
  const channels: Record<string, Channel> = {
    discord: { kind: 'discord', webhookUrlFile: 'secrets/discord_webhook_url', through: 'receiver' },
  }
  return completed({ channels })
}

/** What a file says, as far as it says something. */
export type PartialAlerts = Omit<Partial<AlertsConfig>, 'severities' | 'channels'> & {
  readonly channels: AlertsConfig['channels']
  readonly severities?: Partial<Record<Severity, Partial<SeverityConfig>>>
}

export function completed(partial: PartialAlerts): AlertsConfig {
  const { channels, severities: times = {}, ...rest } = partial
  const severityOf = (severity: Severity): [Severity, SeverityConfig] => {
    const merged = { ...defaultTimes[severity], channels: defaultChannels(severity, channels), ...times[severity] }
    return [severity, { escalation: defaultEscalation(merged.respondWithin, merged.channels), ...merged }]
  }
  return {
    alertmanager: '0.35',
    environment: 'production',
    language: 'en',
    channels,
    severities: Object.fromEntries(severities.map(severityOf)) as Record<Severity, SeverityConfig>,
    environments: {},
    routes: [],
    inhibition: true,
    businessHours: { days: weekdays.slice(0, 5), from: '09:00', to: '18:00', timeZone: 'UTC' },
    maintenance: [],
    rules: [],
    alerts: {},
    heartbeats: [],
    receiver: defaultReceiver,
    ...rest,
  }
}
