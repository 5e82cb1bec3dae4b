/** Inhibition: which alerts mute others, by Alertmanager's rules. */
import { matcherOf, matches } from '../../monitoring/alerts/matchers'
import type { KnownAlert } from './notification-log'

export interface InhibitRule {
  readonly source_matchers: readonly string[]
  readonly target_matchers: readonly string[]
  readonly equal?: readonly string[]
}

/** As in Alertmanager, an alert that matches both sides of a rule is not muted by another one that does. */
export function inhibitionOf(rules: readonly InhibitRule[]) {
  const read = rules.map(({ source_matchers: source, target_matchers: target, equal = [] }) => ({
    source: source.map(matcherOf),
    target: target.map(matcherOf),
    equal,
  }))
  /** @returns fingerprints of the alerts that mute this one, one per rule */
  return ({ labels, fingerprint }: KnownAlert, firing: readonly KnownAlert[]): string[] =>
    read.flatMap(({ source, target, equal }) => {
      if (!matches(labels, target)) return []
      const isBoth = matches(labels, source)
      const found = firing.find(
        other =>
          other.fingerprint !== fingerprint &&
          matches(other.labels, source) &&
          equal.every(name => (other.labels[name] ?? '') === (labels[name] ?? '')) &&
          !(isBoth && matches(other.labels, target)),
      )
      return found ? [found.fingerprint] : []
    })
}
