// Rates objectives over what the counters in the store counted, with the windows, factors and words of the rules that `afn-otel slo` writes.

import { absentWords, alertName, burnWords, shownOf, type Words } from '../../slo/alert-texts'
import { absentAfter } from '../../slo/alerts'
import { type AlertKind, budgetOf, type Slo } from '../../slo/spec'
import { periodSeconds, windowSeconds } from '../../slo/windows'
import type { Objective } from '../api/alert-answers'
import { cancellable, type Store } from '../store/store'
import { AppAlerts } from './app-alerts'
import { CountedPoints, type Increase, type Listener, type Series } from './counted-points'
import { type ActiveAlert, type Evaluator, objectiveOf } from './evaluation'
import { EventCounts, type Events } from './event-counts'
import { isExcluded } from './excluded'
import { type Fired, type Rating, rate } from './rate'
import { type Counter, counterOf, type Uncounted } from './sli-events'

export interface OwnEvaluatorOptions {
  readonly store: Store
  readonly slos: readonly Slo[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** An objective, and what is known of it. */
interface Rated {
  readonly slo: Slo
  readonly counter: Counter
  readonly counts: EventCounts
  /** Services whose histogram has no edge at the threshold: nobody can say which of their events are bad. */
  readonly withoutEdge: Set<string>
  /** When its metric came last, in milliseconds since 1970. */
  seen: number
}

interface Unrated {
  readonly slo: Slo
  readonly why: Uncounted
}

const isRated = (one: Rated | Unrated): one is Rated => 'counts' in one

export function ownEvaluator({ store, slos, now }: OwnEvaluatorOptions): Evaluator {
  const thresholds = [...new Set(slos.flatMap(({ sli }) => (sli.kind === 'latency' ? sli.threshold : [])))]
  const all = slos.map((slo): Rated | Unrated => {
    const counter = counterOf(slo.sli, thresholds)
    if (typeof counter === 'string') return { slo, why: counter }
    return { slo, counter, counts: new EventCounts(), withoutEdge: new Set(), seen: 0 }
  })
  const rated = all.filter(isRated)
  const apps = new AppAlerts()
  const ofSlos = rated.flatMap(({ slo: { sli } }) => ('metric' in sli ? sli.metric.name : []))
  const metrics = [...new Set([...apps.metrics, ...ofSlos])]
  const window = 1_000 * Math.max(...Object.values(periodSeconds))
  const started = now()
  let points: CountedPoints | undefined

  function listenerOf(series: Series): Listener {
    const app = apps.listenerOf(series)
    const service = series.label('service_name')
    const those = rated.flatMap(one => {
      const events = one.counter(series)
      return events ? [{ one, events }] : []
    })
    if (!app && those.length === 0) return undefined
    return increase => {
      app?.(increase)
      for (const { one, events } of those) take(one, events(increase), increase, service)
    }
  }

  return {
    by: 'up',
    async evaluate(signal) {
      points ??= new CountedPoints({ store: cancellable(store, signal), metrics, thresholds, now, window, listenerOf })
      await points.read()
      const at = now()
      const active = new Map<string, ActiveAlert>()
      const objectives = all.map(one => {
        if (!isRated(one)) return objectiveOf(one.slo, one.why)
        const rating = rate(one.slo, one.counts, at)
        const alerts = [...rating.fired.map(fired => burnAlert(one.slo, fired)), ...absentAlert(one, at, started)]
        for (const alert of alerts) if (!active.has(alert.key)) active.set(alert.key, alert)
        return ratedObjective(one, rating, at)
      })
      return {
        active: [...active.values(), ...apps.active(at / 1_000)],
        objectives,
        problems: [...rated.flatMap(edgeProblem), ...(points.isFull ? [FULL] : [])],
      }
    },
  }
}

const FULL =
  'the metrics have too many series: those that came last are not rated; an attribute seems to name each request'

/** @param service whose events they are */
function take(one: Rated, events: Events | 'no edge', { from, to }: Increase, service: string): void {
  one.seen = Math.max(one.seen, to)
  if (events === 'no edge') one.withoutEdge.add(service)
  else if (!isExcluded(one.slo.exclude, from)) one.counts.add(from, events)
}

function edgeProblem({ slo, withoutEdge }: Rated): string[] {
  if (slo.sli.kind !== 'latency' || withoutEdge.size === 0) return []
  const { metric, threshold } = slo.sli
  const names = [...withoutEdge].map(name => name || 'a service without a name')
  const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
  const edge = `${threshold} ${metric.unit}`
  return [`${slo.id}: ${metric.name} of ${shown} has no bucket that ends at ${edge}, so these requests are not rated`]
}

function ratedObjective({ slo, counts, withoutEdge }: Rated, { burns, period }: Rating, now: number): Objective {
  if (counts.since === undefined) return objectiveOf(slo, withoutEdge.size > 0 ? 'no_edge' : 'no_events')
  if (period.total === 0) return objectiveOf(slo, 'no_events')
  const figures = {
    since: Math.max(counts.since / 1_000, now / 1_000 - periodSeconds[slo.period]),
    events: period.total,
    bad: period.bad,
    left: 1 - period.bad / period.total / budgetOf(slo),
  }
  return objectiveOf(slo, 'rated', { figures, burns })
}

function burnAlert(slo: Slo, { tier, ratio }: Fired): ActiveAlert {
  const alert = alertOf(slo, tier.name, 'firing', undefined, burnWords(slo, tier, shownOf(slo, ratio)))
  if (slo.compat !== 'sloth') return alert
  // Sloth has two alerts of one name, of two tiers each
  const { slothSeverity } = tier
  const { name } = slo.alerts
  const severity = slo.alerts[slothSeverity].labels.severity ?? ''
  return { ...alert, key: `${slo.id} ${slothSeverity}`, name, severity }
}

/** Milliseconds after its last point from which on a series has no rate: the shortest window. */
const FRESH = 1_000 * windowSeconds[0]!

/** Of an app that has run while this process did: that none was started yet is no news on a laptop. */
function absentAlert({ slo, seen, counts, withoutEdge }: Rated, now: number, started: number): ActiveAlert[] {
  if (slo.compat === 'sloth' || slo.alerts.severities.metric_absent === 'off' || seen < started) return []
  const hasEdge = counts.since !== undefined || withoutEdge.size === 0
  const since = hasEdge ? seen + FRESH : started
  const after = absentAfter(slo)
  if (now < since) return []
  const state = now - since < after * 1_000 ? 'pending' : 'firing'
  return [alertOf(slo, 'metric_absent', state, since / 1_000, absentWords(slo, after))]
}

function alertOf(
  slo: Slo,
  kind: AlertKind,
  state: ActiveAlert['state'],
  since: number | undefined,
  words: Words,
): ActiveAlert {
  const name = alertName(slo, kind)
  const severity = slo.alerts.severities[kind]
  return { key: `${slo.id} ${name}`, name, severity, state, since, service: slo.service, ...words }
}
