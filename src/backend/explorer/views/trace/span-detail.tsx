// All that is known of one span, in tabs.
import { useState } from 'preact/hooks'
import type { TraceBreak } from '../../../api/break-answers'
import { duration } from '../../data/format'
import { llmFactsOf } from '../../data/llm-facts'
import { isProviderSide } from '../../data/provider-side'
import type { Node, Tree } from '../../data/tree'
import { useText } from '../../i18n'
import { Service } from '../../parts/badges'
import { Copy } from '../../parts/copy'
import { MarkedText } from '../../parts/marked-text'
import { Time } from '../../parts/time'
import { href, type Route, rangeOf } from '../../route'
import { Attributes } from './attributes'
import { BreakLinks } from './break-links'
import { Events } from './events'
import { LlmDetail } from './llm-detail'

export interface SpanDetailProps {
  readonly traceId: string
  readonly node: Node
  readonly breaks: readonly TraceBreak[]
  readonly tree: Tree
  readonly route: Route
  onClose(): void
}

export function SpanDetail({ node, breaks, tree, route, onClose }: SpanDetailProps) {
  const t = useText()
  const { span } = node
  const facts = llmFactsOf(span)
  const tabs = [
    ...(facts ? (['llm'] as const) : []),
    'attributes' as const,
    ...(span.events.length > 0 ? (['events'] as const) : []),
    ...(span.links.length > 0 ? (['links'] as const) : []),
    'resource' as const,
  ]
  const [picked, setTab] = useState<(typeof tabs)[number]>(tabs[0]!)
  const tab = tabs.includes(picked) ? picked : tabs[0]!
  return (
    <aside class="detail" aria-label={t('span.detail')}>
      <div class="detail-head">
        <h3>
          <MarkedText short text={span.name} />
        </h3>
        <button type="button" class="icon" aria-label={t('help.close')} title="Esc" onClick={onClose}>
          ✕
        </button>
      </div>
      <p class="detail-line">
        <Service name={span.service} /> · {span.kind} · <Time ns={span.start} /> · {duration(span.end - span.start)}
        {node.children.length > 0 && ` · ${t('span.self_short', { self: duration(node.self) })}`} ·{' '}
        <span class="quiet">+{duration(span.start - tree.start)}</span>
      </p>
      <p class="detail-line">
        <code class="id">{span.id.slice(0, 16)}</code>
        <Copy text={span.id.slice(0, 16)} />
      </p>
      {isProviderSide(span) && <p class="detail-line quiet">{t('inside.why')}</p>}
      {span.elsewhere && (
        <p class="detail-line">
          <a href={href(['trace', span.elsewhere], { ...rangeOf(route), span: span.id })}>{t('inside.elsewhere')}</a>
        </p>
      )}
      {breaks.length > 0 && (
        <p class="detail-line">
          <BreakLinks spanId={span.id} breaks={breaks} route={route} />
        </p>
      )}
      {span.status === 'error' && (
        <p class="detail-error" role="note">
          <strong>{t('span.error')}</strong> <MarkedText text={span.statusMessage} />
        </p>
      )}
      <div class="tabs" role="tablist">
        {tabs.map(name => (
          <button key={name} type="button" role="tab" aria-selected={tab === name} onClick={() => setTab(name)}>
            {t(`span.tab_${name}`)}
            {name === 'attributes' && ` ${span.attributes.length}`}
            {name === 'events' && ` ${span.events.length}`}
            {name === 'links' && ` ${span.links.length}`}
          </button>
        ))}
      </div>
      <div class="detail-body" role="tabpanel">
        {tab === 'llm' && facts && <LlmDetail facts={facts} />}
        {tab === 'attributes' && <Attributes scope="span" attributes={span.attributes} route={route} />}
        {tab === 'events' && <Events events={span.events} start={span.start} route={route} />}
        {tab === 'links' &&
          span.links.map(link => (
            <div key={`${link.traceId}${link.spanId}`} class="link-item">
              <a href={href(['trace', link.traceId], { ...rangeOf(route), span: link.spanId })}>
                <code class="id">
                  {link.traceId} / {link.spanId}
                </code>
              </a>
              <Attributes scope="link" attributes={link.attributes} route={route} />
            </div>
          ))}
        {tab === 'resource' && (
          <>
            <Attributes scope="resource" attributes={span.resource} route={route} />
            <h4>
              {t('span.scope')} <MarkedText short text={`${span.scope.name} ${span.scope.version}`} />
            </h4>
            <Attributes scope="instrumentation" attributes={span.scope.attributes} route={route} />
          </>
        )}
      </div>
    </aside>
  )
}
