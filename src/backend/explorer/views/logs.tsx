// Logs by text and retention class.
import { useRef } from 'preact/hooks'
import type { LogsAnswer } from '../../api/answers'
import { usePages } from '../data/use-pages'
import { useText } from '../i18n'
import { Cut } from '../parts/load-more'
import { LogList } from '../parts/log-list'
import { Newcomer } from '../parts/newcomer'
import { Empty, Failure, Loading } from '../parts/state'
import { useKeys } from '../parts/use-keys'
import { changed, go } from '../route'
import type { ViewProps } from '.'

const CLASSES = ['debug', 'info', 'warn', 'error', 'audit'] as const

export function LogsView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const text = route.params.get('text') ?? undefined
  const kind = CLASSES.find(name => name === route.params.get('class'))
  const { answers, error, loading, complete, more } = usePages<LogsAnswer>(
    'api/afn/logs',
    { q: text || undefined, class: kind, ...range },
    round,
  )
  const logs = answers.flatMap(answer => answer.logs)
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
          defaultValue={text ?? ''}
          placeholder={t('logs.search')}
          aria-label={t('logs.search')}
        />
        <select
          aria-label={t('logs.class_label')}
          value={kind ?? ''}
          onChange={event => go(changed(route, { class: event.currentTarget.value }))}
        >
          <option value="">{t('logs.any_class')}</option>
          {CLASSES.map(name => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <button type="submit" class="primary">
          {t('query.run')}
        </button>
      </form>
      {error && <Failure error={error} again={again} />}
      {answers.length === 0 && loading && <Loading />}
      {answers.length > 0 && logs.length === 0 && (
        <Empty title={t('logs.none')}>{text || kind ? <p>{t('traces.widen')}</p> : <Newcomer />}</Empty>
      )}
      {logs.length > 0 && (
        <div class="scroll">
          <LogList logs={logs} ofTrace={false} />
          <Cut n={logs.length} complete={complete} loading={loading} onMore={more} />
        </div>
      )}
    </div>
  )
}
