/** Which way an alert takes through the routes of an Alertmanager's configuration, as Alertmanager reads them. */
import { createHash } from 'node:crypto'
import type { Matcher } from '../../monitoring/alerts/api'
import { matcherOf, matches } from '../../monitoring/alerts/matchers'
import type { Route } from '../../monitoring/alerts/routes'
import { secondsOf } from '../../monitoring/alerts/times'

export type Labels = Readonly<Record<string, string>>

export interface Way {
  /** Tells one route from another. */
  readonly key: string
  readonly receiver: string
  /** Labels of a group; undefined: all of them. */
  readonly groupBy: readonly string[] | undefined
  /** ms */
  readonly wait: number
  readonly interval: number
  readonly repeat: number
  /** Names of windows in which nobody is notified, and in which alone somebody is. */
  readonly muted: readonly string[]
  readonly active: readonly string[]
}

interface Node extends Way {
  readonly matchers: readonly Matcher[]
  readonly nodes: readonly Node[]
}

/** @returns of each alert its way */
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

/** What a route does not say is its parent's, but for windows. */
function nodeOf(route: Route, parent: Way | undefined): Node {
  const { receiver, matchers = [], group_by: groupBy, routes = [] } = route
  const ms = (text: string | undefined, otherwise: number | undefined) =>
    // 0s is no duration elsewhere
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

/** A label without a value is none. */
export const withoutEmpty = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))

/** The same for the same labels. */
export const fingerprintOf = (labels: Labels): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')
    .slice(0, 16)
