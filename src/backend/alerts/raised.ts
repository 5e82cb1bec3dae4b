// Derives from consecutive evaluations which alerts fire, since when, and which were resolved.
import { type Severity, severities } from '../../shared/severities'
import type { RaisedAlert } from '../api/alert-answers'
import type { ActiveAlert } from './evaluation'

/** How many seconds a resolved alert stays in the list. */
const SHOWN_RESOLVED = 86_400
/** The limit on resolved alerts; the newest are kept. */
const MOST_RESOLVED = 50

/** Severities of foreign rules sort last. */
const rank = ({ severity }: RaisedAlert): number => (severities.indexOf(severity as Severity) + RANKS) % RANKS

const RANKS = severities.length + 1

export interface Changes {
  readonly began: readonly RaisedAlert[]
  readonly ended: readonly RaisedAlert[]
}

export class RaisedAlerts {
  #active = new Map<string, RaisedAlert>()
  #resolved: readonly RaisedAlert[] = []

  /** @param now seconds since 1970 */
  update(active: readonly ActiveAlert[], now: number): Changes {
    const before = this.#active
    this.#active = new Map(
      active.map(({ key, since, labels: _, annotations: __, ...alert }) => [
        key,
        { ...alert, since: since ?? before.get(key)?.since ?? now, resolved: null },
      ]),
    )
    const isFiring = (alert: RaisedAlert | undefined) => alert?.state === 'firing'
    const began = [...this.#active].filter(([key, alert]) => isFiring(alert) && !isFiring(before.get(key)))
    const ended = [...before].filter(([key, alert]) => isFiring(alert) && !isFiring(this.#active.get(key)))
    const resolved = ended.map(([, alert]) => ({ ...alert, state: 'resolved' as const, resolved: now }))
    this.#resolved = [...resolved, ...this.#resolved]
      .filter(alert => alert.resolved! > now - SHOWN_RESOLVED)
      .slice(0, MOST_RESOLVED)
    return { began: began.map(([, alert]) => alert), ended: resolved }
  }

  /** Firing alerts by severity, then pending ones, then resolved ones. */
  list(): readonly RaisedAlert[] {
    const active = [...this.#active.values()].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    const of = (state: RaisedAlert['state']) => active.filter(alert => alert.state === state)
    return [...of('firing'), ...of('pending'), ...this.#resolved]
  }
}
