/**
 * Reads `alerts-config.yaml`. Every mistake in it is found at once, each with its place and with what would be right. The schema says
 * what may stand where; here is what one part of the file means for another, and what a version of Alertmanager can't do.
 */

import { listOf, type Mistake, mapOf, type Path, type Raw } from '../../shared/config/checked-file'
import { problemsIn } from '../../shared/queries/language'
import { type Severity, severities } from '../../shared/severities'
import {
  type AlertRule,
  type AlertsConfig,
  type EscalationStep,
  type Heartbeat,
  type OwnRoute,
  type ReceiverConfig,
  type SeverityConfig,
  WATCHDOG,
} from './config'
import { compare } from './contradictions'
import { completed, defaultReceiver } from './defaults'
import { namesIn, RawFile, textOf } from './raw'
import { channelOf, urlOf } from './read-channels'
import { alertsIn } from './read-limits'
import { businessHoursIn, maintenanceIn } from './read-windows'
import { secretsIn } from './secrets'
import { durationOf, secondsOf } from './times'

export interface AlertsFile {
  /** Undefined where there is a mistake. */
  readonly config: AlertsConfig | undefined
  /** By their places. */
  readonly mistakes: readonly Mistake[]
  /** What is allowed, and seldom meant. */
  readonly notes: readonly Mistake[]
}

/**
 * @param further what is looked at where the file has no mistake up to there
 * @param receiver what holds where the file says nothing of it
 */
export function readAlerts(
  text: string,
  further?: (file: RawFile, config: AlertsConfig) => void,
  receiver: ReceiverConfig = defaultReceiver,
): AlertsFile {
  const file = new RawFile(text)
  const config = meaningOf(file, receiver)
  const secrets = secretsIn(text)
  if (secrets.length === 0 && file.checked.mistakes.length === 0) further?.(file, config)
  // a sentence that shows what stands there would carry the secret into the log of a CI
  const silent = file.checked.mistakes.filter(
    ({ message }) => !secrets.some(({ value }) => message.includes(value.slice(0, 8))),
  )
  const unsaid = secrets.filter(({ mistake }) => !silent.some(one => isJustBefore(one, mistake)))
  const mistakes = [...silent, ...unsaid.map(({ mistake }) => mistake)].toSorted(
    (a, b) => a.line - b.line || a.column - b.column,
  )
  return mistakes.length > 0
    ? { config: undefined, mistakes, notes: [] }
    : { config, mistakes, notes: file.notes.mistakes }
}

/** Whether a mistake is that of the value that holds a secret: a quote and `https://` may stand between their places. */
const isJustBefore = (one: Mistake, secret: Mistake): boolean =>
  one.line === secret.line && one.column <= secret.column && secret.column - one.column <= 9

/** What it means; only to be used where the file has no mistake. */
function meaningOf(file: RawFile, receiver: ReceiverConfig): AlertsConfig {
  const raw = file.value
  const timeZone = file.timeZone(raw, []) ?? 'UTC'
  const channels = Object.fromEntries(
    Object.entries(mapOf(raw.channels)).map(([name, channel]) => [name, channelOf(file, mapOf(channel), name)]),
  )
  const config = completed({
    channels,
    severities: severitiesIn(file),
    ...(raw.alertmanager !== undefined && { alertmanager: raw.alertmanager as AlertsConfig['alertmanager'] }),
    ...(raw.environment !== undefined && { environment: raw.environment as string }),
    ...(raw.language !== undefined && { language: raw.language as AlertsConfig['language'] }),
    ...(raw.inhibition !== undefined && { inhibition: raw.inhibition as boolean }),
    environments: environmentsIn(file),
    routes: routesIn(file),
    businessHours: businessHoursIn(file, timeZone),
    maintenance: maintenanceIn(file, timeZone),
    rules: rulesIn(file),
    alerts: alertsIn(file),
    heartbeats: heartbeatsIn(file),
    receiver: file.hasReceiver ? receiverOf(mapOf(raw.receiver), receiver) : undefined,
  })
  compare(file, config)
  return config
}

function severitiesIn(file: RawFile): Partial<Record<Severity, Partial<SeverityConfig>>> {
  const some: Partial<Record<Severity, Partial<SeverityConfig>>> = {}
  const all = mapOf(file.value.severities)
  for (const severity of severities) {
    const raw = mapOf(all[severity])
    const path = ['severities', severity]
    const seconds = (key: string) => secondsOf(raw[key])
    const [respondWithin, delay, groupInterval, repeat] = ['respond_within', 'delay', 'group_interval', 'repeat'].map(
      seconds,
    )
    file.expectChannels(raw.channels, [...path, 'channels'])
    some[severity] = {
      ...(respondWithin !== undefined && { respondWithin }),
      ...(delay !== undefined && { delay }),
      ...(groupInterval !== undefined && { groupInterval }),
      ...(repeat !== undefined && { repeat }),
      ...(raw.channels !== undefined && { channels: namesIn(raw.channels) }),
      ...(raw.business_hours !== undefined && { businessHours: raw.business_hours as boolean }),
      ...(raw.escalation !== undefined && { escalation: escalationIn(file, raw.escalation, [...path, 'escalation']) }),
    }
  }
  return some
}

function escalationIn(file: RawFile, raw: unknown, path: Path): EscalationStep[] {
  let before = 0
  return listOf(raw).map((item, index) => {
    const step = mapOf(item)
    const after = secondsOf(step.after) ?? 0
    if (after > 0 && after <= before)
      file.wrong(
        [...path, index, 'after'],
        `each step must come later than the previous one: after more than ${durationOf(before)}, not ${durationOf(after)}`,
      )
    before = Math.max(before, after)
    file.expectChannels(step.channels, [...path, index, 'channels'])
    return { after, channels: namesIn(step.channels) }
  })
}

function environmentsIn(file: RawFile): Record<string, string[]> {
  const own = textOf(file.value.environment) ?? 'production'
  const all = Object.entries(mapOf(file.value.environments))
  for (const [name, channels] of all) {
    file.expectChannels(channels, ['environments', name])
    if (name === own)
      file.wrong(
        ['environments', name],
        `${name} is the environment of this file, so its alerts are routed by severities; remove it here, or fix environment`,
      )
  }
  return Object.fromEntries(all.map(([name, channels]) => [name, namesIn(channels)]))
}

function routesIn(file: RawFile): OwnRoute[] {
  return listOf(file.value.routes).map((item, index) => {
    const { match, channels, escalation } = mapOf(item)
    file.expectChannels(channels, ['routes', index, 'channels'])
    if (mapOf(match).severity !== undefined)
      file.wrong(['routes', index, 'match', 'severity'], 'set the channels of each severity under severities')
    const values = Object.entries(mapOf(match)).map(([label, value]) => [label, namesIn([value].flat())])
    return {
      match: Object.fromEntries(values),
      channels: namesIn(channels),
      escalation: escalationIn(file, escalation, ['routes', index, 'escalation']),
    }
  })
}

function rulesIn(file: RawFile): AlertRule[] {
  const names = new Set<string>()
  return listOf(file.value.rules).map((item, index) => {
    const raw = mapOf(item)
    const path = ['rules', index]
    file.expectOnce(raw.name, names, [...path, 'name'])
    if (raw.name === WATCHDOG)
      file.wrong([...path, 'name'], `${WATCHDOG} is reserved for the alert that always fires; choose another name`)
    const expr = textOf(raw.expr) ?? ''
    for (const problem of expr.trim() === '' ? [] : problemsIn(expr, 'promql').slice(0, 1))
      file.wrong([...path, 'expr'], `invalid PromQL: ${problem} (line:column in the expression)`)
    return {
      name: raw.name as string,
      expr,
      for: secondsOf(raw.for) ?? 0,
      severity: raw.severity as Severity,
      service: textOf(raw.service),
      labels: mapOf(raw.labels) as Record<string, string>,
      annotations: mapOf(raw.annotations) as Record<string, string>,
    }
  })
}

function heartbeatsIn(file: RawFile): Heartbeat[] {
  const names = new Set<string>()
  const places = new Set<string>()
  return listOf(mapOf(file.value.watchdog).heartbeats).map((item, index) => {
    const raw = mapOf(item)
    const path = ['watchdog', 'heartbeats', index]
    file.expectOnce(raw.name, names, [...path, 'name'])
    const url = urlOf(file, raw, path)
    const place = 'file' in url ? url.file : URL.canParse(url.clear) ? new URL(url.clear).host : ''
    if (place && places.has(place))
      file.wrong(
        [...path, 'file' in url ? 'url_file' : 'url'],
        'both watchers are the same and would fail together; choose one that runs elsewhere',
      )
    places.add(place)
    return { name: raw.name as string, url }
  })
}

function receiverOf(raw: Raw, otherwise: ReceiverConfig): ReceiverConfig {
  const bare = (value: unknown) => textOf(value)?.replace(/\/+$/, '')
  return {
    url: bare(raw.url) ?? otherwise.url,
    keyFile: textOf(raw.key_file) ?? otherwise.keyFile,
    tokenFile: textOf(raw.token_file) ?? otherwise.tokenFile,
    database: textOf(raw.database) ?? otherwise.database,
    databaseTokenFile: textOf(raw.database_token_file) ?? otherwise.databaseTokenFile,
    alertmanagerUrl: bare(raw.alertmanager_url) ?? otherwise.alertmanagerUrl,
  }
}
