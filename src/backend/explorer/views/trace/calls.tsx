// The calls of a trace one below the other, in the order in which they began: what each has that the one before had not.
import { useMemo } from 'preact/hooks'
import { compare } from '../../data/bigints'
import { duration } from '../../data/format'
import { llmFactsOf } from '../../data/llm-facts'
import type { Tree } from '../../data/tree'
import { newsOf } from '../../data/turns'
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { Empty } from '../../parts/state'
import { changed, type Route } from '../../route'
import { LlmDetail } from './llm-detail'

export function Calls({ tree, route }: { tree: Tree; route: Route }) {
  const t = useText()
  const calls = useMemo(
    () =>
      [...tree.nodes.values()]
        .sort((a, b) => compare(a.span.start, b.span.start))
        .flatMap(({ span }) => {
          const facts = llmFactsOf(span)
          return facts ? [{ span, facts }] : []
        }),
    [tree],
  )
  const news = useMemo(() => newsOf(calls.map(({ facts }) => facts)), [calls])
  if (calls.length === 0)
    return (
      <Empty title={t('calls.none')}>
        <p>{t('calls.none_why')}</p>
      </Empty>
    )
  return (
    <div class="calls scroll">
      {calls.map(({ span, facts }, index) => (
        <article key={span.id} class="call">
          <h3>
            <span class="turn-number">{index + 1}</span>{' '}
            <a href={changed(route, { tab: undefined, span: span.id })}>
              <MarkedText short text={span.name} />
            </a>{' '}
            <span class="quiet">
              +{duration(span.start - tree.start)} · {duration(span.end - span.start)}
            </span>{' '}
            {span.status === 'error' && <span class="mark-error">!</span>}
          </h3>
          {span.status === 'error' && (
            <p class="detail-error">
              <MarkedText text={span.statusMessage || t('span.error')} />
            </p>
          )}
          <LlmDetail facts={facts} news={news[index]!} />
        </article>
      ))}
    </div>
  )
}
