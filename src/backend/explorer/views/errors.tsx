// Errors by what they are: how often, when, and traces that show them.
import { useMemo, useRef, useState } from 'preact/hooks'
import type { ErrorExample, ErrorGroup, ErrorsAnswer } from '../../api/error-answers'
import { url } from '../data/client'
import { errorQuery } from '../data/error-query'
import { count } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { Service } from '../parts/badges'
import { Chart } from '../parts/chart'
import { Cut, useLimit } from '../parts/load-more'
import { MarkedText } from '../parts/marked-text'
import { Newcomer } from '../parts/newcomer'
import { Empty, Failure, Loading } from '../parts/state'
import { TimeOfSeconds } from '../parts/time'
import { useKeys } from '../parts/use-keys'
import { stepOf, type TimeRange, zoomTo } from '../range'
import { href, type Route, rangeOf } from '../route'
import type { ViewProps } from '.'
import { ErrorFilters, filtersIn } from './errors/error-filters'

export function ErrorsView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const [limit, onMore] = useLimit()
  const { data, error, loading } = useAnswer<ErrorsAnswer>(
    url('api/afn/errors', { ...range, ...filtersIn(route), limit, step: stepOf(range), facets: 'true' }),
    round,
  )
  const isNarrowed = Object.values(filtersIn(route)).some(Boolean)
  const [open, setOpen] = useState<string>()
  const words = [route.params.get('q') ?? ''].filter(Boolean)
  const list = useRef<HTMLUListElement>(null)
  const lines = () => [...(list.current?.querySelectorAll<HTMLElement>('.group-line') ?? [])]
  const move = (step: number) => {
    const at = lines().indexOf(document.activeElement as HTMLElement)
    lines()[Math.max(0, at + step)]?.focus()
  }
  useKeys({ j: () => move(1), k: () => move(-1) })
  const most = Math.max(...(data?.groups ?? []).map(group => group.count))
  return (
    <div class="fill">
      <ErrorFilters route={route} facets={data?.facets} deploys={data?.deploys ?? []} />
      {error && <Failure error={error} again={again} />}
      {!data && loading && <Loading />}
      {data?.groups.length === 0 && (
        <Empty title={t(isNarrowed ? 'errors.none_found' : 'errors.none')}>
          {isNarrowed ? (
            <p>{t('traces.widen')}</p>
          ) : (
            <>
              <p>{t('errors.none_why')}</p>
              <Newcomer />
            </>
          )}
        </Empty>
      )}
      {data && data.groups.length > 0 && (
        <ul class="groups scroll" ref={list}>
          {data.groups.map(group => (
            <li key={group.id} class="group">
              <button
                type="button"
                class="plain group-line"
                aria-expanded={open === group.id}
                onClick={() => setOpen(open === group.id ? undefined : group.id)}
              >
                <span class="group-count number">
                  <span class="bar bad-bar" style={{ width: `${(100 * group.count) / most}%` }} aria-hidden="true" />
                  {count(group.count)}
                </span>
                <span class="group-text">
                  <strong>
                    <MarkedText short text={group.type || t('errors.untyped')} />
                  </strong>{' '}
                  {group.isNew && <span class="kind">{t('errors.new')}</span>}{' '}
                  <MarkedText short text={group.newest} words={words} />
                </span>
                <span class="group-where">
                  <Service name={group.service} />
                  <MarkedText short text={group.span || (group.frames[0] ?? '')} />
                </span>
                <span class="quiet">{group.users > 0 && t('errors.users', { n: group.users })}</span>
                <TimeOfSeconds seconds={group.last} ago />
              </button>
              {open === group.id && <GroupDetail group={group} step={data.stepSeconds} range={range} route={route} />}
            </li>
          ))}
          <li>
            <Cut n={data.groups.length} complete={data.complete} onMore={onMore} />
          </li>
        </ul>
      )}
    </div>
  )
}

function GroupDetail({
  group,
  step,
  range,
  route,
}: {
  group: ErrorGroup
  step: number
  range: TimeRange
  route: Route
}) {
  const t = useText()
  const query = errorQuery(group)
  const { times, series } = useMemo(() => overTime(group, step, range), [group, step, range])
  return (
    <div class="group-more">
      <p>
        <MarkedText text={group.newest} />
      </p>
      <p class="quiet">
        {t('errors.first')} <TimeOfSeconds seconds={group.first} />
        {group.firstVersion && ` (${t('facets.version')} ${group.firstVersion})`} · {t('errors.last')}{' '}
        <TimeOfSeconds seconds={group.last} />
        {group.lastVersion && ` (${t('facets.version')} ${group.lastVersion})`}
        {group.users > 0 && ` · ${t('errors.users', { n: group.users })}`}
      </p>
      {group.message !== group.newest && (
        <p class="quiet">
          {t('errors.pattern')} <MarkedText text={group.message} />
        </p>
      )}
      {group.frames.length > 0 && (
        <pre class="stack">
          <MarkedText text={group.frames.join('\n')} />
        </pre>
      )}
      <Chart
        label={t('errors.trend')}
        range={range}
        times={times}
        stacked
        series={[{ label: t('errors.trend'), values: series, colour: 'bad' }]}
        onZoom={(from, to) => zoomTo(route, from, to)}
      />
      <h4>{t('errors.examples')}</h4>
      <ul class="examples">
        {group.examples.map(example => (
          <li key={`${example.traceId} ${example.time}`}>
            <Example example={example} route={route} />
          </li>
        ))}
      </ul>
      {query && <a href={href(['traces'], { ...rangeOf(route), q: query })}>{t('errors.all')}</a>}
    </div>
  )
}

/** A value for each step of the range. */
function overTime({ points }: ErrorGroup, step: number, range: TimeRange): { times: number[]; series: number[] } {
  const counts = new Map(points)
  const times: number[] = []
  for (let at = Math.floor(range.start / step) * step; at < range.end; at += step) times.push(at)
  return { times, series: times.map(at => counts.get(at) ?? 0) }
}

function Example({ example: { traceId, time, span, session, page }, route }: { example: ErrorExample; route: Route }) {
  const t = useText()
  const range = rangeOf(route)
  return (
    <>
      {traceId ? (
        <a href={href(['trace', traceId], range)} title={traceId}>
          <TimeOfSeconds seconds={time} /> <MarkedText short text={span || traceId.slice(0, 8)} />
        </a>
      ) : (
        <TimeOfSeconds seconds={time} />
      )}
      {page && (
        <>
          {' · '}
          <MarkedText short text={page} />
        </>
      )}
      {session && (
        <>
          {' · '}
          <a href={href(['session', 'session', session], range)}>
            {t('sessions.session')} <MarkedText short text={session} />
          </a>
        </>
      )}
    </>
  )
}
