/** The results of an SLO in a month: daily counts from the records, and causes from the counters themselves. */
import { labelName } from '../../shared/otlp/prometheus-names'
import { excludedIn } from './exclude'
import { daysUntil, type Month } from './month'
import { counterOf, eventsIn, withoutEdge } from './queries'
import { countRecords, errorsRecord, eventsRecord, filterOf, ofParts, ratioRecord } from './recording-rules'
import { type LatencySli, partsOf, type RatioSli, type Slo } from './spec'

/** Samples of a series, by Unix time in seconds. */
export interface SampledSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly values: ReadonlyMap<number, number>
}

/** Queries Prometheus at each time from first to last, `step` seconds apart. */
export type Ask = (
  query: string,
  times: { first: number; last: number; step: number },
) => Promise<readonly SampledSeries[]>

export interface Day {
  /** Such as `2026-10-31`, in UTC. */
  readonly date: string
  /** The share of bad events, 0 to 1; undefined without events. */
  readonly ratio: number | undefined
  /** Undefined if the SLI has no counts. */
  readonly events: { readonly total: number; readonly bad: number } | undefined
  /** Number of minutes with recorded data. */
  readonly minutes: number
}

export interface Cause {
  /** OpenTelemetry's name. */
  readonly attribute: string
  /** Most frequent first; `''` for events without the attribute. */
  readonly values: readonly { readonly value: string; readonly bad: number }[]
}

export interface MonthOfSlo {
  readonly slo: Slo
  /** Environment and team, each with its own budget; '' without either. */
  readonly part: string
  /** `counters`: there are no records, so the metric itself was queried. */
  readonly source: 'records' | 'counters'
  readonly days: readonly Day[]
  /** Minutes of the month so far. */
  readonly minutes: number
  /** Minutes that were excluded on purpose. */
  readonly excluded: number
  readonly causes: readonly Cause[]
  /** Services without latency data: their histogram lacks the bucket boundary. */
  readonly withoutEdge: readonly string[]
}

/** Attributes that explain failures: what failed, how, and with which model. */
const ATTRIBUTES = [
  'error.type',
  'http.response.status_code',
  'http.route',
  'gen_ai.request.model',
  'gen_ai.evaluation.name',
]
const DAY = 86_400

/**
 * A per-minute record covers the minute that ended two minutes earlier, and a rate the five minutes before that, so a day's last records
 * appear this many seconds after its end.
 */
const LATER = 150

/**
 * @param now Unix time in seconds; later days are omitted
 * @returns one entry per part; empty if Prometheus has no data
 */
export async function monthsOfSlo(slo: Slo, month: Month, now: number, ask: Ask): Promise<MonthOfSlo[]> {
  const reader = new MonthReader(slo, month, now, ask)
  const recorded = await reader.recorded()
  const counted = recorded.size > 0 ? recorded : await reader.counted()
  if (counted.size === 0) return []
  const source = recorded.size > 0 ? 'records' : 'counters'
  const [excluded, causes, withoutEdge] = await Promise.all([reader.excluded(), reader.causes(), reader.withoutEdge()])
  return [...counted].map(([part, days]) => ({
    ...{ slo, part, source, days, excluded, withoutEdge },
    minutes: reader.minutes,
    causes: causes.get(part) ?? [],
  }))
}

/** Sorted by name. */
type ByPart<T> = ReadonlyMap<string, T>

class MonthReader {
  readonly #days: ReturnType<typeof daysUntil>
  readonly #parts: readonly string[]

  constructor(
    private readonly slo: Slo,
    month: Month,
    now: number,
    private readonly ask: Ask,
  ) {
    this.#parts = partsOf(slo)
    this.#days = daysUntil(month, Math.floor((now - LATER) / 60) * 60)
  }

  get minutes(): number {
    return this.#days.reduce((sum, { seconds }) => sum + seconds, 0) / 60
  }

  async recorded(): Promise<ByPart<Day[]>> {
    const filter = filterOf(this.slo)
    const sum = `sum by (${this.#parts.join(', ')}) `
    const { kind } = this.slo.sli
    if (kind === 'raw') {
      const record = `${ratioRecord('5m')}${filter}`
      // comparisons drop NaN
      const [minutes, ratios] = await this.#ofDays(LATER, window => [
        `${sum}(count_over_time((${record} >= -Inf)[${window}:1m]))`,
        `${sum}(sum_over_time((${record} >= -Inf)[${window}:1m]))`,
      ])
      return this.#made(minutes!, (date, part) => {
        const [count, total] = [minutes, ratios].map(days => days!.get(part)?.get(date))
        return { events: undefined, ratio: count && total !== undefined ? total / count : undefined }
      })
    }
    // structured SLIs with native histograms, and queries, only have rates
    const [minutes, events, bad] = await this.#ofDays(LATER, window => {
      const exact = (record: string, over: string) => `${sum}(${over}(${record}${filter}[${window}]))`
      const rates = (record: string, over: string) => `${sum}(${over}(${record}${filter}[${window}:1m]))`
      return hasCounts(this.slo)
        ? [
            exact(countRecords.total, 'count_over_time'),
            exact(countRecords.total, 'sum_over_time'),
            exact(countRecords.errors, 'sum_over_time'),
          ]
        : [
            rates(eventsRecord('5m'), 'count_over_time'),
            `60 * ${rates(eventsRecord('5m'), 'sum_over_time')}`,
            `60 * ${rates(errorsRecord('5m'), 'sum_over_time')}`,
          ]
    })
    return this.#made(minutes!, ofEvents(events!, bad!))
  }

  /** The increase of the SLI's counters, if they are known. */
  async counted(): Promise<ByPart<Day[]>> {
    const { sli } = this.slo
    if (!isStructured(sli)) return new Map()
    const [minutes, events, bad] = await this.#ofDays(0, window => {
      const { total, errors } = ofParts(this.slo, eventsIn(sli, window))
      const counters = ofParts(this.slo, { total: counterOf(sli), errors: '' }).total
      return [`count_over_time((${counters})[${window}:1m])`, total, errors]
    })
    return this.#made(minutes!, ofEvents(events!, bad!))
  }

  async excluded(): Promise<number> {
    // matches the time for which records are withheld
    const series = excludedIn(this.slo, '5m')
    const [minutes] = await this.#ofDays(0, window => [`count_over_time(${series}[${window}:1m])`])
    return [...(minutes!.get('')?.values() ?? [])].reduce((sum, count) => sum + count, 0)
  }

  async withoutEdge(): Promise<string[]> {
    const { sli } = this.slo
    const end = this.#days.at(-1)?.end
    if (sli.kind !== 'latency' || sli.metric.type === 'native' || end === undefined) return []
    const found = await this.ask(withoutEdge(sli), { first: end, last: end, step: DAY })
    return found.map(({ labels }) => labels.service_name ?? '').sort()
  }

  /** Empty if the counters are unknown, or kept for less than the month. */
  async causes(): Promise<ByPart<Cause[]>> {
    const { sli } = this.slo
    if (!isStructured(sli)) return new Map()
    const found = await Promise.all(ATTRIBUTES.map(attribute => this.#causesBy(sli, attribute)))
    const names = new Set(found.flatMap(causes => [...causes.keys()]))
    return new Map(
      [...names].map(part => {
        const own = found.flatMap(causes => causes.get(part) ?? [])
        return [part, own.filter(({ values }) => values.some(({ value }) => value !== ''))]
      }),
    )
  }

  async #causesBy(sli: RatioSli | LatencySli, attribute: string): Promise<ByPart<Cause>> {
    const label = labelName(attribute) ?? attribute
    const byDay = await this.#seriesOfDays(0, window => ofParts(this.slo, eventsIn(sli, window, [attribute])).errors)
    const sums = new Map<string, Map<string, number>>()
    for (const series of byDay) {
      const value = series.labels[label] ?? ''
      const own = sums.get(this.#partOf(series)) ?? new Map<string, number>()
      sums.set(this.#partOf(series), own)
      for (const bad of series.values.values()) if (bad > 0) own.set(value, (own.get(value) ?? 0) + bad)
    }
    const causeOf = (own: ReadonlyMap<string, number>): Cause => ({
      attribute,
      values: [...own].map(([value, bad]) => ({ value, bad })).sort((a, b) => b.bad - a.bad),
    })
    return new Map([...sums].map(([part, own]) => [part, causeOf(own)]))
  }

  #partOf({ labels }: SampledSeries): string {
    return this.#parts
      .map(label => labels[label])
      .filter(Boolean)
      .join(', ')
  }

  #made(
    minutes: ByPart<ReadonlyMap<string, number>>,
    rest: (date: string, part: string) => Pick<Day, 'ratio' | 'events'>,
  ): ByPart<Day[]> {
    return new Map(
      [...minutes].map(([part, own]) => [
        part,
        this.#days.map(({ date }) => ({ date, minutes: own.get(date) ?? 0, ...rest(date, part) })),
      ]),
    )
  }

  /** For each query, the values by day. */
  async #ofDays(later: number, queries: (window: string) => readonly string[]): Promise<DaysByPart[]> {
    const count = queries('1d').length
    return Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const all = await this.#seriesOfDays(later, window => queries(window)[at]!)
        const names = [...new Set(all.map(one => this.#partOf(one)))].sort()
        return new Map(
          names.map(part => {
            const series = all.filter(one => this.#partOf(one) === part)
            const ofDay = ({ date, end }: { date: string; end: number }) => {
              const value = series.find(({ values }) => values.has(end + later))?.values.get(end + later)
              return value === undefined || Number.isNaN(value) ? [] : [[date, value] as const]
            }
            return [part, new Map(this.#days.flatMap(ofDay))]
          }),
        )
      }),
    )
  }

  /** The last day may be incomplete. */
  async #seriesOfDays(later: number, query: (window: string) => string): Promise<readonly SampledSeries[]> {
    const whole = this.#days.filter(({ seconds }) => seconds === DAY)
    const part = this.#days.find(({ seconds }) => seconds !== DAY)
    const answers = [
      ...(whole.length > 0
        ? [this.ask(query('1d'), { first: whole[0]!.end + later, last: whole.at(-1)!.end + later, step: DAY })]
        : []),
      ...(part
        ? [this.ask(query(`${part.seconds}s`), { first: part.end + later, last: part.end + later, step: DAY })]
        : []),
    ]
    return (await Promise.all(answers)).flat()
  }
}

const isStructured = (sli: Slo['sli']): sli is RatioSli | LatencySli => sli.kind === 'ratio' || sli.kind === 'latency'

const hasCounts = ({ sli }: Slo): boolean => isStructured(sli) && sli.metric.type !== 'native'

type DaysByPart = ByPart<ReadonlyMap<string, number>>

const ofEvents =
  (totals: DaysByPart, bads: DaysByPart) =>
  (date: string, part: string): Pick<Day, 'ratio' | 'events'> => {
    const [total, bad] = [totals, bads].map(days => days.get(part)?.get(date))
    const events = { total: Math.round(total ?? 0), bad: Math.round(bad ?? 0) }
    return { events, ratio: total !== undefined && total > 0 ? (bad ?? 0) / total : undefined }
  }
