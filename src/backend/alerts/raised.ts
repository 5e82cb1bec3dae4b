// Which alerts fire, since when, and which were resolved: what one evaluation after the other says, put together.
import { type Severity, severities } from '../../shared/severities'
import type { RaisedAlert } from '../api/alert-answers'
import type { ActiveAlert } from './evaluation'

/** Seconds for which a resolved alert is shown. */
const SHOWN_RESOLVED = 86_400
/** Resolved ones, the newest first. */
const MOST_RESOLVED = 50

/** A severity of somebody else's rule comes last. */
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

  /** Those that fire, the most severe first; then those that are pending, then those that were resolved. */
  list(): readonly RaisedAlert[] {
    const active = [...this.#active.values()].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    const of = (state: RaisedAlert['state']) => active.filter(alert => alert.state === state)
    return [...of('firing'), ...of('pending'), ...this.#resolved]
  }
}
