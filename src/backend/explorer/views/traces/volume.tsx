// How many spans match over time, those that failed apart, above the list of traces; drag over it to look closer.
// A query that reckons on span sets has no such count, and the strip stays away.
import { useMemo } from 'preact/hooks'
import type { TimeSeries } from '../../../../shared/queries/tempo-api'
import type { MetricsAnswer } from '../../../api/answers'
import { url } from '../../data/client'
import { count } from '../../data/format'
import { aligned } from '../../data/series'
import { useAnswer } from '../../data/use-answer'
import { useText } from '../../i18n'
import { Chart } from '../../parts/chart'
import { stepOf, type TimeRange, zoomTo } from '../../range'
import type { Route } from '../../route'
import { filterOf } from '../../traceql/kind'

export interface VolumeProps {
  readonly query: string
  /** Of the traces that count; undefined: all. */
  readonly tier: string | undefined
  readonly route: Route
  readonly range: TimeRange
  readonly round: number
}

export function Volume({ query, tier, route, range, round }: VolumeProps) {
  const t = useText()
  const filter = filterOf(query)
  const step = stepOf(range)
  const { data } = useAnswer<MetricsAnswer>(
    filter &&
      url('api/metrics/query_range', {
        q: `${filter} | count_over_time() by (status)`,
        ...range,
        step: `${step}s`,
        running: 'true',
        tier,
      }),
    round,
  )
  const chart = useMemo(
    () => aligned([...byOutcome(data?.series ?? [], step)].map(([key, points]) => ({ key, points: [...points] }))),
    [data],
  )
  if (chart.times.length === 0) return null
  return (
    <div class="volume">
      <Chart
        label={t('traces.volume')}
        range={range}
        times={chart.times}
        series={chart.series.map(({ key, values }) => ({
          // a few of many are next to nothing in the drawing, so that the legend has their number
          label: `${t(key === 'failed' ? 'span.error' : 'volume.others')} ${count(sumOf(values))}`,
          values,
          colour: key === 'failed' ? 'bad' : 0,
        }))}
        stacked
        height={84}
        step={step}
        onZoom={(from, to) => zoomTo(route, from, to)}
      />
    </div>
  )
}

const sumOf = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0)

type Outcome = 'failed' | 'others'

/** Seconds → spans, by whether they failed. A sample counts the step before its time, and a bar begins at its own. */
function byOutcome(series: readonly TimeSeries[], step: number): Map<Outcome, Map<number, number>> {
  const outcomes = new Map<Outcome, Map<number, number>>()
  for (const { labels, samples = [] } of series) {
    const status = labels?.find(({ key }) => key === 'status')?.value?.stringValue
    const outcome = status === 'error' ? 'failed' : 'others'
    const counts = outcomes.get(outcome) ?? new Map<number, number>()
    outcomes.set(outcome, counts)
    for (const { timestampMs, value = 0 } of samples) {
      const second = Number(timestampMs) / 1000 - step
      counts.set(second, (counts.get(second) ?? 0) + value)
    }
  }
  return outcomes
}
