/** Which alerts are muted by others, by the rules of Alertmanager's configuration. */
import { matcherOf, matches } from '../../monitoring/alerts/matchers'
import type { KnownAlert } from './notification-log'

export interface InhibitRule {
  readonly source_matchers: readonly string[]
  readonly target_matchers: readonly string[]
  readonly equal?: readonly string[]
}

/** An alert that is a source of a rule too is not muted by one that is a target too, as Alertmanager has it. */
export function inhibitionOf(rules: readonly InhibitRule[]) {
  const read = rules.map(({ source_matchers: source, target_matchers: target, equal = [] }) => ({
    source: source.map(matcherOf),
    target: target.map(matcherOf),
    equal,
  }))
  /** @returns fingerprints of alerts that mute it, one for each rule */
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
