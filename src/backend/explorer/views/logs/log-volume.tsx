// How many lines match over time, by level; drag over it to look closer.
import { useMemo } from 'preact/hooks'
import type { LogSummary } from '../../../api/log-answers'
import { count } from '../../data/format'
import { LEVEL_COLOURS } from '../../data/log-levels'
import { aligned } from '../../data/series'
import { useText } from '../../i18n'
import { Chart } from '../../parts/chart'
import { type TimeRange, zoomTo } from '../../range'
import type { Route } from '../../route'

export interface LogVolumeProps {
  readonly summary: LogSummary
  readonly route: Route
  readonly range: TimeRange
}

export function LogVolume({ summary, route, range }: LogVolumeProps) {
  const t = useText()
  const { levels, stepSeconds } = summary
  const chart = useMemo(() => aligned(levels.map(({ level, points }) => ({ key: level, points }))), [levels])
  if (chart.times.length === 0) return null
  return (
    <div class="volume">
      <Chart
        label={t('logs.volume')}
        range={range}
        times={chart.times}
        series={chart.series.map(({ values }, index) => ({
          label: `${t(`level.${levels[index]!.level}`)} ${count(levels[index]!.total)}`,
          values,
          colour: LEVEL_COLOURS[levels[index]!.level],
        }))}
        stacked
        height={84}
        step={stepSeconds}
        onZoom={(from, to) => zoomTo(route, from, to)}
      />
    </div>
  )
}
