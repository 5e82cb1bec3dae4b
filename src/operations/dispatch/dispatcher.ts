/**
 * Sends notifications by alerts-config.yaml without an Alertmanager. Groups, delays, repeats, inhibition, silences and time windows work as
 * in Alertmanager, from the configuration generated for it, so both behave the same.
 */
import { randomUUID } from 'node:crypto'
import { alertmanagerConfig } from '../../monitoring/alerts/alertmanager'
import type { PostedAlert, Silence } from '../../monitoring/alerts/api'
import type { AlertsConfig } from '../../monitoring/alerts/config'
import { matches } from '../../monitoring/alerts/matchers'
import { BUSINESS_HOURS, maintenanceName, type Route } from '../../monitoring/alerts/routes'
import { createRedactor } from '../../shared/redact'
import { type InhibitRule, inhibitionOf } from './inhibition'
import type { Integration } from './integration'
import { messageOf, shown } from './message'
import { KEPT_MS, type KeptSilence, type KnownAlert, type Memory, type SentNotification } from './notification-log'
import { fingerprintOf, type Labels, type Way, waysOf, withoutEmpty } from './routing'
import { isWithin } from './windows'

export interface DispatcherOptions {
  readonly config: AlertsConfig
  readonly memory: Memory
  /** By the receiver's name in Alertmanager's configuration. */
  readonly integrations: ReadonlyMap<string, readonly Integration[]>
  /** The dispatcher's address for people. */
  readonly externalUrl: string
  /** ms since 1970 */
  readonly now: () => number
  /** Reports a failure, in one sentence. */
  readonly failed: (what: string) => void
}

interface Group {
  readonly key: string
  readonly way: Way
  readonly labels: Labels
  readonly alerts: Set<string>
  /** ms since 1970 */
  due: number
  hasFlushed: boolean
  /** Number of consecutive failures. */
  failures: number
}

const FIRST_RETRY_MS = 2_000
const HOUR_MS = 3_600_000
/** How long an alert without an end is considered firing. */
const LASTS_MS = 300_000

export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #wayOf: (labels: Labels) => Way
  readonly #mutes: ReturnType<typeof inhibitionOf>
  readonly #mask = createRedactor({ allow: { keys: ['acknowledge_url'] } }).attributes
  readonly #groups = new Map<string, Group>()
  readonly #alerts: Map<string, KnownAlert>
  readonly #sent: Map<string, SentNotification>
  readonly #silences: Map<string, KeptSilence>
  #forgotAt = Number.NEGATIVE_INFINITY

  static async start(options: DispatcherOptions): Promise<Dispatcher> {
    const { memory, now } = options
    await memory.forgetOld(now())
    const [alerts, sent, silences] = await Promise.all([memory.alerts(), memory.sent(), memory.silences()])
    return new Dispatcher(options, alerts, sent, silences)
  }

  private constructor(
    options: DispatcherOptions,
    alerts: Map<string, KnownAlert>,
    sent: Map<string, SentNotification>,
    silences: Map<string, KeptSilence>,
  ) {
    this.#options = options
    const { route, inhibit_rules: rules = [] } = alertmanagerConfig(options.config, { secret: file => file }) as {
      route: Route
      inhibit_rules?: InhibitRule[]
    }
    this.#wayOf = waysOf(route)
    this.#mutes = inhibitionOf(rules)
    this.#alerts = alerts
    this.#sent = sent
    this.#silences = silences
    for (const alert of alerts.values()) this.#route(alert)
  }

  /** Firing alerts are posted repeatedly; resolved ones have an end. */
  async post(posted: readonly PostedAlert[]): Promise<void> {
    const now = this.#options.now()
    const taken = posted.map(({ labels, annotations, startsAt, endsAt, ...more }): KnownAlert => {
      const own = withoutEmpty(this.#mask(labels))
      const fingerprint = fingerprintOf(own)
      const before = this.#alerts.get(fingerprint)
      const start = Date.parse(startsAt ?? '') || now
      const { generatorURL = '' } = more as { generatorURL?: string }
      return {
        fingerprint,
        labels: own,
        annotations: this.#mask(annotations ?? {}),
        generatorURL,
        startsAt: before && before.endsAt > now ? Math.min(before.startsAt, start) : start,
        endsAt: Date.parse(endsAt ?? '') || now + LASTS_MS,
      }
    })
    // the end of an unknown alert needs no notification
    const known = taken.filter(({ fingerprint, endsAt }) => endsAt > now || this.#alerts.has(fingerprint))
    for (const alert of known) {
      this.#alerts.set(alert.fingerprint, alert)
      this.#route(alert)
    }
    await this.#options.memory.keepAlerts(known, now)
  }

  /** Sends notifications that are due. */
  async tick(): Promise<void> {
    const now = this.#options.now()
    await this.#forgetOld(now)
    for (const group of this.#groups.values()) if (group.due <= now) await this.#flush(group, now)
  }

  /** Firing alerts in the format of Alertmanager's API. */
  alerts(): object[] {
    const now = this.#options.now()
    return [...this.#alerts.values()]
      .filter(({ endsAt }) => endsAt > now)
      .map(alert => {
        const silencedBy = this.#silencesOf(alert, now)
        const inhibitedBy = this.#inhibitedBy(alert, now)
        return {
          ...shown(alert, false),
          receivers: [{ name: this.#wayOf(alert.labels).receiver }],
          status: {
            state: silencedBy.length + inhibitedBy.length > 0 ? 'suppressed' : 'active',
            silencedBy,
            inhibitedBy,
          },
        }
      })
  }

  silences(): Silence[] {
    const now = this.#options.now()
    return [...this.#silences.values()].map(silence => ({ ...silence, status: { state: stateOf(silence, now) } }))
  }

  async silence(wanted: Omit<Silence, 'status' | 'id'> & { readonly id?: string }): Promise<string> {
    const silence = { ...wanted, id: wanted.id || randomUUID() }
    this.#silences.set(silence.id, silence)
    await this.#options.memory.keepSilence(silence, this.#options.now())
    return silence.id
  }

  /** @returns whether the silence exists */
  async expire(id: string): Promise<boolean> {
    const silence = this.#silences.get(id)
    if (!silence) return false
    await this.silence({ ...silence, endsAt: new Date(this.#options.now()).toISOString() })
    return true
  }

  #route(alert: KnownAlert): void {
    const now = this.#options.now()
    const way = this.#wayOf(alert.labels)
    const labels = way.groupBy
      ? Object.fromEntries(way.groupBy.filter(name => alert.labels[name]).map(name => [name, alert.labels[name]!]))
      : alert.labels
    const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))
    const key = `${way.key}:{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`
    const group = this.#groups.get(key) ?? {
      key,
      way,
      labels,
      alerts: new Set<string>(),
      due: now + way.wait,
      hasFlushed: false,
      failures: 0,
    }
    group.alerts.add(alert.fingerprint)
    // an alert that already waited for group_wait elsewhere is sent at once
    if (!group.hasFlushed && alert.startsAt + way.wait < now) group.due = Math.min(group.due, now)
    this.#groups.set(key, group)
  }

  async #flush(group: Group, now: number): Promise<void> {
    group.hasFlushed = true
    group.due = now + group.way.interval
    const all = [...group.alerts].flatMap(fingerprint => this.#alerts.get(fingerprint) ?? [])
    const isQuiet =
      group.way.muted.some(name => this.#isWithin(name, now)) ||
      (group.way.active.length > 0 && !group.way.active.some(name => this.#isWithin(name, now)))
    const alerts = isQuiet
      ? []
      : all.filter(alert => this.#inhibitedBy(alert, now).length === 0 && this.#silencesOf(alert, now).length === 0)
    const isDone = alerts.length === 0 || (await this.#notify(group, alerts, now))
    if (!isDone) {
      group.failures++
      group.due = Math.min(group.due, now + FIRST_RETRY_MS * 2 ** Math.min(group.failures - 1, 8))
      return
    }
    group.failures = 0
    const over = all.filter(({ endsAt }) => endsAt <= now).map(({ fingerprint }) => fingerprint)
    for (const fingerprint of over) {
      group.alerts.delete(fingerprint)
      this.#alerts.delete(fingerprint)
    }
    if (over.length > 0) await this.#options.memory.forget(over)
    if (group.alerts.size === 0) this.#groups.delete(group.key)
  }

  /** @returns whether all due notifications were delivered */
  async #notify({ key, way, labels }: Group, alerts: readonly KnownAlert[], now: number): Promise<boolean> {
    const { integrations, externalUrl, memory, failed } = this.#options
    const firing = alerts.filter(({ endsAt }) => endsAt > now)
    const resolved = alerts.filter(({ endsAt }) => endsAt <= now)
    const names = (some: readonly KnownAlert[]) => some.map(({ fingerprint }) => fingerprint).sort()
    let all = true
    for (const integration of integrations.get(way.receiver) ?? []) {
      const place = `${key} ${integration.name}`
      const shownAlerts = integration.sendResolved ? alerts : firing
      if (
        shownAlerts.length === 0 ||
        !isNews(this.#sent.get(place), names(firing), names(resolved), integration, now - way.repeat)
      )
        continue
      try {
        await integration.send(messageOf(key, way.receiver, labels, shownAlerts, externalUrl, now))
        const sent = { firing: names(firing), resolved: names(resolved), at: now }
        this.#sent.set(place, sent)
        await memory.keepSent(place, sent, now)
      } catch (error) {
        all = false
        failed(`${integration.name}: ${(error as Error).message}`)
      }
    }
    return all
  }

  #isWithin(name: string, now: number): boolean {
    const { businessHours, maintenance } = this.#options.config
    if (name === BUSINESS_HOURS) return isWithin(businessHours, now)
    return maintenance.some(one => maintenanceName(one.name) === name && isWithin(one.window, now))
  }

  #silencesOf({ labels }: KnownAlert, now: number): string[] {
    return [...this.#silences.values()]
      .filter(silence => stateOf(silence, now) === 'active' && matches(labels, silence.matchers))
      .map(({ id }) => id)
  }

  #inhibitedBy(alert: KnownAlert, now: number): string[] {
    const firing = [...this.#alerts.values()].filter(({ endsAt }) => endsAt > now)
    return this.#mutes(alert, firing)
  }

  /** Drops expired silences and records of notifications. */
  async #forgetOld(now: number): Promise<void> {
    if (now - this.#forgotAt < HOUR_MS) return
    this.#forgotAt = now
    for (const [place, { at }] of this.#sent) if (at < now - KEPT_MS) this.#sent.delete(place)
    for (const [id, { endsAt }] of this.#silences) if (Date.parse(endsAt) < now - KEPT_MS) this.#silences.delete(id)
    await this.#options.memory.forgetOld(now)
  }
}

/** Whether there is anything new since the last notification. */
function isNews(
  sent: SentNotification | undefined,
  firing: readonly string[],
  resolved: readonly string[],
  { sendResolved }: Integration,
  repeatBefore: number,
): boolean {
  if (!sent) return firing.length > 0
  if (firing.some(name => !sent.firing.includes(name))) return true
  if (firing.length === 0) return sent.firing.length > 0
  if (sendResolved && resolved.some(name => !sent.resolved.includes(name))) return true
  return sent.at < repeatBefore
}

function stateOf({ startsAt, endsAt }: KeptSilence, now: number): Silence['status']['state'] {
  if (Date.parse(endsAt) <= now) return 'expired'
  return Date.parse(startsAt) > now ? 'pending' : 'active'
}
