// The list of traces: the query, what it finds, live if wanted; or numbers, when the query reckons some.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { useTail } from '../data/use-tail'
import { useTraces } from '../data/use-traces'
import { useText } from '../i18n'
import { MetricsResult } from '../parts/metrics-result'
import { Newcomer } from '../parts/newcomer'
import { QueryBox } from '../parts/query-box'
import { Questions } from '../parts/query-catalogue'
import { Empty, Failure, Warnings } from '../parts/state'
import { TraceTable } from '../parts/trace-table'
import { Volume } from '../parts/volume'
import { changed, go } from '../route'
import { remember } from '../traceql/history'
import { isMetrics } from '../traceql/kind'
import type { ViewProps } from '.'

export function TracesView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const query = route.params.get('q') || '{}'
  const live = route.params.get('live') === '1'
  const metrics = useMemo(() => isMetrics(query), [query])
  const list = useTraces(metrics || live ? undefined : query, range, round)
  const tail = useTail(query, live && !metrics)
  const [asking, setAsking] = useState(false)
  const run = (text: string) => {
    const q = text.trim() || '{}'
    remember(q)
    setAsking(false)
    if (q === query) again()
    else go(changed(route, { q }))
  }
  const traces = live ? tail.traces : list.traces
  const error = live ? tail.error : list.error
  useEffect(() => {
    if (metrics && live) go(changed(route, { live: undefined }), 'replace')
  }, [metrics, live])

  return (
    <div class="traces fill">
      <div class="query">
        <QueryBox text={query} onRun={run} />
        <button type="button" aria-expanded={asking} aria-controls="questions" onClick={() => setAsking(!asking)}>
          {t('questions.open')}
        </button>
        {!metrics && (
          <button
            type="button"
            class={live ? 'live live-on' : 'live'}
            aria-pressed={live}
            onClick={() => go(changed(route, { live: live ? undefined : '1' }))}
          >
            <span class="live-dot" aria-hidden="true" />
            {t('traces.live')}
          </button>
        )}
      </div>
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
        <>
          {!live && <Volume query={query} route={route} range={range} round={round} />}
          <Warnings warnings={live ? [] : list.warnings} />
          {error && <Failure error={error} again={again} />}
          {traces.length > 0 && (
            <TraceTable
              traces={traces}
              route={route}
              loading={!live && list.loading}
              onEnd={live ? undefined : list.more}
            />
          )}
          {traces.length === 0 && !error && (live || !list.loading) && (
            <Empty title={live ? t('traces.waiting') : t(query === '{}' ? 'traces.none' : 'traces.none_found')}>
              {query === '{}' || live ? <Newcomer /> : <p>{t('traces.widen')}</p>}
            </Empty>
          )}
          <p class={traces.length > 0 ? 'foot' : 'hidden'} role="status">
            {tail.broken && `${t('traces.broken')} · `}
            {!live && list.loading
              ? t('state.loading')
              : t(live || list.complete ? 'traces.count' : 'traces.count_so_far', { n: traces.length })}
          </p>
        </>
      )}
    </div>
  )
}
