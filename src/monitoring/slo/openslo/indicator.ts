/** Converts the indicator of an OpenSLO SLO, for one of its objectives, to an SLI. */
import { stringify } from 'yaml'
import type { Path } from '../../../shared/config/checked-file'
import { readSlos } from '../read'
import type { FileSli } from '../schema'
import { tidy } from '../spec'
import { secondsOf } from './alerts'
import type { Metadata, OpenSloObject } from './documents'
import { ratioMetric } from './export'
import { hasWindow, meanOver, over, overWindow } from './queries'
import { extrasOf, type References } from './references'

export interface Metric {
  readonly metricSource: {
    readonly metricSourceRef?: string
    readonly type?: string
    readonly spec: Readonly<Record<string, unknown>>
  }
}

export interface SliSpec {
  readonly description?: string
  readonly thresholdMetric?: Metric
  readonly ratioMetric?: {
    readonly counter?: boolean
    readonly good?: Metric
    readonly bad?: Metric
    readonly total?: Metric
    readonly rawType?: 'success' | 'failure'
    readonly raw?: Metric
  }
}

export interface Indicator {
  readonly metadata: Metadata
  readonly spec: SliSpec
}

export interface Objective {
  readonly displayName?: string
  readonly op?: 'lte' | 'gte' | 'lt' | 'gt'
  readonly value?: number
  readonly target?: number
  readonly targetPercent?: number
  readonly timeSliceTarget?: number
  readonly timeSliceWindow?: string | number
  readonly indicator?: Indicator
  readonly indicatorRef?: string
}

/** The fields of an SLO that its indicators depend on. */
export interface Rated {
  readonly service: string
  readonly indicator?: Indicator
  readonly indicatorRef?: string
  readonly budgetingMethod: 'Occurrences' | 'Timeslices' | 'RatioTimeslices'
}

/** Data sources that understand PromQL. */
const PROMQL = /prometheus|thanos|cortex|mimir|victoria-?metrics/i

/** The negation of OpenSLO's operators, which define what is good. */
const isBad = { lte: '>', lt: '>=', gte: '<', gt: '<=' } as const

/** How often a value is compared with a threshold; equals the evaluation interval of rules. */
const STEP = '1m'

/** The shortest window of an SLO; a longer slice does not fit into every window. */
const SHORTEST = '5m'

/** The reason why an indicator cannot be imported. */
class NoIndicator extends Error {
  /** @param at path in the indicator's object; undefined if the objective is at fault */
  constructor(
    readonly at: Path | undefined,
    message: string,
  ) {
    super(message)
  }
}

/** Reports about an objective. */
export interface OfObjective {
  change(message: string): void
  refuse(message: string): void
}

/** Windowed queries for bad and all events, or for the share of bad events. */
type Rates = { readonly errors: string; readonly total: string } | { readonly ratio: string }

export class IndicatorImport {
  /** The object that contains the indicator, and its path. */
  readonly #from: OpenSloObject
  readonly #at: Path
  readonly #sli: SliSpec

  private constructor(
    private readonly slo: Rated,
    private readonly references: References,
    found: { readonly from: OpenSloObject; readonly at: Path; readonly sli: SliSpec },
  ) {
    this.#from = found.from
    this.#at = found.at
    this.#sli = found.sli
  }

  /** Undefined if it is missing from the files or unreadable, which is reported. */
  static of(object: OpenSloObject, references: References): IndicatorImport | undefined {
    const slo = object.spec as Rated
    const { indicator, indicatorRef } = slo
    if ((indicator === undefined) === (indicatorRef === undefined)) {
      object.remark('refused', ['spec'], 'an SLO needs either an indicator or an indicatorRef')
      return undefined
    }
    if (indicator) {
      const extras = extrasOf(indicator)
      if (extras) object.remark('changed', ['spec', 'indicator'], `${extras} of the indicator is left out`)
      return new IndicatorImport(slo, references, {
        from: object,
        at: ['spec', 'indicator', 'spec'],
        sli: indicator.spec,
      })
    }
    const from = references.find('SLI', indicatorRef!)
    if (from) return new IndicatorImport(slo, references, { from, at: ['spec'], sli: from.spec as SliSpec })
    object.remark(
      'refused',
      ['spec', 'indicatorRef'],
      `the SLI "${indicatorRef}" is in none of the files; give its file too`,
    )
    return undefined
  }

  /**
   * @param own the SLI in our format, if the SLO was exported by us
   * @returns undefined if it has no equivalent, which is reported
   */
  read(objective: Objective, own: FileSli | undefined, { change: remark, refuse }: OfObjective): FileSli | undefined {
    try {
      if (own && this.#isThatOf(own)) return own
      if (own)
        remark('the queries have changed, so the SLI is what they say, and not what the annotation otel.afn/slo says')
      const rates = this.#rates(objective, remark)
      return 'ratio' in rates
        ? { raw: { error_ratio_query: rates.ratio } }
        : { events: { error_query: rates.errors, total_query: rates.total } }
    } catch (error) {
      if (!(error instanceof NoIndicator)) throw error
      if (error.at) this.#from.remark('refused', error.at, error.message)
      else refuse(error.message)
      return undefined
    }
  }

  #isThatOf(own: FileSli): boolean {
    const file = {
      version: 'prometheus/v1',
      service: this.slo.service,
      slos: [{ name: 'own', objective: 99, sli: own }],
    }
    const [slo] = readSlos(stringify(file)).slos
    return slo !== undefined && stringify(ratioMetric(slo.sli)) === stringify(this.#sli.ratioMetric ?? {})
  }

  #rates(objective: Objective, remark: (message: string) => void): Rates {
    const { thresholdMetric, ratioMetric } = this.#sli
    if ((thresholdMetric === undefined) === (ratioMetric === undefined))
      throw new NoIndicator(this.#at, 'an SLI needs either a thresholdMetric or a ratioMetric')
    if (thresholdMetric) return this.#byThreshold(thresholdMetric, objective, remark)
    if (objective.op !== undefined || objective.value !== undefined)
      remark('op and value are for a thresholdMetric; they are left out')
    return this.#inSlices(this.#ofRatio(), objective, remark)
  }

  #ofRatio(): Rates {
    const { counter = false, good, bad, total, raw, rawType } = this.#sli.ratioMetric!
    const at: Path = [...this.#at, 'ratioMetric']
    if (raw) {
      if (total || good || bad) throw new NoIndicator(at, 'raw stands alone, without good, bad and total')
      if (!rawType) throw new NoIndicator(at, 'raw needs a rawType, success or failure')
      const query = this.#query(raw, 'raw')
      const converted = hasWindow(query) ? this.#over(query, false, 'raw') : this.#mean(query, 'raw')
      return { ratio: rawType === 'failure' ? converted : `1 - (${converted})` }
    }
    if (!total || (good === undefined) === (bad === undefined))
      throw new NoIndicator(at, 'a ratioMetric needs total and either good or bad, or raw')
    const all = this.#over(this.#query(total, 'total'), counter, 'total')
    if (bad) return { errors: this.#over(this.#query(bad, 'bad'), counter, 'bad'), total: all }
    return { errors: `(${all}) - (${this.#over(this.#query(good!, 'good'), counter, 'good')})`, total: all }
  }

  /** Counts each evaluation at which the value violates the threshold as a bad event. */
  #byThreshold(metric: Metric, objective: Objective, remark: (message: string) => void): Rates {
    const at: Path = [...this.#at, 'thresholdMetric']
    const { op, value } = objective
    if (op === undefined || value === undefined)
      throw new NoIndicator(at, 'a thresholdMetric needs op and value in the objective')
    const query = this.#query(metric)
    if (hasWindow(query))
      throw new NoIndicator(
        at,
        'a threshold is compared with the value at a moment; write a duration in the place of {{.window}}',
      )
    this.#valid(query, at)
    remark(
      `the SLI counts time and not events: the share of it in which the value is not ${op} ${value}, looked at every ${STEP}`,
    )
    return this.#inSlices({ ratio: meanOver(`(${query}) ${isBad[op]} bool ${value}`, STEP) }, objective, remark)
  }

  /** All time slices have the same weight, however many events they contain. */
  #inSlices(rates: Rates, { timeSliceTarget, timeSliceWindow }: Objective, remark: (message: string) => void): Rates {
    const { budgetingMethod } = this.slo
    if (budgetingMethod === 'Occurrences') return rates
    const slice = this.#slice(timeSliceWindow)
    const share =
      'ratio' in rates
        ? over(rates.ratio, slice)
        : `(${over(rates.errors, slice)}) / ((${over(rates.total, slice)}) > 0)`
    if (budgetingMethod === 'RatioTimeslices') {
      remark(`RatioTimeslices became a query for the mean of all slices of ${slice}`)
      return { ratio: meanOver(share, slice) }
    }
    if (timeSliceTarget === undefined) throw new NoIndicator(undefined, 'Timeslices need a timeSliceTarget')
    remark(
      `Timeslices became a query for the share of the slices of ${slice} in which less than ${timeSliceTarget} is good`,
    )
    return { ratio: meanOver(`(${share}) > bool ${tidy(1 - timeSliceTarget)}`, slice) }
  }

  #slice(window: string | number | undefined): string {
    const slice = typeof window === 'number' ? `${window}m` : window
    if (slice === undefined || !/^[1-9]\d*[mhdwMQY]$/.test(slice))
      throw new NoIndicator(undefined, 'time slices need a timeSliceWindow, such as 1m')
    if (secondsOf(slice) > secondsOf(SHORTEST))
      throw new NoIndicator(
        undefined,
        `a slice of ${slice} is longer than the shortest window, ${SHORTEST}, over which an SLO is rated`,
      )
    return slice
  }

  #query({ metricSource }: Metric, part?: string): string {
    const at = this.#source(part)
    const { metricSourceRef, type, spec } = metricSource
    const kind = type ?? this.#typeOf(metricSourceRef, at)
    if (!PROMQL.test(kind))
      throw new NoIndicator(at, `queries of ${kind} are no PromQL, and Prometheus can't answer them`)
    const { query, ...others } = spec
    if (typeof query !== 'string' || query.trim() === '')
      throw new NoIndicator(at, 'there is no spec.query with PromQL')
    const rest = Object.keys(others)
    if (rest.length > 0) this.#from.remark('changed', at, `spec.${rest.join(', spec.')} is left out`)
    return query
  }

  #typeOf(reference: string | undefined, at: Path): string {
    if (reference === undefined) throw new NoIndicator(at, 'the metricSource has no type; write type: Prometheus')
    const source = this.references.find('DataSource', reference)
    if (!source)
      throw new NoIndicator(
        at,
        `the DataSource "${reference}" is in none of the files; give its file too, or write type`,
      )
    return (source.spec as { type: string }).type
  }

  #source = (part?: string): Path => [
    ...this.#at,
    ...(part ? ['ratioMetric', part] : ['thresholdMetric']),
    'metricSource',
  ]

  #over(query: string, counters: boolean, part: string): string {
    const converted = overWindow(query, counters)
    if ('refused' in converted) throw new NoIndicator(this.#source(part), converted.refused)
    if (converted.change) this.#from.remark('changed', this.#source(part), converted.change)
    return converted.query
  }

  /** A precomputed ratio does not reveal the number of events, so its mean over time is used. */
  #mean(query: string, part: string): string {
    this.#valid(query, this.#source(part))
    const mean = meanOver(query, STEP)
    this.#from.remark('changed', this.#source(part), `the query has no window, so it is read as ${mean}`)
    return mean
  }

  #valid(query: string, at: Path): void {
    const problem = overWindow(`avg_over_time((${query})[{{.window}}:1m])`, false)
    if ('refused' in problem) throw new NoIndicator(at, problem.refused)
  }
}
