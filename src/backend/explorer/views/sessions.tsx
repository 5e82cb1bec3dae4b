// Sessions and conversations, the latest first.
import type { Session, SessionsAnswer } from '../../api/session-answers'
import { url } from '../data/client'
import { count, duration } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { Cost } from '../parts/cost'
import { ListTable } from '../parts/list-table'
import { Cut, useLimit } from '../parts/load-more'
import { MarkedText } from '../parts/marked-text'
import { Newcomer } from '../parts/newcomer'
import { Empty, Failure, Loading } from '../parts/state'
import { TimeOfSeconds } from '../parts/time'
import { tokensText } from '../parts/tokens-text'
import { changed, href, rangeOf } from '../route'
import type { ViewProps } from '.'

const KINDS = ['session', 'conversation'] as const

export function SessionsView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const [limit, onMore] = useLimit()
  const { data, error, loading } = useAnswer<SessionsAnswer>(url('api/afn/sessions', { ...range, limit }), round)
  if (error) return <Failure error={error} again={again} />
  if (!data) return loading ? <Loading /> : null
  if (data.sessions.length === 0)
    return (
      <Empty title={t('sessions.none')}>
        <p>{t('sessions.none_why')}</p>
        <pre class="command">
          <code>{'withConversation(conversationId, () => …)\nsetUser({ id: userId, sessionId })'}</code>
        </pre>
        <Newcomer />
      </Empty>
    )
  const kind = KINDS.find(name => name === route.params.get('kind'))
  const rows = kind ? data.sessions.filter(session => session.kind === kind) : data.sessions
  return (
    <div class="fill">
      <nav class="tabs" aria-label={t('sessions.kinds')}>
        {[undefined, ...KINDS].map(name => (
          <a key={name} href={changed(route, { kind: name })} aria-current={name === kind ? 'true' : undefined}>
            {t(name ? `sessions.all_${name}` : 'sessions.all')}
          </a>
        ))}
      </nav>
      <ListTable
        label={t('view.sessions')}
        rows={rows}
        keyOf={({ kind, id }) => `${kind} ${id}`}
        link={({ kind, id }) => href(['session', kind, id], rangeOf(route))}
        columns={[
          { title: t('sessions.id'), cell: row => <Name session={row} />, main: true },
          { title: t('sessions.user'), cell: ({ user }) => <MarkedText short text={user ?? '–'} /> },
          { title: t('sessions.last'), cell: ({ end }) => <TimeOfSeconds seconds={end} ago /> },
          { title: t('column.duration'), number: true, cell: ({ start, end }) => duration((end - start) * 1e9) },
          { title: t('sessions.traces'), number: true, cell: ({ traces }) => count(traces) },
          { title: t('trace.calls'), number: true, cell: ({ calls }) => count(calls) },
          {
            title: t('column.tokens'),
            number: true,
            cell: ({ inputTokens, outputTokens }) => tokensText(t, inputTokens, outputTokens),
          },
          { title: t('column.cost'), number: true, cell: session => <Cost {...session} /> },
          {
            title: t('column.errors'),
            number: true,
            cell: ({ errors }) => <span class={errors > 0 ? 'bad' : 'quiet'}>{count(errors)}</span>,
          },
        ]}
      />
      <Cut n={rows.length} complete={data.complete} onMore={onMore} />
    </div>
  )
}

function Name({ session: { kind, id } }: { session: Session }) {
  const t = useText()
  return (
    <>
      <span class="kind">{t(`sessions.${kind}`)}</span> <MarkedText short text={id} />
    </>
  )
}
