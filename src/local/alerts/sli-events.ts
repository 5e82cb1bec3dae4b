// Which events of a series an objective counts, and which of them are bad.
import { labelName } from '../../otlp/prometheus-names'
import { prometheusName } from '../../slo/queries'
import type { LatencySli, Matcher, Matchers, RatioSli, Sli } from '../../slo/spec'
import type { Increase, Series } from './counted-points'
import type { Events } from './event-counts'

/** What the embedded backend can't rate: it has no PromQL, of exponential histograms no fractions, and of RE2 what JavaScript has too. */
export type Uncounted = 'promql' | 'native' | 'expression'

/**
 * What an increase of a series counts for an SLI; `no edge`: nobody can say how many observations were too slow. Undefined where the SLI
 * is not about the series.
 */
export type Counter = (series: Series) => ((increase: Increase) => Events | 'no edge') | undefined

/** @param thresholds those of the increases */
export function counterOf(sli: Sli, thresholds: readonly number[]): Counter | Uncounted {
  if (sli.kind === 'events' || sli.kind === 'raw') return 'promql'
  if (sli.kind === 'latency' && sli.metric.type === 'native') return 'native'
  try {
    const name = prometheusName(sli.metric)
    const isWanted = matching(sli.where)
    const events = sli.kind === 'ratio' ? badOf(sli) : slowOf(sli, thresholds)
    return series => (series.name === name && isWanted(series) ? events(series) : undefined)
  } catch {
    // an expression that JavaScript does not have
    return 'expression'
  }
}

function badOf({ selects, alternatives }: RatioSli) {
  const tests = alternatives.map(matching)
  return (series: Series) => {
    const isBad = tests.some(test => test(series)) === (selects === 'bad')
    return ({ count }: Increase): Events => ({ total: count, bad: isBad ? count : 0 })
  }
}

function slowOf({ threshold }: LatencySli, thresholds: readonly number[]) {
  const at = thresholds.indexOf(threshold)
  return () =>
    ({ count, below }: Increase): Events | 'no edge' => {
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
