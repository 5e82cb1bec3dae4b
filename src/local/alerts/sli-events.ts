// Which events of a series an objective counts, and which of them are bad.
import { labelName } from '../../otlp/prometheus-names'
import { prometheusName } from '../../slo/queries'
import type { LatencySli, Matcher, Matchers, RatioSli, Sli } from '../../slo/spec'
import type { Increase, Series } from './counted-points'
import type { Events } from './event-counts'

/** What the embedded backend can't rate: it has no PromQL, of exponential histograms no fractions, and of RE2 what JavaScript has too. */
export type Uncounted = 'promql' | 'native' | 'expression'

/**
 * Of an increase, what it counts for an SLI. Undefined: nothing; `no edge`: nobody can say how many observations were too slow.
 */
export type Counter = (increase: Increase) => Events | 'no edge' | undefined

/** @param thresholds those of the increases */
export function counterOf(sli: Sli, thresholds: readonly number[]): Counter | Uncounted {
  if (sli.kind === 'events' || sli.kind === 'raw') return 'promql'
  if (sli.kind === 'latency' && sli.metric.type === 'native') return 'native'
  try {
    return ofSeries(sli, sli.kind === 'ratio' ? badOf(sli) : slowOf(sli, thresholds))
  } catch {
    return 'expression'
  }
}

/** @throws SyntaxError for an expression that JavaScript does not have */
function ofSeries(sli: RatioSli | LatencySli, decide: Counter): Counter {
  const name = prometheusName(sli.metric)
  const isWanted = matching(sli.where)
  // a process has few series, and each many increases
  const known = new WeakMap<Series, boolean>()
  return increase => {
    const { series } = increase
    const isOurs = known.get(series) ?? (series.name === name && isWanted(series))
    known.set(series, isOurs)
    return isOurs ? decide(increase) : undefined
  }
}

function badOf({ selects, alternatives }: RatioSli): Counter {
  const tests = alternatives.map(matching)
  return ({ series, count }) => {
    const isSelected = tests.some(test => test(series))
    return { total: count, bad: isSelected === (selects === 'bad') ? count : 0 }
  }
}

function slowOf({ threshold }: LatencySli, thresholds: readonly number[]): Counter {
  const at = thresholds.indexOf(threshold)
  return ({ count, below }) => {
    const fast = below[at]
    return fast === undefined ? 'no edge' : { total: count, bad: count - fast }
  }
}

function matching(matchers: Matchers): (series: Series) => boolean {
  const tests = matchers.map(testOf)
  return series => tests.every(test => test(series))
}

function testOf({ attribute, operator, value }: Matcher): (series: Series) => boolean {
  const label = labelName(attribute) ?? attribute
  if (operator === '=') return series => series.label(label) === value
  if (operator === '!=') return series => series.label(label) !== value
  const expression = new RegExp(`^(?:${value})$`, 's')
  const wanted = operator === '=~'
  return series => expression.test(series.label(label)) === wanted
}
