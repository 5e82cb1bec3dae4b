/** What became of an SLO in a month: counts of each day by what was recorded, and causes by the counters themselves. */
import { labelName } from '../otlp/prometheus-names'
import { excludedIn } from './exclude'
import { daysUntil, type Month } from './month'
import { counterOf, eventsIn } from './queries'
import { countRecords, errorsRecord, eventsRecord, filterOf, ratioRecord } from './recording-rules'
import type { LatencySli, RatioSli, Slo } from './spec'

/** Samples of one series, by Unix time in seconds. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  readonly values: ReadonlyMap<number, number>
}

/** Queries Prometheus at each time from the first to the last, `step` seconds apart. */
export type Ask = (query: string, times: { first: number; last: number; step: number }) => Promise<readonly Series[]>

export interface Day {
  /** Such as `2026-10-31`, in UTC. */
  readonly date: string
  /** The share of bad events, 0 to 1; undefined where there were none. */
  readonly ratio: number | undefined
  /** Undefined where the SLI counts none. */
  readonly events: { readonly total: number; readonly bad: number } | undefined
  /** Minutes of the day of which something is recorded. */
  readonly minutes: number
}

export interface Cause {
  /** By OpenTelemetry's name. */
  readonly attribute: string
  /** The most first; `''` for events without the attribute. */
  readonly values: readonly { readonly value: string; readonly bad: number }[]
}

export interface MonthOfSlo {
  readonly slo: Slo
  /** `counters`: there are no records, so the metric itself was queried. */
  readonly source: 'records' | 'counters'
  readonly days: readonly Day[]
  /** Minutes of the month until now. */
  readonly minutes: number
  /** Minutes of these that were excluded on purpose. */
  readonly excluded: number
  readonly causes: readonly Cause[]
}

/** Of which attributes the values are looked at: what failed, how, and with which model. */
const ATTRIBUTES = [
  'error.type',
  'http.response.status_code',
  'http.route',
  'gen_ai.request.model',
  'gen_ai.evaluation.name',
]
const DAY = 86_400

/**
 * A record of a minute is of the one that ended two minutes before, and of the five minutes before it where it is a rate; so long after
 * the end of a day its last ones are there.
 */
const LATER = 150

/**
 * @param now Unix time, in seconds; later days of the month are not there yet
 * @returns undefined where Prometheus has nothing of it
 */
export async function monthOfSlo(slo: Slo, month: Month, now: number, ask: Ask): Promise<MonthOfSlo | undefined> {
  const reader = new MonthReader(slo, month, now, ask)
  const recorded = await reader.recorded()
  const counted = recorded ?? (await reader.counted())
  if (!counted) return undefined
  const [excluded, causes] = await Promise.all([reader.excluded(), reader.causes()])
  return { slo, source: recorded ? 'records' : 'counters', days: counted, minutes: reader.minutes, excluded, causes }
}

class MonthReader {
  readonly #days: ReturnType<typeof daysUntil>

  constructor(
    private readonly slo: Slo,
    month: Month,
    now: number,
    private readonly ask: Ask,
  ) {
    this.#days = daysUntil(month, Math.floor((now - LATER) / 60) * 60)
  }

  get minutes(): number {
    return this.#days.reduce((sum, { seconds }) => sum + seconds, 0) / 60
  }

  async recorded(): Promise<Day[] | undefined> {
    const filter = filterOf(this.slo)
    const { kind } = this.slo.sli
    if (kind === 'raw') {
      const record = `${ratioRecord('5m')}${filter}`
      // NaN is not above anything
      const [minutes, sum] = await this.#ofDays(LATER, window => [
        `sum(count_over_time((${record} >= -Inf)[${window}:1m]))`,
        `sum(sum_over_time((${record} >= -Inf)[${window}:1m]))`,
      ])
      return this.#made(minutes!, date => {
        const [count, total] = [minutes!.get(date), sum!.get(date)]
        return { events: undefined, ratio: count && total !== undefined ? total / count : undefined }
      })
    }
    // a structured SLI whose histogram is native, and queries, have rates alone
    const [minutes, events, bad] = await this.#ofDays(LATER, window => {
      const exact = (record: string, over: string) => `sum(${over}(${record}${filter}[${window}]))`
      const rates = (record: string, over: string) => `sum(${over}(${record}${filter}[${window}:1m]))`
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
    return this.#made(minutes!, date => ofEvents(events!.get(date), bad!.get(date)))
  }

  /** What the counters of the SLI rose by, where they are known. */
  async counted(): Promise<Day[] | undefined> {
    const { sli } = this.slo
    if (!isStructured(sli)) return undefined
    const [minutes, events, bad] = await this.#ofDays(0, window => {
      const { total, errors } = eventsIn(sli, window)
      return [`count_over_time((${counterOf(sli)})[${window}:1m])`, total, errors]
    })
    return this.#made(minutes!, date => ofEvents(events!.get(date), bad!.get(date)))
  }

  async excluded(): Promise<number> {
    // as long as the records are withheld
    const series = excludedIn(this.slo, '5m')
    const [minutes] = await this.#ofDays(0, window => [`count_over_time(${series}[${window}:1m])`])
    return [...minutes!.values()].reduce((sum, count) => sum + count, 0)
  }

  /** None where the counters are kept for less than the month, or not known. */
  async causes(): Promise<Cause[]> {
    const { sli } = this.slo
    if (!isStructured(sli)) return []
    const found = await Promise.all(ATTRIBUTES.map(attribute => this.#causesBy(sli, attribute)))
    return found.filter(({ values }) => values.some(({ value }) => value !== ''))
  }

  async #causesBy(sli: RatioSli | LatencySli, attribute: string): Promise<Cause> {
    const label = labelName(attribute) ?? attribute
    const byDay = await this.#seriesOfDays(0, window => `${eventsIn(sli, window, [attribute]).errors}`)
    const sums = new Map<string, number>()
    for (const { labels, values } of byDay) {
      const value = labels[label] ?? ''
      for (const bad of values.values()) if (bad > 0) sums.set(value, (sums.get(value) ?? 0) + bad)
    }
    const values = [...sums].map(([value, bad]) => ({ value, bad })).sort((a, b) => b.bad - a.bad)
    return { attribute, values }
  }

  #made(
    minutes: ReadonlyMap<string, number>,
    rest: (date: string) => Pick<Day, 'ratio' | 'events'>,
  ): Day[] | undefined {
    if (minutes.size === 0) return undefined
    return this.#days.map(({ date }) => ({ date, minutes: minutes.get(date) ?? 0, ...rest(date) }))
  }

  /** For each query, the value of each day that has one. */
  async #ofDays(later: number, queries: (window: string) => readonly string[]): Promise<Map<string, number>[]> {
    const count = queries('1d').length
    return Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const series = await this.#seriesOfDays(later, window => queries(window)[at]!)
        return new Map(
          this.#days.flatMap(({ date, end }) => {
            const value = series.find(({ values }) => values.has(end + later))?.values.get(end + later)
            return value === undefined || Number.isNaN(value) ? [] : [[date, value] as const]
          }),
        )
      }),
    )
  }

  /** The last day may not be over. */
  async #seriesOfDays(later: number, query: (window: string) => string): Promise<readonly Series[]> {
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

function ofEvents(total: number | undefined, bad: number | undefined): Pick<Day, 'ratio' | 'events'> {
  const events = { total: Math.round(total ?? 0), bad: Math.round(bad ?? 0) }
  return { events, ratio: total !== undefined && total > 0 ? (bad ?? 0) / total : undefined }
}
