// How many spans match over time, those that failed apart, above the list of traces; drag over it to look closer. Called by
// the view of traces. A query that reckons on span sets has no such count, and the strip stays away.
import { useMemo } from 'preact/hooks'
import type { MetricsAnswer } from '../../local/api/answers'
import { url } from '../data/client'
import { aligned } from '../data/series'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { type Range, stepOf } from '../range'
import { changed, go, type Route } from '../route'
import { filterOf } from '../traceql/kind'
import { Chart } from './chart'

export interface VolumeProps {
  readonly query: string
  readonly route: Route
  readonly range: Range
  readonly round: number
}

export function Volume({ query, route, range, round }: VolumeProps) {
  const t = useText()
  const filter = filterOf(query)
  const { data } = useAnswer<MetricsAnswer>(
    filter &&
      url('api/metrics/query_range', {
        q: `${filter} | count_over_time() by (status)`,
        ...range,
        step: `${stepOf(range)}s`,
      }),
    round,
  )
  const chart = useMemo(() => {
    const series = (data?.series ?? []).map(({ labels, samples = [] }) => ({
      key: labels?.find(({ key }) => key === 'status')?.value?.stringValue ?? '',
      points: samples.map(({ timestampMs, value = 0 }) => [Number(timestampMs) / 1000, value] as const),
    }))
    return aligned(series)
  }, [data])
  if (chart.times.length === 0) return null
  return (
    <div class="volume">
      <Chart
        label={t('traces.volume')}
        range={range}
        times={chart.times}
        series={chart.series.map(({ key, values }) => ({ label: key, values, colour: COLOURS[key] ?? 0 }))}
        stacked
        height={84}
        onZoom={(from, to) =>
          go(changed(route, { range: undefined, from: String(Math.floor(from)), to: String(Math.ceil(to)) }))
        }
      />
    </div>
  )
}

const COLOURS: Readonly<Record<string, number>> = { unset: 0, ok: 5, error: 3 }
