/**
 * What `alerts-config.yaml` says, with the defaults filled in: channels, what each severity does, when nobody is to be woken. Every
 * span of time is in seconds. No field holds a secret: each names the file that does, by a path relative to `alerts-config.yaml`.
 */

import type { Severity } from '../../shared/severities'
import type { ChangedLimits } from '../pipeline-rules/thresholds'

/** The versions of Alertmanager that a configuration can be made for. */
export const alertmanagerVersions = ['0.25', '0.28', '0.35'] as const
export type AlertmanagerVersion = (typeof alertmanagerVersions)[number]

export type Language = 'en' | 'ja'

export interface DiscordChannel {
  readonly kind: 'discord'
  readonly webhookUrlFile: string
  /** Who posts. Only the receiver keeps to Discord's limits; Alertmanager posts each group at once. */
  readonly through: 'alertmanager' | 'receiver'
}

export interface EmailChannel {
  readonly kind: 'email'
  readonly to: readonly string[]
  readonly from: string
  /** `host:port` */
  readonly smarthost: string
  /** Both or neither. */
  readonly login: { readonly username: string; readonly passwordFile: string } | undefined
  readonly requireTls: boolean
}

export interface WebhookChannel {
  readonly kind: 'webhook'
  /** In clear only where it is no secret. */
  readonly url: { readonly clear: string } | { readonly file: string }
  /** Its content is sent as `Authorization: Bearer …`. */
  readonly tokenFile: string | undefined
}

export interface JiraChannel {
  readonly kind: 'jira'
  /** With the path of the API, such as `https://example.atlassian.net/rest/api/2/`. */
  readonly apiUrl: string
  readonly project: string
  readonly issueType: string
  /** With a user name its password (the API token of Jira Cloud), without one a personal access token. */
  readonly username: string | undefined
  readonly tokenFile: string
  readonly resolveTransition: string | undefined
  readonly reopenTransition: string | undefined
}

/** Issues on GitHub, which the receiver (`afn-otel alerts serve`) opens, closes and opens again. */
export interface TicketsChannel {
  readonly kind: 'tickets'
  /** `owner/name` */
  readonly repository: string
  readonly tokenFile: string
  readonly apiUrl: string
  readonly labels: readonly string[]
  /** New issues in an hour; what is above goes into a digest. */
  readonly limitPerHour: number
}

export type Channel = DiscordChannel | EmailChannel | WebhookChannel | JiraChannel | TicketsChannel

/** Whether the receiver serves the channel, so that Alertmanager reaches it only by the receiver's webhook. */
export const isThroughReceiver = (channel: Channel): boolean =>
  channel.kind === 'tickets' || (channel.kind === 'discord' && channel.through === 'receiver')

/** What happens when nobody has acknowledged an alert. */
export interface EscalationStep {
  /** Seconds since the alert was first notified. */
  readonly after: number
  /** Names of channels; one at least. */
  readonly channels: readonly string[]
}

export interface SeverityConfig {
  /** Within which somebody has to respond. */
  readonly respondWithin: number
  /** Alertmanager's `group_wait`: before the first notification of a group. An alert that ends within it is never sent. */
  readonly delay: number
  /** Alertmanager's `group_interval`: before news of a group. */
  readonly groupInterval: number
  /** Alertmanager's `repeat_interval`, a multiple of `groupInterval`. */
  readonly repeat: number
  /** Names; one at least. */
  readonly channels: readonly string[]
  /** Whether notifications wait for the business hours. */
  readonly businessHours: boolean
  /** By `after`, ascending. Empty where nothing escalates. */
  readonly escalation: readonly EscalationStep[]
}

/** Alerts that belong to somebody, and where they go in place of the channels of their severity. */
export interface OwnRoute {
  /** Of each label the values that the alert may have; it must have one of each. */
  readonly match: Readonly<Record<string, readonly string[]>>
  /** Names; empty for none. */
  readonly channels: readonly string[]
  /** Of alerts whose severity escalates, in place of its steps. */
  readonly escalation: readonly EscalationStep[]
}

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof weekdays)[number]

/** On certain days from one time to another; to the next day where `to` is not after `from`. */
export interface WeeklyWindow {
  readonly days: readonly Weekday[]
  /** `HH:MM` */
  readonly from: string
  /** `HH:MM`, excluded; `24:00` is the end of the day */
  readonly to: string
  /** A name of the IANA time zone database, such as `Asia/Tokyo`. */
  readonly timeZone: string
}

/** Once, from a minute of a day to another. */
export interface SingleWindow {
  /** `YYYY-MM-DD HH:MM` in the time zone */
  readonly from: string
  /** likewise, excluded */
  readonly to: string
  readonly timeZone: string
}

export interface Maintenance {
  readonly name: string
  readonly window: WeeklyWindow | SingleWindow
  /** Values of the label `service`; all where it is empty. */
  readonly services: readonly string[]
}

/** A rule of the user's own, as Prometheus takes it. */
export interface AlertRule {
  readonly name: string
  readonly expr: string
  /** Seconds for which the expression has to hold. */
  readonly for: number
  readonly severity: Severity
  /** Value of the label `service`; undefined where the expression's result has it. */
  readonly service: string | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** Something outside that raises an alarm when it is no longer called. */
export interface Heartbeat {
  readonly name: string
  readonly url: { readonly clear: string } | { readonly file: string }
}

/** Our own receiver, `afn-otel alerts serve`. */
export interface ReceiverConfig {
  /** Where Alertmanager reaches it. */
  readonly url: string
  /** Key by which those links are signed. */
  readonly keyFile: string
  /** Of a token that Alertmanager and people have to bring; undefined where this machine alone reaches the receiver. */
  readonly tokenFile: string | undefined
  /** Path of a file of SQLite, relative to `alerts-config.yaml`, or the URL of a libSQL server. */
  readonly database: string
  /** Of the token of that server. */
  readonly databaseTokenFile: string | undefined
  /** Where the receiver reaches Alertmanager. */
  readonly alertmanagerUrl: string
}

export interface AlertsConfig {
  readonly alertmanager: AlertmanagerVersion
  /** Of the alerts that have no label `environment`, or one that `environments` does not name. */
  readonly environment: string
  readonly language: Language
  readonly channels: Readonly<Record<string, Channel>>
  readonly severities: Readonly<Record<Severity, SeverityConfig>>
  /** By value of the label `environment`, where alerts of other environments go: never further than these channels. */
  readonly environments: Readonly<Record<string, readonly string[]>>
  /** The first that an alert of this environment matches is its way. */
  readonly routes: readonly OwnRoute[]
  /** Whether an alert mutes those of lower severity that have the same cause. */
  readonly inhibition: boolean
  readonly businessHours: WeeklyWindow
  readonly maintenance: readonly Maintenance[]
  readonly rules: readonly AlertRule[]
  /** Limits of the pipeline's own alerts that are others, and such alerts as are switched off. */
  readonly alerts: ChangedLimits
  readonly heartbeats: readonly Heartbeat[]
  /** Undefined where there is none: then there are no tickets, and rules of Prometheus escalate. */
  readonly receiver: ReceiverConfig | undefined
}

/**
 * Labels by which alerts take another way than that of their severity.
 * - `channel_test` (an id) with `channel` (a name): a test of this channel, marked `[TEST]`. It neither repeats nor escalates.
 * - `once` (`"true"`): news that is sent once, such as a budget that has passed a threshold. It is in no group with others, waits for no
 *   business hours, is not repeated, does not escalate, and its end is no news.
 * - `escalation` (`"1"` for the first step of the severity's ladder): a copy of an alert that nobody has acknowledged. It keeps its other
 *   labels, and goes to the channels of that step.
 */
export const labels = {
  test: 'channel_test',
  channel: 'channel',
  synthetic: 'synthetic',
  once: 'once',
  escalation: 'escalation',
  environment: 'environment',
} as const

/** Label `service` of alerts that say that the receiver itself is away: they can't go through it. */
export const RECEIVER_SERVICE = 'alert-receiver'

/** Name of the alert that always fires, so that its absence is noticed. */
export const WATCHDOG = 'Watchdog'
