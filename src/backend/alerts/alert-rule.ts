// The alerts of one rule over time, as Prometheus' rules.AlertingRule holds them: pending until they have held for as long as the rule
// wants, then firing.
import type { Labels } from '../promql/labels'

export interface Alert {
  /** Of the alert, with `alertname`. */
  readonly labels: Labels
  /** Of which its texts speak: the last one for which the condition held, and when that was. */
  sample: { readonly labels: Labels; readonly value: number }
  sampledAt: number
  state: 'pending' | 'firing'
  /** When its condition became true. Milliseconds since 1970, as all times here. */
  readonly activeAt: number
  /** Since when only `keep_firing_for` has it fire. */
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

  /** @param found for which its condition holds at this time */
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
