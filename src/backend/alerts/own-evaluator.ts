// Evaluates the rule files over the store of the embedded backend. Over the same points, a Prometheus with the same files gives the same
// results.

import { withoutEdge } from '../../monitoring/slo/queries'
import { countRecords, errorsRecord, ratioRecord } from '../../monitoring/slo/recording-rules'
import type { RuleGroup } from '../../monitoring/slo/rule-file'
import type { RulesOfSlo } from '../../monitoring/slo/rule-files'
import type { LatencySli, Slo } from '../../monitoring/slo/spec'
import { periodSeconds } from '../../monitoring/slo/windows'
import { type Labels, METRIC } from '../promql/labels'
import { expressionsOf } from '../promql/points/expressions'
import { Families } from '../promql/points/families'
import { PointSource } from '../promql/points/point-source'
import { type Needed, ReadOnce } from '../promql/points/read-once'
import { type RecordedSeries, RecordSource } from '../promql/points/record-source'
import { Sources } from '../promql/points/sources'
import { SpanCounts } from '../promql/points/span-counts'
import { cancellable, type Store } from '../store/store'
import { activeOf, type Evaluator, keyOfPart, objectiveOf, partBy, partsIn, type SloPartition } from './evaluation'
import { RuleEngine } from './rule-engine'
import { INTERVAL } from './rules'

export interface OwnEvaluatorOptions {
  readonly store: Store
  /** The rules of the objectives. */
  readonly made: readonly RulesOfSlo[]
  /** All other rules. */
  readonly groups: readonly RuleGroup[]
  /** The base URL of the page, for links in annotations. */
  readonly externalUrl: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Milliseconds. If new points are older than the last evaluation by more than this, that evaluation missed them, so the rules are evaluated
 * again from the start once no more such points arrive.
 */
const LATE = 3_600_000
/** Minimum milliseconds between two such restarts. */
const APART = 600_000

export function ownEvaluator({ store, made, groups, externalUrl, now }: OwnEvaluatorOptions): Evaluator {
  const rated = made.filter(({ slo }) => !isNative(slo))
  const families = new Families(store.shared)
  const engine = new RuleEngine({
    groups: [...rated.flatMap(({ files }) => files.flatMap(file => file.groups)), ...groups],
    sourceOf,
    externalUrl,
    started: now(),
  })
  let seen = -1n
  let isOutdated = false
  let restarted = Number.NEGATIVE_INFINITY

  function sourceOf(needed: readonly Needed[], signal: AbortSignal): Sources {
    const own = cancellable(store, signal)
    const expressions = expressionsOf(own)
    // queries that several rules share run once per evaluation
    let all: ReturnType<Families['all']> | undefined
    const known = { all: () => (all ??= families.all()) }
    const stored = [new PointSource(own, known, expressions), new SpanCounts(own, expressions)]
    return new Sources(
      [
        ...stored.map(source => new ReadOnce(source, needed)),
        new RecordSource(() => engine.recorded, expressions, true),
      ],
      expressions,
    )
  }

  /** The time of the oldest point that arrived since the last call, in milliseconds since 1970. */
  async function oldestNew(signal: AbortSignal): Promise<number | undefined> {
    const from = BigInt(Math.floor(now() - 1_000 * Math.max(...Object.values(periodSeconds)))) * 1_000_000n
    const [row] = await store.query(
      `SELECT (min(time_ns) // 1000000)::DOUBLE AS oldest, max(seq) AS last FROM metric_points WHERE seq > $1 AND time_ns >= $2`,
      [seen, from],
      signal,
    )
    const { oldest, last } = row as { oldest: number | null; last: bigint | null }
    seen = last ?? seen
    return oldest ?? undefined
  }

  return {
    by: 'up',
    async evaluate(signal) {
      const at = now()
      let oldest = await oldestNew(signal)
      const isLate = oldest !== undefined && engine.last !== undefined && oldest < engine.last - LATE
      const isBack = engine.last !== undefined && at < engine.last - LATE
      if (isBack || (isOutdated && !isLate && Math.abs(at - restarted) > APART)) {
        engine.restart()
        seen = -1n
        isOutdated = false
        restarted = at
        oldest = await oldestNew(signal)
      } else isOutdated ||= isLate
      await engine.evaluate(at, oldest, signal)
      const records = new Latest(engine.recorded, engine.last ?? at)
      const problems = engine.problems
      const isRefused = ({ files }: RulesOfSlo) =>
        files.some(file => file.groups.some(({ name }) => problems.some(({ group }) => group === name)))
      const alerts = await engine.alerts(signal)
      const withoutEdges = new Map<string, string>()
      for (const { slo } of rated)
        if (slo.sli.kind === 'latency') {
          const problem = await edgeProblem(slo, slo.sli, text => engine.ask(text, signal))
          if (problem !== undefined) withoutEdges.set(slo.id, problem)
        }
      const unrated = (one: RulesOfSlo) => {
        if (isNative(one.slo)) return 'native'
        return isRefused(one) ? 'refused' : undefined
      }
      return {
        active: alerts.map(({ labels, ...alert }) => activeOf({ ...alert, labels: Object.fromEntries(labels.pairs) })),
        objectives: made.flatMap(one => {
          const rated = records.parts(one.slo)
          const isWithoutEdge = rated.length === 0 && withoutEdges.has(one.slo.id)
          return partsIn(rated).map(part =>
            objectiveOf(one.slo, {
              ...part,
              value: record => records.value(record, one.slo, part),
              unrated: unrated(one) ?? (isWithoutEdge ? 'no_edge' : undefined),
              ...records.counts(one.slo, part),
            }),
          )
        }),
        problems: [...problems.map(({ text }) => text), ...withoutEdges.values()],
      }
    },
    recorded: () => engine.recorded,
  }
}

/** The store has no series of native histograms. */
const isNative = ({ sli }: Slo): boolean => 'metric' in sli && sli.metric.type === 'native'

/** Recorded series at one moment. */
class Latest {
  readonly #series = new Map<string, RecordedSeries>()
  readonly #at: number

  constructor(all: readonly RecordedSeries[], at: number) {
    for (const one of all) this.#series.set(keyOf(one.labels.get(METRIC), one.labels), one)
    this.#at = at
  }

  /** The partitions from which the events of an objective come. */
  parts({ id }: Slo): SloPartition[] {
    const of = [...this.#series.values()].filter(({ labels }) => labels.get('sloth_id') === id)
    const rated = of.filter(({ labels }) => labels.get(METRIC) === ratioRecord('5m'))
    return rated.map(({ labels }) => partBy(label => labels.get(label)))
  }

  value(record: string, slo: Slo, part: SloPartition): number | null {
    const stored = this.#stored(record, slo, part, this.#at - INTERVAL)
    return stored && stored.ends?.at(-1) !== 1 ? stored.values.at(-1)! : null
  }

  /** The counts over the period. */
  counts(slo: Slo, part: SloPartition): { since: number; events: number | null; bad: number | null } {
    const from = this.#at - 1_000 * periodSeconds[slo.period]
    const [total, errors, ratio] = [countRecords.total, countRecords.errors, errorsRecord('5m')].map(record =>
      this.#stored(record, slo, part, from),
    )
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0)
    return {
      since: ((total ?? ratio)?.times[0] ?? this.#at) / 1_000,
      events: total ? sum(total.values) : null,
      bad: total && errors ? sum(errors.values) : null,
    }
  }

  #stored(record: string, { id }: Slo, part: SloPartition, from: number) {
    return this.#series.get(`${record} ${id} ${keyOfPart(part)}`)?.stored(from, this.#at)
  }
}

const keyOf = (record: string, labels: Labels): string =>
  `${record} ${labels.get('sloth_id')} ${keyOfPart(partBy(label => labels.get(label)))}`

/** Names the services whose histogram has no bucket edge at the threshold, so that none of their events count. */
async function edgeProblem(
  { id }: Slo,
  sli: LatencySli,
  ask: (text: string) => ReturnType<RuleEngine['ask']>,
): Promise<string | undefined> {
  const found = await ask(withoutEdge(sli))
  if (found.length === 0) return undefined
  const names = found.map(({ Labels: { service_name } }) => service_name || 'a service without a name')
  const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
  const { metric, threshold } = sli
  return `${id}: ${metric.name} of ${shown} has no bucket that ends at ${threshold} ${metric.unit}, so these requests do not count`
}
