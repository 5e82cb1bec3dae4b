// The list of traces: what the reader looks for, what is found, live if wanted; or numbers, when the query makes some.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { useTail } from '../data/use-tail'
import { useTraces } from '../data/use-traces'
import { useText } from '../i18n'
import { FacetToggle, useFacetColumn } from '../parts/facet-column'
import { LiveButton } from '../parts/live-button'
import { Newcomer } from '../parts/newcomer'
import { Empty, Warnings } from '../parts/state'
import { useKeys } from '../parts/use-keys'
import { changed, go, href, rangeOf } from '../route'
import { remember } from '../traceql/history'
import { isMetrics } from '../traceql/kind'
import { readSearch } from '../traceql/search-text'
import type { ViewProps } from '.'
import { Facets } from './traces/facets'
import { MetricsResult } from './traces/metrics-result'
import { QueryBox } from './traces/query-box'
import { Questions } from './traces/query-catalogue'
import { orderIn } from './traces/trace-columns'
import { TraceTable } from './traces/trace-table'
import { TracesChart } from './traces/traces-chart'
import { TracesFailure } from './traces/traces-failure'

export function TracesView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const typed = route.params.get('q') ?? ''
  const search = useMemo(() => readSearch(typed), [typed])
  const [query, words] = search.kind === 'query' ? [search.query, search.words] : ['{}', []]
  const live = route.params.get('live') === '1'
  const metrics = useMemo(() => isMetrics(query), [query])
  const order = useMemo(() => (live ? undefined : orderIn(route)), [route, live])
  const tier = route.params.get('tier') ?? undefined
  const list = useTraces(metrics ? undefined : { query, words, tier }, order, range, round)
  const tail = useTail(query, live && !metrics)
  const [asking, setAsking] = useState(false)
  const [hasFacets, toggleFacets] = useFacetColumn()
  const run = (text: string) => {
    remember(text.trim())
    setAsking(false)
    if (text.trim() === typed.trim()) again()
    else go(changed(route, { q: text.trim() }))
  }
  const traces = useMemo(() => {
    const came = new Set(tail.traces.map(({ traceID }) => traceID))
    return live ? [...tail.traces, ...list.traces.filter(({ traceID }) => !came.has(traceID))] : list.traces
  }, [live, tail.traces, list.traces])
  const error = (live ? tail.error : undefined) ?? list.error
  useKeys({ Escape: () => setAsking(false) })
  useEffect(() => {
    if (metrics && live) go(changed(route, { live: undefined }), 'replace')
  }, [metrics, live])
  useEffect(() => {
    if (search.kind === 'trace') go(href(['trace', search.id], rangeOf(route)), 'replace')
  }, [search])

  const shown = { query, tier, route, range, round }
  return (
    <div class="traces fill">
      <div class="query">
        <QueryBox text={typed} onRun={run} />
        <button type="button" aria-expanded={asking} aria-controls="questions" onClick={() => setAsking(!asking)}>
          {t('questions.open')}
        </button>
        {!metrics && !live && <FacetToggle isOpen={hasFacets} onToggle={toggleFacets} />}
        {!metrics && <LiveButton route={route} />}
      </div>
      {words.length > 0 && (
        <p class="searched">
          {t('search.words', { words: words.join(' · ') })}{' '}
          <a href={changed(route, { q: query })}>{t('search.as_traceql')}</a>
        </p>
      )}
      {asking && <Questions onPick={run} />}
      {metrics ? (
        <MetricsResult
          key={`${route.params.get('show')} ${query}`}
          query={query}
          route={route}
          range={range}
          round={round}
        />
      ) : (
        <div class="beside">
          {!live && hasFacets && <Facets {...shown} words={words.length > 0 ? typed : ''} />}
          <div class="fill">
            {!live && <TracesChart {...shown} />}
            <Warnings warnings={live ? [] : list.warnings} />
            {error && <TracesFailure error={error} query={query} again={again} />}
            {traces.length > 0 && (
              <TraceTable
                traces={traces}
                words={words}
                route={route}
                live={live}
                loading={list.loading}
                top={list.top}
                onLeave={list.leave}
                onEnd={list.more}
              />
            )}
            {traces.length === 0 && !error && !list.loading && (
              <Empty title={live ? t('traces.waiting') : t(query === '{}' ? 'traces.none' : 'traces.none_found')}>
                {query === '{}' || live ? <Newcomer /> : <p>{t('traces.widen')}</p>}
              </Empty>
            )}
            <p class={traces.length > 0 ? 'foot' : 'hidden'} role="status">
              {tail.broken && `${t('traces.broken')} · `}
              {list.loading
                ? t('state.loading')
                : t(list.complete ? 'traces.count' : 'traces.count_so_far', { n: traces.length })}
            </p>
          </div>
        </div>
      )}
    </div>
  )
}
