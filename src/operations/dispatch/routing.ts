/** Routing: the path of an alert through the routes of Alertmanager's configuration. */
import { createHash } from 'node:crypto'
import type { Matcher } from '../../monitoring/alerts/api'
import { matcherOf, matches } from '../../monitoring/alerts/matchers'
import type { Route } from '../../monitoring/alerts/routes'
import { secondsOf } from '../../monitoring/alerts/times'

export type Labels = Readonly<Record<string, string>>

export interface Way {
  /** Identifies the route. */
  readonly key: string
  readonly receiver: string
  /** Labels to group by; undefined: all labels. */
  readonly groupBy: readonly string[] | undefined
  /** ms */
  readonly wait: number
  readonly interval: number
  readonly repeat: number
  /** Names of windows that mute notifications, and of windows outside of which they are muted. */
  readonly muted: readonly string[]
  readonly active: readonly string[]
}

interface Node extends Way {
  readonly matchers: readonly Matcher[]
  readonly nodes: readonly Node[]
}

/** @returns a function that finds the route of an alert */
export function waysOf(route: Route): (labels: Labels) => Way {
  const root = nodeOf(route, undefined)
  return labels => {
    let at = root
    for (;;) {
      const next = at.nodes.find(({ matchers }) => matches(labels, matchers))
      if (!next) return at
      at = next
    }
  }
}

/** A route inherits all settings but the windows from its parent. */
function nodeOf(route: Route, parent: Way | undefined): Node {
  const { receiver, matchers = [], group_by: groupBy, routes = [] } = route
  const ms = (text: string | undefined, otherwise: number | undefined) =>
    // other durations may not be 0s
    text === undefined ? (otherwise ?? 0) : (secondsOf(text) ?? 0) * 1_000
  const way: Way = {
    key: `${parent ? `${parent.key}/` : ''}{${matchers.join(',')}}`,
    receiver: receiver ?? parent?.receiver ?? '',
    groupBy: groupBy ? (groupBy.includes('...') ? undefined : groupBy) : parent?.groupBy,
    wait: ms(route.group_wait, parent?.wait),
    interval: ms(route.group_interval, parent?.interval),
    repeat: ms(route.repeat_interval, parent?.repeat),
    muted: route.mute_time_intervals ?? [],
    active: route.active_time_intervals ?? [],
  }
  return { ...way, matchers: matchers.map(matcherOf), nodes: routes.map(child => nodeOf(child, way)) }
}

/** An empty label counts as missing. */
export const withoutEmpty = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))

/** Equal for equal labels. */
export const fingerprintOf = (labels: Labels): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')
    .slice(0, 16)
