// The table that is a chart's legend: a row with a colour has a line; click a row to draw or hide it.
import { type ChartSeries, summaryOf } from '../../data/series'
import { useText } from '../../i18n'
import { Dot } from '../../parts/badges'
import { MarkedText } from '../../parts/marked-text'
import type { Numbers } from '../../traceql/numbers'

export interface SeriesTableProps {
  /** What tells the series apart, where it is one thing. */
  readonly label: string | undefined
  readonly series: readonly ChartSeries[]
  /** One number a series instead of a summary of its points. */
  readonly instant: boolean
  readonly numbers: Numbers
  /** Of the series that are drawn. */
  readonly colours: ReadonlyMap<string, number>
  onToggle(key: string): void
}

export function SeriesTable({ label, series, instant, numbers, colours, onToggle }: SeriesTableProps) {
  const t = useText()
  const { format } = numbers
  const columns = (['sum', 'mean', 'max', 'last'] as const).filter(name => name !== 'sum' || numbers.addUp)
  const rows = series.map(one => ({ ...one, colour: colours.get(one.key), summary: summaryOf(one) }))
  if (instant) rows.sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const largest = Math.max(...rows.map(({ value }) => value ?? 0), 1e-12)
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">{label ?? t('metrics.series')}</th>
          {(instant ? (['value'] as const) : columns).map(name => (
            <th key={name} scope="col" class="number">
              {t(`metrics.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, colour, value, summary }) => (
          <tr key={key} class={!instant && colour === undefined ? 'off' : undefined}>
            <td>
              <button
                type="button"
                class="plain"
                aria-pressed={instant || colour !== undefined}
                onClick={() => onToggle(key)}
              >
                {!instant && <Dot colour={colour} />}
                <MarkedText short text={key || t('metrics.all')} />
              </button>
            </td>
            {instant ? (
              <td class="number duration">
                <span
                  class="bar"
                  style={{ width: `${Math.max(0, (100 * (value ?? 0)) / largest)}%` }}
                  aria-hidden="true"
                />
                {format(value ?? 0)}
              </td>
            ) : (
              columns.map(name => (
                <td key={name} class="number">
                  {summary ? format(summary[name]) : '–'}
                </td>
              ))
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
