// How it goes: figures of the range, charts, and what the store holds.
import type { Overview, Stats, TierName } from '../../api/answers'
import { url } from '../data/client'
import { bytes, count, dateTime, durationMs, percent } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { usePreferences, useText } from '../i18n'
import { costText, unpricedText } from '../parts/cost'
import { Newcomer } from '../parts/newcomer'
import { SeriesPanel } from '../parts/series-panel'
import { Empty, Failure, Loading } from '../parts/state'
import { href, type Route, rangeOf } from '../route'
import type { ViewProps } from '.'

export function OverviewView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const { data, error, loading } = useAnswer<Overview>(url('api/afn/overview', { ...range }), round)
  const { data: stats } = useAnswer<Stats>('api/afn/stats', round)
  const earlier = { start: 2 * range.start - range.end, end: range.start }
  // of a time that the store has a part of, no figure can be compared
  const isComparable = stats !== undefined && stats.oldest !== null && stats.oldest <= earlier.start
  const { data: before } = useAnswer<Overview>(isComparable ? url('api/afn/overview', earlier) : undefined, round)
  if (error) return <Failure error={error} again={again} />
  if (!data) return loading ? <Loading /> : null
  const panel = { range, round, route }
  return (
    <div class="scroll padded">
      {data.spans === 0 ? (
        <Empty title={t('overview.none')}>
          <Newcomer />
        </Empty>
      ) : (
        <>
          <Figures data={data} before={before} route={route} />
          <TierSplit {...data} />
          <div class="panels">
            <SeriesPanel metric="cost" by="model" {...panel} />
            <SeriesPanel metric="calls" by="model" {...panel} />
            <SeriesPanel metric="latency" by="service" {...panel} />
            <SeriesPanel metric="ttft" by="model" {...panel} />
            <SeriesPanel metric="errors" by="service" {...panel} />
            <SeriesPanel metric="tokens" by="model" {...panel} />
          </div>
        </>
      )}
      {stats && <Store stats={stats} />}
    </div>
  )
}

function Figures({ data, before, route }: { data: Overview; before: Overview | undefined; route: Route }) {
  const t = useText()
  const { tokens } = data
  const time = (ms: number | null) => (ms === null ? '–' : durationMs(ms))
  const since = (figure: (overview: Overview) => number | null) => {
    const change = before && changeText(figure(data), figure(before))
    return change && t('overview.change', { change })
  }
  const traces = (q: string) => href(['traces'], { ...rangeOf(route), q })
  return (
    <dl class="figures">
      <Figure
        name={t('overview.traces')}
        value={count(data.traces)}
        link={traces('{}')}
        more={since(({ traces }) => traces)}
      />
      <Figure
        name={t('column.errors')}
        value={count(data.errors)}
        link={traces('{ status = error }')}
        bad={data.errors > 0}
        more={listed(
          t('overview.failed', { n: data.failedTraces, share: percent(data.failedTraces, data.traces) }),
          since(({ failedTraces }) => failedTraces),
        )}
      />
      <Figure
        name={t('overview.p50')}
        value={time(data.p50Ms)}
        more={listed(
          t('overview.p95', { time: time(data.p95Ms) }),
          since(({ p95Ms }) => p95Ms),
        )}
      />
      <Figure
        name={t('trace.calls')}
        value={count(data.calls)}
        link={traces('{ span.gen_ai.operation.name != nil }')}
        more={since(({ calls }) => calls)}
      />
      <Figure
        name={t('column.cost')}
        value={costText(t, data)}
        link={href(['cost'], rangeOf(route))}
        more={listed(
          unpricedText(t, data),
          since(({ costUsd }) => costUsd),
        )}
      />
      <Figure name={t('overview.ttft')} value={time(data.ttftP95Ms)} />
      <Figure
        name={t('overview.input')}
        value={tokens.input === null ? t('tokens.unknown') : count(tokens.input)}
        more={t('overview.cached', { share: percent(tokens.cacheRead, tokens.input ?? 0) })}
      />
      <Figure
        name={t('overview.output')}
        value={tokens.output === null ? t('tokens.unknown') : count(tokens.output)}
        more={t('overview.reasoning', { share: percent(tokens.reasoning, tokens.output ?? 0) })}
      />
    </dl>
  )
}

const listed = (...texts: readonly (string | undefined)[]): string | undefined =>
  texts.filter(Boolean).join(' · ') || undefined

/** Undefined where there was nothing, of which no share can be taken. */
function changeText(now: number | null, before: number | null): string | undefined {
  if (now === null || !before) return undefined
  const change = Math.round((100 * (now - before)) / before)
  return `${change > 0 ? '+' : change < 0 ? '−' : '±'}${count(Math.abs(change))} %`
}

interface FigureProps {
  readonly name: string
  readonly value: string
  readonly more?: string | undefined
  readonly link?: string
  readonly bad?: boolean
}

function Figure({ name, value, more, link, bad = false }: FigureProps) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd class={bad ? 'bad' : undefined}>{link ? <a href={link}>{value}</a> : value}</dd>
      {more && <dd class="figure-more">{more}</dd>}
    </div>
  )
}

const TIERS: readonly TierName[] = ['detailed', 'sampled', 'errors']

function TierSplit({ tiers, keptDays }: Pick<Overview, 'tiers' | 'keptDays'>) {
  const t = useText()
  const sum = TIERS.reduce((total, tier) => total + tiers[tier], 0)
  return (
    <section class="tier-split">
      <div
        class="token-bar"
        role="img"
        aria-label={TIERS.map(tier => `${t(`tier.${tier}`)} ${tiers[tier]}`).join(', ')}
      >
        {TIERS.map(tier => (
          <span key={tier} class={`fill-${tier}`} style={{ width: `${sum > 0 ? (100 * tiers[tier]) / sum : 0}%` }} />
        ))}
      </div>
      <ul class="token-legend">
        {TIERS.map(tier => (
          <li key={tier}>
            <span class={`dot fill-${tier}`} aria-hidden="true" />
            {t(`tier.${tier}`)} <b>{count(tiers[tier])}</b>{' '}
            <span class="quiet">{t('tier.kept', { n: keptDays[tier] })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Store({ stats: data }: { stats: Stats }) {
  const { t, language } = usePreferences()
  return (
    <p class="store quiet">
      {t('overview.store', {
        spans: count(data.spans),
        traces: count(data.traces),
        logs: count(data.logs),
        points: count(data.metricPoints),
        size: bytes(data.bytes),
      })}
      {data.oldest !== null && ` · ${t('overview.since', { time: dateTime(data.oldest, language) })}`}
      {data.rejected > 0 && ` · ${t('overview.rejected', { n: count(data.rejected) })}`}
      {` · @afn/otel ${data.version}`}
    </p>
  )
}
