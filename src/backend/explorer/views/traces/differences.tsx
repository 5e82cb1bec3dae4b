// What is different about the spans in a box: values that they have more often, or less often, than all others. TraceQL's `compare()` counts them.
import { useMemo } from 'preact/hooks'
import type { MetricsAnswer } from '../../../api/answers'
import type { HeatmapAnswer, HeatmapMeasure } from '../../../api/heatmap-answer'
import { url } from '../../data/client'
import { count, percent } from '../../data/format'
import { type Box, comparisonOf, coveredBy, differencesIn, valuesOf } from '../../data/heatmap'
import { useAnswer } from '../../data/use-answer'
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { Scrolled } from '../../parts/scrolled'
import { Empty, Failure, Loading } from '../../parts/state'
import type { TimeRange } from '../../range'
import { changed, href, type Route, rangeOf } from '../../route'
import { isOneFilter } from '../../traceql/kind'
import { withCondition } from '../../traceql/write'

export interface DifferencesProps {
  readonly answer: HeatmapAnswer
  readonly box: Box
  /** TraceQL of the spans of the heatmap. */
  readonly spans: string
  readonly y: HeatmapMeasure
  readonly query: string
  readonly tier: string | undefined
  readonly route: Route
  readonly range: TimeRange
  onClose(): void
}

export function Differences({ answer, box, spans, y, query, tier, route, range, onClose }: DifferencesProps) {
  const t = useText()
  const comparison = comparisonOf(spans, y, answer, box)
  const { data, error, loading } = useAnswer<MetricsAnswer>(
    url('api/metrics/query', { q: comparison, ...range, tier, afn: 'true' }),
  )
  const found = useMemo(() => differencesIn(data ?? {}), [data])
  const { start, end, low, high } = coveredBy(answer, box)
  const inBox = changed(route, {
    q: withCondition(spans, valuesOf(y, low, high)),
    range: undefined,
    from: String(start),
    to: String(end),
  })
  return (
    <section class="differences" aria-label={t('differences.title')}>
      <header>
        <h2>{t('differences.title')}</h2>
        {loading && <Loading />}
        <a href={inBox}>{t('differences.traces')}</a>
        <a href={href(['traces'], { q: comparison, show: 'total', ...rangeOf(route) })}>{t('search.as_traceql')}</a>
        <button type="button" onClick={onClose}>
          {t('differences.close')}
        </button>
      </header>
      {error && <Failure error={error} />}
      {data && found.list.length === 0 && <Empty title={t('differences.none')} />}
      {found.list.length > 0 && (
        <Scrolled label={t('differences.title')}>
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('differences.attribute')}</th>
                <th scope="col">{t('metrics.value')}</th>
                <th scope="col" class="number">
                  {t('differences.inside', { n: count(found.inside) })}
                </th>
                <th scope="col" class="number">
                  {t('differences.outside', { n: count(found.outside) })}
                </th>
              </tr>
            </thead>
            <tbody>
              {found.list.map(({ name, value, inside, outside, condition }) => (
                <tr key={`${name} ${value}`}>
                  <td>
                    <MarkedText short text={name} />
                  </td>
                  <td>
                    {condition && isOneFilter(query) ? (
                      <a href={changed(route, { q: withCondition(query, condition) })}>
                        <MarkedText short text={value || '""'} />
                      </a>
                    ) : (
                      <MarkedText short text={value || '""'} />
                    )}
                  </td>
                  <td class="number duration">
                    <span class="bar" style={{ width: `${100 * inside}%` }} aria-hidden="true" />
                    {percent(inside, 1)}
                  </td>
                  <td class="number duration">
                    <span class="bar" style={{ width: `${100 * outside}%` }} aria-hidden="true" />
                    {percent(outside, 1)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
    </section>
  )
}
