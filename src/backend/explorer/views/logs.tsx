// Log lines: what the reader looks for, how many there are over time and by what, the lines, live if wanted.
import { useMemo, useRef } from 'preact/hooks'
import type { LogSummary, LogsAnswer } from '../../api/log-answers'
import { url } from '../data/client'
import { count } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { useLogTail } from '../data/use-log-tail'
import { usePages } from '../data/use-pages'
import { useText } from '../i18n'
import { FacetToggle, useFacetColumn } from '../parts/facet-column'
import { LiveButton } from '../parts/live-button'
import { Cut } from '../parts/load-more'
import { LogList } from '../parts/log-list'
import { Newcomer } from '../parts/newcomer'
import { Empty, Failure, Loading } from '../parts/state'
import { useKeys } from '../parts/use-keys'
import { stepOf } from '../range'
import { changed, go } from '../route'
import type { ViewProps } from '.'
import { ChosenFilters } from './logs/chosen-filters'
import { LogFacets } from './logs/log-facets'
import { logFiltersIn } from './logs/log-filters'
import { LogVolume } from './logs/log-volume'

export function LogsView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const filters = useMemo(() => logFiltersIn(route), [route])
  const live = route.params.get('live') === '1'
  const list = usePages<LogsAnswer>('api/afn/logs', { ...filters, ...range }, round)
  const tail = useLogTail({ ...filters, ...range }, live)
  const summary = useAnswer<LogSummary>(
    url('api/afn/logs/summary', { ...filters, ...range, step: stepOf(range) }),
    round,
  )
  const [hasFacets, toggleFacets] = useFacetColumn()
  const logs = live ? tail.logs : list.answers.flatMap(answer => answer.logs)
  const error = live ? tail.error : list.error
  const isFiltered = Object.values(filters).some(value => value !== undefined)
  const box = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => box.current?.focus() })
  return (
    <div class="fill">
      <form
        class="query"
        onSubmit={event => {
          event.preventDefault()
          go(changed(route, { text: String(new FormData(event.currentTarget).get('text') ?? '') }))
        }}
      >
        <input
          type="search"
          name="text"
          ref={box}
          class="grow"
          defaultValue={filters.q ?? ''}
          placeholder={t('logs.search')}
          aria-label={t('logs.search')}
        />
        <button type="submit" class="primary">
          {t('query.run')}
        </button>
        <FacetToggle isOpen={hasFacets} onToggle={toggleFacets} />
        <LiveButton route={route} />
      </form>
      <ChosenFilters filters={filters} route={route} />
      <div class="beside">
        {hasFacets && <LogFacets facets={summary.data?.facets} filters={filters} route={route} />}
        <div class="fill">
          {!live && summary.data && <LogVolume summary={summary.data} route={route} range={range} />}
          {error && <Failure error={error} again={again} />}
          {!live && list.answers.length === 0 && list.loading && <Loading />}
          {live && logs.length === 0 && !error && <Empty title={t('logs.waiting')} />}
          {!live && list.answers.length > 0 && logs.length === 0 && (
            <Empty title={t('logs.none')}>{isFiltered ? <p>{t('traces.widen')}</p> : <Newcomer />}</Empty>
          )}
          {logs.length > 0 && (
            <div class="scroll">
              <LogList logs={logs} ofTrace={false} />
              {!live && <Cut n={logs.length} complete={list.complete} loading={list.loading} onMore={list.more} />}
            </div>
          )}
          {live && tail.skipped > 0 && <p class="foot">{t('logs.skipped', { n: count(tail.skipped) })}</p>}
          <p class={tail.broken ? 'foot' : 'hidden'} role="status">
            {tail.broken && t('traces.broken')}
          </p>
        </div>
      </div>
    </div>
  )
}
