// What stands above the list of traces: how many spans match over time, or how long they took, or what they cost.
import { useText } from '../../i18n'
import { changed } from '../../route'
import { filterOf } from '../../traceql/kind'
import { TraceHeatmap } from './trace-heatmap'
import { Volume, type VolumeProps } from './volume'

const CHARTS = ['spans', 'duration', 'cost'] as const

export function TracesChart(props: VolumeProps) {
  const t = useText()
  const { query, route } = props
  const filter = filterOf(query)
  if (filter === undefined) return null
  const shown = CHARTS.find(chart => chart === route.params.get('chart')) ?? 'spans'
  return (
    <div class="traces-chart">
      <nav class="tabs" aria-label={t('chart.of')}>
        {CHARTS.map(chart => (
          <a
            key={chart}
            href={changed(route, { chart: chart === 'spans' ? undefined : chart })}
            aria-current={chart === shown ? 'true' : undefined}
          >
            {t(`chart.${chart}`)}
          </a>
        ))}
      </nav>
      {shown === 'spans' ? <Volume {...props} /> : <TraceHeatmap {...props} filter={filter} y={shown} />}
    </div>
  )
}
