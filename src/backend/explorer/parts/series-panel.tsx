// One figure over time as a chart with its name, and its totals by group if wanted.

import { useMemo } from 'preact/hooks'
import type { SeriesAnswer, SeriesKey, SeriesMetric } from '../../api/answers'
import { url } from '../data/client'
import { coloursOf } from '../data/colours'
import { aligned, withZeros } from '../data/series'
import { FORMATS, LINES } from '../data/series-formats'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { stepOf, type TimeRange, zoomTo } from '../range'
import type { Route } from '../route'
import { Chart } from './chart'
import { unpricedText } from './cost'
import { Failure, Loading } from './state'
import { TotalsTable } from './totals-table'

export interface SeriesPanelProps {
  readonly metric: SeriesMetric
  readonly by: SeriesKey
  readonly range: TimeRange
  readonly round: number
  readonly route: Route
  readonly table?: boolean
}

const NONE: SeriesAnswer['series'] = []

export function SeriesPanel({ metric, by, range, round, route, table = false }: SeriesPanelProps) {
  const t = useText()
  const { data, error } = useAnswer<SeriesAnswer>(
    url('api/afn/series', { metric, by, ...range, step: stepOf(range) }),
    round,
  )
  const series = data?.series ?? NONE
  // a quantile is nothing where nothing happened
  const filled = (drawn: readonly Points[]) => (isSum(metric) ? withZeros(drawn) : drawn)
  const chart = useMemo(() => aligned(filled(series.slice(0, LINES).filter(isKnown))), [series])
  const colours = coloursOf(chart.series.map(({ key }) => key))
  const format = FORMATS[metric]
  const title = t(`metric.${metric}`)
  return (
    <section class="panel">
      <h2>
        {title}
        {by !== 'none' && <span class="quiet"> {t(`by.${by}`)}</span>}
      </h2>
      {metric === 'cost' && data && <p class="quiet">{unpricedText(t, data.all)}</p>}
      {error && <Failure error={error} />}
      {!error && !data && <Loading />}
      {data && chart.times.length === 0 && <p class="quiet panel-empty">{t('panel.empty')}</p>}
      {chart.times.length > 0 && (
        <Chart
          label={title}
          range={range}
          step={data!.stepSeconds}
          times={chart.times}
          series={chart.series.map(({ key, values }, index) => ({
            label: key || t('by.nothing'),
            values,
            colour: colours[index]!,
          }))}
          stacked={isSum(metric)}
          format={format}
          onZoom={(from, to) => zoomTo(route, from, to)}
        />
      )}
      {table && data && series.length > 0 && <TotalsTable metric={metric} by={by} answer={data} route={route} />}
    </section>
  )
}

function isSum(metric: SeriesMetric): boolean {
  return metric !== 'latency' && metric !== 'ttft'
}

type Points = SeriesAnswer['series'][number]

/** Of what has no price there is no line. */
const isKnown = ({ total }: Points): boolean => total !== null
