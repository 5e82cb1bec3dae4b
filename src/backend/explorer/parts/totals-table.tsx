// Totals of a figure by group, with the share of each, and the traces behind it. Called below a chart of the cost view.
import type { SeriesAnswer, SeriesKey, SeriesMetric, SeriesTotal } from '../../api/answers'
import { coloursOf } from '../data/colours'
import { count, percent } from '../data/format'
import { FORMATS, LINES } from '../data/series-formats'
import { useText } from '../i18n'
import { href, type Route, rangeOf } from '../route'
import { quoted } from '../traceql/write'
import { Dot } from './badges'
import { Cost } from './cost'
import { MarkedText } from './marked-text'

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
  readonly answer: SeriesAnswer
  readonly route: Route
}

export function TotalsTable({ metric, by, answer: { series, all }, route }: TotalsTableProps) {
  const t = useText()
  const largest = series[0]!.total || 1
  const amountOf = ({ total, ...counts }: SeriesTotal) =>
    metric === 'cost' ? <Cost costUsd={total} {...counts} /> : FORMATS[metric](total ?? 0)
  const query = QUERIES[by]
  const colours = coloursOf(series.slice(0, LINES).map(({ key }) => key))
  return (
    <>
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
          {series.map(({ key, ...one }, index) => (
            <tr key={key}>
              <td>
                <Dot colour={index < LINES ? colours[index] : undefined} />{' '}
                {query && key ? (
                  <a href={href(['traces'], { ...rangeOf(route), q: query(quoted(key)) })}>
                    <MarkedText short text={key} />
                  </a>
                ) : (
                  t('by.nothing')
                )}
              </td>
              <td class="number duration">
                <span
                  class="bar"
                  style={{ width: `${Math.max(0, (100 * (one.total ?? 0)) / largest)}%` }}
                  aria-hidden="true"
                />
                {amountOf(one)}
              </td>
              <td class="number">{one.total === null ? '–' : percent(one.total, all.total ?? 0)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('totals.all')}</th>
            <td class="number">{amountOf(all)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
      {all.series > series.length && (
        <p class="quiet">{t('totals.cut', { n: count(series.length), all: count(all.series) })}</p>
      )}
    </>
  )
}
