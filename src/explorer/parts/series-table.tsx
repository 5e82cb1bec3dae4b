// The table that is a chart's legend: click a row to hide its line. Called below the chart of a query.
import { coloursOf } from '../data/colours'
import { count } from '../data/format'
import { type Series, summaryOf } from '../data/series'
import { useText } from '../i18n'
import { MarkedText } from './marked-text'

export interface SeriesTableProps {
  /** What tells the series apart, where it is one thing. */
  readonly label: string | undefined
  readonly series: readonly Series[]
  /** One number a series instead of a summary of its points. */
  readonly instant: boolean
  readonly hidden: ReadonlySet<string>
  onToggle(key: string): void
}

export function SeriesTable({ label, series, instant, hidden, onToggle }: SeriesTableProps) {
  const t = useText()
  const colours = coloursOf(series.map(({ key }) => key))
  const rows = series.map((one, index) => ({ ...one, colour: colours[index], summary: summaryOf(one) }))
  if (instant) rows.sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const largest = Math.max(...rows.map(({ value }) => value ?? 0), 1e-12)
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">{label ?? t('metrics.series')}</th>
          {(instant
            ? (['metrics.value'] as const)
            : (['metrics.sum', 'metrics.mean', 'metrics.max', 'metrics.last'] as const)
          ).map(key => (
            <th key={key} scope="col" class="number">
              {t(key)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, colour, value, summary }) => (
          <tr key={key} class={hidden.has(key) ? 'off' : undefined}>
            <td>
              <button type="button" class="plain" aria-pressed={!hidden.has(key)} onClick={() => onToggle(key)}>
                {!instant && <span class={`dot c${colour}`} aria-hidden="true" />}
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
                {count(value ?? 0)}
              </td>
            ) : (
              (['sum', 'mean', 'max', 'last'] as const).map(name => (
                <td key={name} class="number">
                  {summary ? count(summary[name]) : '–'}
                </td>
              ))
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
