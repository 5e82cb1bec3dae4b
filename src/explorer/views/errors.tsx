// Errors by what they are: how often, when, and traces that show them.
import { useRef, useState } from 'preact/hooks'
import type { ErrorGroup, ErrorsAnswer, MetricsAnswer } from '../../local/api/answers'
import { url } from '../data/client'
import { count } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { Service } from '../parts/badges'
import { Chart } from '../parts/chart'
import { MarkedText } from '../parts/marked-text'
import { Newcomer } from '../parts/newcomer'
import { Empty, Failure, Loading } from '../parts/state'
import { TimeOfSeconds } from '../parts/time'
import { useKeys } from '../parts/use-keys'
import { type Range, stepOf, zoomTo } from '../range'
import { href, type Route, rangeOf } from '../route'
import { quoted } from '../traceql/write'
import type { ViewProps } from '.'

export function ErrorsView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const { data, error, loading } = useAnswer<ErrorsAnswer>(url('api/afn/errors', { ...range, limit: 200 }), round)
  const [open, setOpen] = useState<string>()
  const list = useRef<HTMLUListElement>(null)
  const lines = () => [...(list.current?.querySelectorAll<HTMLElement>('.group-line') ?? [])]
  const move = (step: number) => {
    const at = lines().indexOf(document.activeElement as HTMLElement)
    lines()[Math.max(0, at + step)]?.focus()
  }
  useKeys({ j: () => move(1), k: () => move(-1) })
  if (error) return <Failure error={error} again={again} />
  if (!data) return loading ? <Loading /> : null
  if (data.groups.length === 0)
    return (
      <Empty title={t('errors.none')}>
        <p>{t('errors.none_why')}</p>
        <Newcomer />
      </Empty>
    )
  const most = Math.max(...data.groups.map(group => group.count))
  return (
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
              <MarkedText short text={group.message} />
            </span>
            <span>
              <Service name={group.service} /> <span class="quiet">·</span>{' '}
              <MarkedText short text={group.span || (group.frames[0] ?? '')} />
            </span>
            <TimeOfSeconds seconds={group.last} ago />
          </button>
          {open === group.id && <GroupDetail group={group} range={range} route={route} />}
        </li>
      ))}
    </ul>
  )
}

function GroupDetail({ group, range, route }: { group: ErrorGroup; range: Range; route: Route }) {
  const t = useText()
  const query = queryOf(group)
  const step = stepOf(range)
  const { data } = useAnswer<MetricsAnswer>(
    query && url('api/metrics/query_range', { q: `${query} | count_over_time()`, ...range, step: `${step}s` }),
  )
  const samples = data?.series?.[0]?.samples ?? []
  return (
    <div class="group-more">
      <p>
        <MarkedText text={group.message} />
      </p>
      <p class="quiet">
        {t('errors.first')} <TimeOfSeconds seconds={group.first} /> · {t('errors.last')}{' '}
        <TimeOfSeconds seconds={group.last} />
      </p>
      {group.frames.length > 0 && (
        <pre class="stack">
          <MarkedText text={group.frames.join('\n')} />
        </pre>
      )}
      {samples.length > 0 && (
        <Chart
          label={t('errors.trend')}
          range={range}
          times={samples.map(({ timestampMs }) => Number(timestampMs) / 1000 - step)}
          stacked
          series={[{ label: t('errors.trend'), values: samples.map(({ value }) => value ?? 0), colour: 3 }]}
          onZoom={(from, to) => zoomTo(route, from, to)}
        />
      )}
      {group.traceIds.length > 0 && <h4>{t('errors.examples')}</h4>}
      <ul class="examples">
        {group.traceIds.map(id => (
          <li key={id}>
            <a href={href(['trace', id], rangeOf(route))}>
              <code class="id">{id}</code>
            </a>
          </li>
        ))}
      </ul>
      {query && <a href={href(['traces'], { ...rangeOf(route), q: query })}>{t('errors.all')}</a>}
    </div>
  )
}

/**
 * The spans of a group, if it has some. Their messages differ in what the group leaves out, so these are not asked for.
 */
function queryOf({ type, service, span }: ErrorGroup): string | undefined {
  if (span === '') return undefined
  const place = `status = error && resource.service.name = ${quoted(service)} && name = ${quoted(span)}`
  if (type === '') return `{ ${place} }`
  const kinds = [`span.error.type = ${quoted(type)}`, `event.exception.type = ${quoted(type)}`]
  if (/^\d{3}$/.test(type)) kinds.push(`span.http.response.status_code = ${type}`)
  return `{ ${place} && (${kinds.join(' || ')}) }`
}
