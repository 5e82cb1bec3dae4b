// Totals of a figure by group, with the share of each, and the traces behind it. Called below a chart of the cost view.
import type { SeriesAnswer, SeriesKey, SeriesMetric } from '../../local/api/answers'
import { coloursOf } from '../data/colours'
import { percent } from '../data/format'
import { useText } from '../i18n'
import { href, type Route, rangeOf } from '../route'
import { quoted } from '../traceql/write'
import { MarkedText } from './marked-text'
import { FORMATS, LINES } from './series-panel'

/** TraceQL for the spans of one group; the server groups by the model that answered, else the one that was asked for. */
const QUERIES: Readonly<Record<SeriesKey, ((literal: string) => string) | undefined>> = {
  model: model => `{ span.gen_ai.response.model = ${model} || span.gen_ai.request.model = ${model} }`,
  provider: provider => `{ span.gen_ai.provider.name = ${provider} }`,
  user: user => `{ span.user.id = ${user} }`,
  service: service => `{ resource.service.name = ${service} }`,
  none: undefined,
}

export interface TotalsTableProps {
  readonly metric: SeriesMetric
  readonly by: SeriesKey
  /** Largest first. */
  readonly series: SeriesAnswer['series']
  readonly route: Route
}

export function TotalsTable({ metric, by, series, route }: TotalsTableProps) {
  const t = useText()
  const sum = series.reduce((total, one) => total + one.total, 0)
  const largest = series[0]!.total || 1
  const query = QUERIES[by]
  const colours = coloursOf(series.slice(0, LINES).map(({ key }) => key))
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">{t(`by.${by}`)}</th>
          <th scope="col" class="number">
            {t(`metric.${metric}`)}
          </th>
          <th scope="col" class="number">
            {t('totals.share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {series.map(({ key, total }, index) => (
          <tr key={key}>
            <td>
              <span class={index < LINES ? `dot c${colours[index]}` : 'dot'} aria-hidden="true" />{' '}
              {query && key ? (
                <a href={href(['traces'], { ...rangeOf(route), q: query(quoted(key)) })}>
                  <MarkedText short text={key} />
                </a>
              ) : (
                t('by.nothing')
              )}
            </td>
            <td class="number duration">
              <span class="bar" style={{ width: `${Math.max(0, (100 * total) / largest)}%` }} aria-hidden="true" />
              {FORMATS[metric](total)}
            </td>
            <td class="number">{percent(total, sum)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('totals.all')}</th>
          <td class="number">{FORMATS[metric](sum)}</td>
          <td />
        </tr>
      </tfoot>
    </table>
  )
}
