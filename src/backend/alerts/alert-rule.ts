// Tracks the alerts of one rule over time, like Prometheus' rules.AlertingRule: pending for the rule's `for`, then firing.
import type { Labels } from '../promql/labels'

export interface Alert {
  /** The labels of the alert, with `alertname`. */
  readonly labels: Labels
  /** The last sample for which the condition held, used in the alert's texts, and its time. */
  sample: { readonly labels: Labels; readonly value: number }
  sampledAt: number
  state: 'pending' | 'firing'
  /** When the condition became true. All times here are milliseconds since 1970. */
  readonly activeAt: number
  /** Since when the alert fires only because of `keep_firing_for`. */
  keptSince: number | undefined
}

export interface Holding {
  /** Milliseconds. */
  readonly for: number
  readonly keepFiringFor: number
}

export class AlertRule {
  readonly #holding: Holding
  readonly #alerts = new Map<string, Alert>()

  constructor(holding: Holding) {
    this.#holding = holding
  }

  /** @param found the samples for which the condition holds at this time */
  update(found: readonly Pick<Alert, 'labels' | 'sample'>[], at: number): void {
    const there = new Set<string>()
    for (const { labels, sample } of found) {
      const { key } = labels
      there.add(key)
      const known = this.#alerts.get(key)
      if (known) Object.assign(known, { sample, sampledAt: at })
      else
        this.#alerts.set(key, { labels, sample, sampledAt: at, state: 'pending', activeAt: at, keptSince: undefined })
    }
    for (const [key, alert] of this.#alerts) {
      if (there.has(key)) {
        alert.keptSince = undefined
        if (at - alert.activeAt >= this.#holding.for) alert.state = 'firing'
      } else if (!this.#isKept(alert, at)) this.#alerts.delete(key)
    }
  }

  clear(): void {
    this.#alerts.clear()
  }

  get alerts(): readonly Alert[] {
    return [...this.#alerts.values()]
  }

  #isKept(alert: Alert, at: number): boolean {
    const { keepFiringFor } = this.#holding
    if (alert.state === 'pending' || keepFiringFor === 0) return false
    alert.keptSince ??= at
    return at - alert.keptSince < keepFiringFor
  }
}
