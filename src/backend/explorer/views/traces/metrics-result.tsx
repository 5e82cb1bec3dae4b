// What a query reckons: a chart over time and a table, or one number a group.
import { useMemo, useState } from 'preact/hooks'
import { typedAttributes } from '../../../../shared/otlp/any-value'
import type { TimeSeries } from '../../../../shared/queries/tempo-api'
import type { MetricsAnswer } from '../../../api/answers'
import { url } from '../../data/client'
import { COLOURS, coloursByName } from '../../data/colours'
import { aligned, type ChartSeries, summaryOf } from '../../data/series'
import { useAnswer } from '../../data/use-answer'
import { useText } from '../../i18n'
import { Chart } from '../../parts/chart'
import { Empty, Failure, Loading, Warnings } from '../../parts/state'
import { toggled } from '../../parts/toggled'
import { valueText } from '../../parts/value'
import { stepOf, type TimeRange, zoomTo } from '../../range'
import { changed, type Route } from '../../route'
import { numbersOf } from '../../traceql/numbers'
import { SeriesTable } from './series-table'

export function MetricsResult({
  query,
  route,
  range,
  round,
}: {
  query: string
  route: Route
  range: TimeRange
  round: number
}) {
  const t = useText()
  const instant = route.params.get('show') === 'total'
  const step = stepOf(range)
  const { data, error, loading } = useAnswer<MetricsAnswer>(
    instant
      ? url('api/metrics/query', { q: query, ...range, afn: 'true' })
      : url('api/metrics/query_range', { q: query, ...range, step: `${step}s`, running: 'true', afn: 'true' }),
    round,
  )
  const numbers = useMemo(() => numbersOf(query), [query])
  const { label, series } = useMemo(
    () => readAll(data?.series ?? [], numbers.zeroIsNothing, range.end),
    [data, numbers],
  )
  const [chosen, setChosen] = useState<ReadonlySet<string>>()
  const drawn = useMemo(() => chosen ?? largest(series), [series, chosen])
  const shown = useMemo(() => series.filter(({ key }) => drawn.has(key)).slice(0, COLOURS), [series, drawn])
  const chart = useMemo(() => aligned(shown), [shown])
  const colours = useMemo(() => coloursByName(shown.map(({ key }) => key)), [shown])
  return (
    <div class="metrics scroll">
      <nav class="tabs" aria-label={t('metrics.shape')}>
        <a href={changed(route, { show: undefined })} aria-current={instant ? undefined : 'true'}>
          {t('metrics.over_time')}
        </a>
        <a href={changed(route, { show: 'total' })} aria-current={instant ? 'true' : undefined}>
          {t('metrics.total')}
        </a>
        {loading && <Loading />}
      </nav>
      {error && <Failure error={error} />}
      <Warnings warnings={data?.warnings ?? []} />
      {!error && data && series.length === 0 && <Empty title={t('metrics.none')} />}
      {!instant && shown.length > 0 && (
        <Chart
          label={query}
          onZoom={(from, to) => zoomTo(route, from, to)}
          range={range}
          step={step}
          times={chart.times}
          series={chart.series.map(({ key, values }) => ({ label: key, values, colour: colours.get(key)! }))}
          format={numbers.format}
        />
      )}
      {!instant && shown.length < series.length && (
        <p class="cut">{t('metrics.drawn', { n: shown.length, all: series.length })}</p>
      )}
      {series.length > 0 && (
        <SeriesTable
          label={label}
          series={series}
          instant={instant}
          numbers={numbers}
          colours={colours}
          onToggle={key => setChosen(toggled(drawn, key))}
        />
      )}
    </div>
  )
}

/** Lines that are drawn at first: nobody can follow more of them. */
const FIRST = 8

/** The series that rise highest. */
function largest(series: readonly ChartSeries[]): ReadonlySet<string> {
  const height = (one: ChartSeries) => summaryOf(one)?.max ?? Number.NEGATIVE_INFINITY
  const sorted = [...series].sort((a, b) => height(b) - height(a))
  return new Set(sorted.slice(0, FIRST).map(({ key }) => key))
}

/** Where all have the same one label, its name stands above the table and not in each row. */
function readAll(
  answer: readonly TimeSeries[],
  zeroIsNothing: boolean,
  end: number,
): { readonly label: string | undefined; readonly series: ChartSeries[] } {
  const labels = answer.map(one => typedAttributes(one.labels))
  const first = labels[0]?.[0]?.key
  const label = labels.every(list => list.length === 1 && list[0]!.key === first) ? first : undefined
  const series = answer.map(({ samples = [], value }, index) => ({
    // one label without a name would be a row without a word, or stand for all
    key: labels[index]!.map(({ key, value }) => `${label ? '' : `${key}=`}${valueText(value) || '""'}`).join(', '),
    // protobuf's JSON leaves out a value of 0
    points: samples
      .filter(sample => sample.value || !zeroIsNothing)
      // that of the step which is not over yet stands at its end
      .map(sample => [Math.min(end, Number(sample.timestampMs) / 1000), sample.value ?? 0] as const),
    value,
  }))
  return { label, series }
}
