/**
 * What the Collector counts of spans, counted from the spans of the store: an app that sends here alone has the same metrics as behind a
 * Collector.
 */
import {
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_AFN_LLM_USER_GROUP,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
} from '../../../../semconv'
import { TEAM } from '../../../shared/otlp/origin-labels'
import { labelName } from '../../../shared/otlp/prometheus-names'
import { spanKinds, statusCodes } from '../../../shared/otlp/trace'
import { Stretch } from '../../event-loop-turns'
import { arrayAttribute, attribute } from '../../store/columns'
import type { Row, Store } from '../../store/store'
import { knownKeys } from '../../traceql/known-keys'
import type { Matcher } from '../ast'
import { type Label, Labels, METRIC } from '../labels'
import { acceptedSeries, type Expressions } from '../patterns'
import { Samples, type StoredSeries } from '../series'
import type { SelectContext } from '../source'
import { agentWorkCounters } from './agent-counts'
import { SampleColumn } from './column'
import { type Resource, resourcesOf } from './labels-of'
import type { SeriesSource } from './sources'
import { named, type SpanCounter } from './span-counter'
import { LAST, nanos } from './times'

/** Seconds: edges of the buckets, as the Collector's `span_metrics` has them. */
const EDGES = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120]

/** Milliseconds between two samples, as the Collector sends them, and how long it goes on after the last span. */
const STEP = 15_000
const EXPIRES = 30 * 60_000
/** Of a series in one query: over a long time they are further apart. */
const MOST_SAMPLES = 500

const wordOf = (prefix: string, words: readonly string[], index: string): string =>
  `'${prefix}' || [${words.map(word => `'${word.toUpperCase()}'`).join(', ')}][${index} + 1]`

const rollup = attribute('span', ATTR_AFN_LLM_USAGE_ROLLUP, 'bool')
const cost = attribute('span', ATTR_AFN_LLM_COST_TOTAL, 'float')
const TAGS = 'langfuse.trace.tags'
// the store has an array of one as what is in it
const tags = `coalesce(array_to_string(list_sort(${arrayAttribute('s', TAGS)}.s), ', '), ${attribute('span', TAGS, 'string')}, '')`

/** Of the same names, labels and conditions as those of src/pipeline/deployment. */
const all: readonly SpanCounter[] = [
  {
    parts: [
      { name: 'afn_span_calls_total', sum: 'count(*)' },
      { name: 'afn_span_duration_seconds_count', sum: 'count(*)' },
      { name: 'afn_span_duration_seconds_sum', sum: 'sum(s.duration_ns) / 1e9' },
      ...[...EDGES, Number.POSITIVE_INFINITY].map(edge => ({
        name: 'afn_span_duration_seconds_bucket',
        le: edge === Number.POSITIVE_INFINITY ? '+Inf' : String(edge),
        sum: edge === Number.POSITIVE_INFINITY ? 'count(*)' : `count(*) FILTER (s.duration_ns <= ${edge * 1e9})`,
      })),
    ],
    labels: [
      ['span_name', 's.name'],
      ['span_kind', wordOf('SPAN_KIND_', spanKinds, 's.kind')],
      ['status_code', wordOf('STATUS_CODE_', statusCodes, 's.status')],
      ...named(ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_REQUEST_MODEL, ATTR_ERROR_TYPE),
      [labelName(ATTR_AFN_LLM_USAGE_ROLLUP)!, `coalesce(${rollup}::VARCHAR, '')`],
    ],
    where: 'true',
  },
  {
    parts: [{ name: 'afn_llm_feature_cost_total', sum: `sum(${cost})` }],
    labels: [...named(ATTR_GEN_AI_AGENT_NAME), [labelName(ATTR_AFN_LLM_USER_GROUP)!, tags]],
    // an agent may repeat what its calls cost
    where: `${cost} >= 0 AND ${rollup} IS NOT TRUE`,
  },
  {
    parts: [{ name: 'afn_llm_guardrail_interventions_total', sum: 'count(*)' }],
    labels: named(ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_REQUEST_MODEL),
    where: attribute('span', ATTR_AFN_LLM_GUARDRAIL_TRIGGERED, 'bool'),
  },
  ...agentWorkCounters,
]

/** A series, and what each step adds to it. */
interface Counts {
  readonly labels: Labels
  readonly increments: Map<number, number>
}

export class SpanCounts implements SeriesSource {
  readonly #store: Pick<Store, 'query' | 'shared'>
  readonly #expressions: Expressions
  readonly #counters: readonly SpanCounter[]
  readonly isBeside: boolean

  /** @param isBeside apps send series of the same names */
  constructor(
    store: Pick<Store, 'query' | 'shared'>,
    expressions: Expressions,
    counters: readonly SpanCounter[] = all,
    isBeside = false,
  ) {
    this.#store = store
    this.#expressions = expressions
    this.#counters = counters
    this.isBeside = isBeside
  }

  select(matchers: readonly Matcher[], from: number, to: number, { samples }: SelectContext): Promise<StoredSeries[]> {
    return this.#counted(matchers, from, to, samples)
  }

  async labels(matchers: readonly Matcher[], from: number, to: number): Promise<Labels[]> {
    const counted = await this.#counted(matchers, from, to, new Samples(Number.POSITIVE_INFINITY))
    return counted.map(({ labels }) => labels)
  }

  async #counted(matchers: readonly Matcher[], from: number, to: number, samples: Samples): Promise<StoredSeries[]> {
    const time = [Math.max(0, from), Math.min(to, LAST)] as const
    const names = [...new Set(this.#counters.flatMap(({ parts }) => parts.map(({ name }) => name)))]
    const isWanted = await acceptedSeries(
      matchers.filter(({ label }) => label === METRIC),
      names.map(name => Labels.of([[METRIC, name]])),
      this.#expressions,
    )
    const wanted = new Set(names.filter((_, at) => isWanted[at]))
    const found: StoredSeries[] = []
    for (const counted of this.#counters) {
      const parts = counted.parts.filter(({ name }) => wanted.has(name))
      if (parts.length > 0 && (await this.#mayCount(counted)))
        found.push(...(await this.#read({ ...counted, parts }, matchers, time, samples)))
    }
    return found
  }

  async #mayCount({ needs }: SpanCounter): Promise<boolean> {
    return needs === undefined || (await knownKeys(this.#store)).has('span', needs, 'string')
  }

  /** Only what is counted after `from`: rates and increases need no more. */
  async #read(
    { parts, labels, where, byTeam = false }: SpanCounter,
    matchers: readonly Matcher[],
    [from, to]: readonly [number, number],
    samples: Samples,
  ): Promise<StoredSeries[]> {
    const step = Math.max(STEP, Math.ceil((to - from) / MOST_SAMPLES))
    const start = Math.floor(from / step) * step
    const end = 's.start_ns + s.duration_ns'
    const rows = await this.#store.query(
      `SELECT s.resource, ((${end}) // 1000000 - ${start}) // ${step} + 1 AS slot,
        ${[...labels.map(([, sql], at) => `${sql} AS label_${at}`), ...parts.map(({ sum }, at) => `(${sum})::DOUBLE AS part_${at}`)].join(', ')}
      FROM spans s WHERE ${end} > ${nanos(from)} AND ${end} <= ${nanos(to)} AND s.start_ns <= ${nanos(to)} AND ${where}
      GROUP BY ALL ORDER BY slot`,
    )
    const resources = await resourcesOf(this.#store, rows)
    const apps = new Map([...resources].map(([id, resource]) => [id, appOf(resource, byTeam)]))
    /** By resource and labels: the series of each part. */
    const groups = new Map<string, readonly Counts[]>()
    const series = new Map<string, Counts>()
    const countsOf = (row: Row): readonly Counts[] => {
      const own = labels.map(([label], at): Label => [label, row[`label_${at}`] as string])
      return parts.map(({ name, le }) => {
        const bucket: Label[] = le === undefined ? [] : [['le', le]]
        const of = Labels.of([...apps.get(row.resource as number)!, ...own, ...bucket, [METRIC, name]])
        const known = series.get(of.key) ?? { labels: of, increments: new Map() }
        series.set(of.key, known)
        return known
      })
    }
    const stretch = new Stretch()
    for (const row of rows) {
      const group = JSON.stringify([row.resource, ...labels.map((_, at) => row[`label_${at}`])])
      const counts = groups.get(group) ?? countsOf(row)
      groups.set(group, counts)
      const slot = Number(row.slot)
      for (let at = 0; at < counts.length; at++) {
        const { increments } = counts[at]!
        increments.set(slot, (increments.get(slot) ?? 0) + (row[`part_${at}`] as number))
      }
      if (stretch.isOver) await stretch.rest()
    }
    const candidates = [...series.values()]
    const isWanted = await acceptedSeries(
      matchers,
      candidates.map(({ labels }) => labels),
      this.#expressions,
    )
    const found: StoredSeries[] = []
    const last = Math.ceil((to - start) / step)
    for (const { labels, increments } of candidates.filter((_, at) => isWanted[at])) {
      const stored = this.#sampled(increments, last, slot => Math.min(start + slot * step, to), from, step)
      const made = stored.stored(labels, from, to)
      if (made) {
        samples.take(made.times.length)
        found.push(made)
      }
      if (stretch.isOver) await stretch.rest()
    }
    return found
  }

  /** A counter from 0 on, with a sample at each step as long as the Collector would send one. */
  #sampled(
    increments: ReadonlyMap<number, number>,
    last: number,
    timeOf: (slot: number) => number,
    from: number,
    step: number,
  ): SampleColumn {
    const slots = [...increments.keys()]
    const [first, final] = [slots[0]!, Math.min(last, slots.at(-1)! + Math.ceil(EXPIRES / step))]
    const column = new SampleColumn()
    column.add(Math.max(timeOf(first - 1), from + 1), 0)
    let value = 0
    for (let slot = first; slot <= final; slot++) {
      value += increments.get(slot) ?? 0
      column.add(timeOf(slot), value)
    }
    return column
  }
}

const ofApps: ReadonlySet<string> = new Set(['service_name', 'service_namespace', 'deployment_environment_name', 'job'])

/** Labels of an app, and not of each of its processes. */
const appOf = ({ promoted, target }: Resource, byTeam: boolean): Label[] =>
  [...promoted, ...target].filter(([name]) => ofApps.has(name) || (byTeam && name === TEAM))
