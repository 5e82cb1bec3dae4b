// One session or conversation, turn by turn: each says what it has that the one before had not.
import { useMemo } from 'preact/hooks'
import type { TimelineAnswer } from '../../api/browser-answers'
import type { SessionAnswer, Turn } from '../../api/session-answers'
import { durationMs, usd } from '../data/format'
import { contentOf, newsOf, type TurnNews } from '../data/turns'
import { useAnswer } from '../data/use-answer'
import { usePages } from '../data/use-pages'
import { useText } from '../i18n'
import { Copy } from '../parts/copy'
import { costText, unpricedText } from '../parts/cost'
import { Cut } from '../parts/load-more'
import { MarkedText } from '../parts/marked-text'
import { Empty, Failure, Loading } from '../parts/state'
import { TimeOfSeconds } from '../parts/time'
import { tokensText } from '../parts/tokens-text'
import { TurnMessages } from '../parts/turn-messages'
import { useKeys } from '../parts/use-keys'
import { changed, go, href, type Route, rangeOf } from '../route'
import { quoted } from '../traceql/write'
import type { ViewProps } from '.'
import { Timeline } from './session/timeline'

export function SessionView({ route, round, again }: ViewProps) {
  const t = useText()
  const [, kind = '', id = ''] = route.path
  const pages = usePages<SessionAnswer>(
    `api/afn/sessions/${encodeURIComponent(kind)}/${encodeURIComponent(id)}`,
    {},
    round,
  )
  const isSession = kind === 'session'
  const { data: events } = useAnswer<TimelineAnswer>(
    isSession ? `api/afn/sessions/session/${encodeURIComponent(id)}/timeline` : undefined,
    round,
  )
  const back = href(['sessions'], rangeOf(route))
  useKeys({ Escape: () => go(back) })
  const turns = useMemo(() => pages.answers.flatMap(({ turns }) => turns), [pages.answers])
  const news = useMemo(() => newsOf(turns.map(contentOf)), [turns])
  const sum = pages.answers[0]?.sum
  if (!sum && pages.error) return <Failure error={pages.error} again={again} />
  if (!sum) return pages.loading ? <Loading /> : null
  // a session of a page has no turns, and all the more events
  const isTimeline =
    isSession && (route.params.get('tab') ?? (turns.length === 0 ? 'timeline' : 'turns')) === 'timeline'
  const attribute = kind === 'session' ? 'span.session.id' : 'span.gen_ai.conversation.id'
  return (
    <div class="session fill">
      <section class="summary">
        <div class="summary-title">
          <a href={back} class="back" aria-label={t('sessions.back')} title={`${t('sessions.back')} (Esc)`}>
            ←
          </a>
          <h2>
            <span class="kind">{t(kind === 'session' ? 'sessions.session' : 'sessions.conversation')}</span>{' '}
            <MarkedText short text={id} />
          </h2>
          <Copy text={id} />
          <a href={href(['traces'], { ...rangeOf(route), q: `{ ${attribute} = ${quoted(id)} }` })}>
            {t('sessions.traces_of')}
          </a>
        </div>
        <p class="detail-line">
          {t('sessions.turns', { n: sum.calls })}
          {turns[0]?.user && (
            <>
              {' · '}
              {t('sessions.user')} <MarkedText short text={turns[0].user} />
            </>
          )}
          {(sum.costUsd !== null || sum.unpriced > 0) && ` · ${costText(t, sum)}`}
          {sum.unpriced > 0 && ` · ${unpricedText(t, sum)}`}
        </p>
      </section>
      {isSession && (
        <nav class="tabs" aria-label={t('sessions.shape')}>
          {(['turns', 'timeline'] as const).map(name => (
            <a
              key={name}
              href={changed(route, { tab: name })}
              aria-current={(name === 'timeline') === isTimeline ? 'true' : undefined}
            >
              {t(name === 'turns' ? 'sessions.turns_tab' : 'sessions.timeline')}
            </a>
          ))}
        </nav>
      )}
      {isTimeline ? (
        <>
          {events && <Timeline entries={events.entries} route={route} />}
          {events && !events.complete && <p class="foot">{t('timeline.cut', { n: events.entries.length })}</p>}
        </>
      ) : (
        <>
          {turns.length === 0 && <Empty title={t('sessions.no_turns')} />}
          <ol class="turns scroll">
            {turns.map((turn, index) => (
              <TurnView key={turn.spanId} turn={turn} number={index + 1} route={route} news={news[index]!} />
            ))}
          </ol>
          {pages.error && <Failure error={pages.error} again={again} />}
          {!pages.complete && <Cut n={turns.length} complete={false} loading={pages.loading} onMore={pages.more} />}
        </>
      )}
    </div>
  )
}

function TurnView({ turn, number, route, news }: { turn: Turn; number: number; route: Route; news: TurnNews }) {
  const t = useText()
  return (
    <li class={turn.status === 'error' ? 'turn turn-bad' : 'turn'}>
      <p class="turn-line">
        <span class="turn-number">{number}</span>
        <a href={href(['trace', turn.traceId], { ...rangeOf(route), span: turn.spanId })}>
          <MarkedText short text={turn.name} />
        </a>
        <TimeOfSeconds seconds={turn.start} />
        <span>{durationMs(turn.durationMs)}</span>
        {turn.model && <bdi>{turn.model}</bdi>}
        <span>{tokensText(t, turn.inputTokens, turn.outputTokens)}</span>
        {turn.ttftMs !== null && <span>{t('sessions.ttft', { time: durationMs(turn.ttftMs) })}</span>}
        {turn.costUsd !== null && <b>{usd(turn.costUsd)}</b>}
        {turn.unpriced && (
          <span title={t(`unpriced.${turn.unpriced}`, { n: 1 })}>
            {t(turn.unpriced === 'no_usage' ? 'cost.no_usage' : 'cost.unpriced')}
          </span>
        )}
        {turn.status === 'error' && <span class="bad">{t('span.error')}</span>}
      </p>
      <TurnMessages news={news} />
      {turn.inputMessages === null && turn.outputMessages === null && <p class="quiet">{t('llm.no_content')}</p>}
    </li>
  )
}
