// Web Vitals by page, the most visited page first: the 75th percentile of each, rated as web.dev rates it.
import type { WebVitalsAnswer } from '../../api/browser-answers'
import { url } from '../data/client'
import { count, durationMs } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { Cut, useLimit } from '../parts/load-more'
import { MarkedText } from '../parts/marked-text'
import { Scrolled } from '../parts/scrolled'
import { Empty, Failure, Loading } from '../parts/state'
import { href, rangeOf } from '../route'
import type { ViewProps } from '.'

/** https://web.dev/articles/vitals: good up to the first, poor beyond the second. Times in milliseconds. */
const VITALS = [
  { name: 'lcp', good: 2_500, poor: 4_000 },
  { name: 'inp', good: 200, poor: 500 },
  { name: 'cls', good: 0.1, poor: 0.25 },
  { name: 'fcp', good: 1_800, poor: 3_000 },
  { name: 'ttfb', good: 800, poor: 1_800 },
  { name: 'fid', good: 100, poor: 300 },
] as const

export function VitalsView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const [limit, onMore] = useLimit()
  const { data, error, loading } = useAnswer<WebVitalsAnswer>(url('api/afn/web-vitals', { ...range, limit }), round)
  if (error) return <Failure error={error} again={again} />
  if (!data) return loading ? <Loading /> : null
  if (data.pages.length === 0)
    return (
      <Empty title={t('vitals.none')}>
        <p>{t('vitals.none_why')}</p>
        <pre class="command">
          <code>
            {"import { initializeMonitor } from '@afn/otel/browser'\ninitializeMonitor({ serviceName: 'shop-web' })"}
          </code>
        </pre>
      </Empty>
    )
  const shown = VITALS.filter(({ name }) => data.pages.some(({ vitals }) => vitals.some(one => one.name === name)))
  return (
    <div class="fill">
      <p class="searched">{t('vitals.what')}</p>
      <Scrolled label={t('view.vitals')} class="scroll">
        <table class="plain-table" aria-label={t('view.vitals')}>
          <thead>
            <tr>
              <th scope="col">{t('vitals.page')}</th>
              {shown.map(({ name }) => (
                <th key={name} scope="col" class="number" title={t(`vitals.${name}`)}>
                  {name.toUpperCase()}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.pages.map(({ page, vitals }) => (
              <tr key={page}>
                <td class="vitals-page">
                  <a href={href(['logs'], { ...rangeOf(route), q: 'browser.web_vital' })}>
                    <MarkedText short text={page || '–'} />
                  </a>
                </td>
                {shown.map(({ name, good, poor }) => {
                  const own = vitals.find(one => one.name === name)
                  if (!own) return <td key={name} class="number" />
                  const rating = own.p75 <= good ? 'good' : own.p75 <= poor ? 'middling' : 'poor'
                  return (
                    <td key={name} class="number">
                      <b class={rating === 'poor' ? 'bad' : undefined}>
                        {name === 'cls' ? count(own.p75) : durationMs(own.p75)}
                      </b>{' '}
                      <span class="quiet">
                        {t(`vitals.${rating}`)}, n = {count(own.samples)}
                      </span>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <Cut n={data.pages.length} complete={data.complete} onMore={onMore} />
    </div>
  )
}
