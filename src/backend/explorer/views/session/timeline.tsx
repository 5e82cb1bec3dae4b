// A session as one timeline: the pages that were shown, clicks, errors and Web Vitals, and the traces of the same time.
import type { TimelineEntry } from '../../../api/browser-answers'
import { toldBy } from '../../data/event'
import { durationMs } from '../../data/format'
import { type TextKey, useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { TimeOfSeconds } from '../../parts/time'
import { href, type Route, rangeOf } from '../../route'

type Kind = 'page' | 'click' | 'error' | 'vital' | 'session' | 'trace' | 'log'

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^browser\.navigation/, 'page'],
  [/click/, 'click'],
  [/^exception$|error/, 'error'],
  [/^browser\.web_vital$/, 'vital'],
  [/^session\./, 'session'],
]

const kindOf = (entry: TimelineEntry): Kind =>
  'trace' in entry ? 'trace' : (KINDS.find(([pattern]) => pattern.test(entry.log.event))?.[1] ?? 'log')

export function Timeline({ entries, route }: { entries: readonly TimelineEntry[]; route: Route }) {
  const t = useText()
  let page: unknown
  return (
    <ol class="timeline scroll">
      {entries.map((entry, index) => {
        const kind = kindOf(entry)
        const shown = 'log' in entry ? entry.log.attributes['browser.document.url.full'] : undefined
        // a page stands above what happened on it, once
        const begins = typeof shown === 'string' && shown !== page
        if (begins) page = shown
        return (
          <li key={index} class={isBad(entry, kind) ? 'turn-bad' : undefined}>
            {begins && (
              <p class="timeline-page">
                <MarkedText short text={String(shown)} />
              </p>
            )}
            <p class="detail-line">
              <TimeOfSeconds seconds={entry.time} /> <span class="kind">{t(`timeline.${kind}` as TextKey)}</span>{' '}
              <Said entry={entry} route={route} />
            </p>
          </li>
        )
      })}
    </ol>
  )
}

const isBad = (entry: TimelineEntry, kind: Kind): boolean =>
  kind === 'error' || ('trace' in entry && entry.trace.errors > 0)

function Said({ entry, route }: { entry: TimelineEntry; route: Route }) {
  const t = useText()
  if ('trace' in entry) {
    const { id, name, service, durationMs: ms, spans, errors } = entry.trace
    return (
      <>
        <a href={href(['trace', id], rangeOf(route))}>
          <MarkedText short text={name ?? id} />
        </a>{' '}
        <MarkedText short text={service ?? ''} /> {durationMs(ms)} · {t('timeline.spans', { n: spans })}
        {errors > 0 && <span class="bad"> · {t('timeline.failed', { n: errors })}</span>}
      </>
    )
  }
  const { log } = entry
  const body = typeof log.body === 'string' ? log.body : ''
  const said = <MarkedText short text={`${log.event} ${body || toldBy(log.event, log.attributes)}`.trim()} />
  if (!log.traceId) return said
  const span = log.spanId ?? undefined
  return <a href={href(['trace', log.traceId], { ...rangeOf(route), span })}>{said}</a>
}
