// One span of the waterfall.
import type { TraceBreak } from '../../../api/break-answers'
import { paint } from '../../data/colours'
import type { Stretch } from '../../data/critical-path'
import { duration, usd } from '../../data/format'
import { type LlmCall, llmCallOf, type Tokens } from '../../data/llm'
import { isProviderSide } from '../../data/provider-side'
import type { Node } from '../../data/tree'
import { fractionOf, type VisibleRange } from '../../data/window'
import { type Translate, useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { tokensText } from '../../parts/tokens-text'
import type { Route } from '../../route'
import { BreakLinks } from './break-links'

/** Of how many siblings which one, from 1. */
export interface SiblingPosition {
  readonly at: number
  readonly of: number
}

export interface WaterfallRowProps {
  readonly node: Node
  readonly place: SiblingPosition
  readonly top: number
  readonly window: VisibleRange
  readonly selected: boolean
  /** Not what the reader looks for. */
  readonly dim: boolean
  /** The attribute or event that has what the reader looks for, where the row does not show it. */
  readonly foundIn: string | undefined
  readonly folded: boolean
  readonly breaks: readonly TraceBreak[]
  readonly route: Route
  readonly critical: readonly Stretch[] | undefined
  /** Of its service. */
  readonly colour: number
  /** Where it is another, the row names its service. */
  readonly parentService: string | undefined
  onFold(spanId: string): void
  onSelect(spanId: string): void
}

/** Deeper levels are not indented further. */
const DEEPEST = 24

export function WaterfallRow(props: WaterfallRowProps) {
  const {
    node,
    place,
    top,
    window,
    selected,
    dim,
    foundIn,
    folded,
    breaks,
    route,
    critical,
    colour,
    parentService,
    onFold,
    onSelect,
  } = props
  const t = useText()
  const { span, children, depth } = node
  const call = llmCallOf(span)
  const length = span.end - span.start
  const indent = Math.min(depth, DEEPEST) * 14
  const left = 100 * fractionOf(span.start, window)
  const right = 100 * fractionOf(span.end, window)
  const outside = span.end < window.from || span.start > window.to
  const self = length > 0n && children.length > 0 ? Number((node.self * 1000n) / length) / 10 : 100
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the focus and the keys, and names this row as the active one
    <div
      id={`span-${span.id}`}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-posinset={place.at}
      aria-setsize={place.of}
      aria-selected={selected}
      aria-expanded={children.length > 0 ? !folded : undefined}
      class={`wf-row${selected ? ' selected' : ''}${dim ? ' dim' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(span.id)}
    >
      <span class="wf-name" style={{ paddingLeft: `${indent + 4}px`, backgroundSize: `${indent}px 100%` }}>
        {children.length > 0 ? (
          <button
            type="button"
            class="plain wf-fold"
            tabIndex={-1}
            aria-label={t(folded ? 'waterfall.open' : 'waterfall.close')}
            onClick={event => {
              event.stopPropagation()
              onFold(span.id)
            }}
          >
            {folded ? `▸ ${node.descendants}` : '▾'}
          </button>
        ) : (
          <span class="wf-fold" />
        )}
        <span class="dot" style={{ background: paint(colour) }} title={span.service} />
        {span.service !== parentService && (
          <bdi class="wf-service" title={span.service}>
            {span.service}
          </bdi>
        )}
        <span class="wf-text">
          <MarkedText short text={span.name} />
        </span>
        {isProviderSide(span) && (
          <span class="wf-found" title={t('inside.why')}>
            {t('inside.mark')}
          </span>
        )}
        {foundIn && (
          <span class="wf-found" title={t('waterfall.found_in', { key: foundIn })}>
            <MarkedText short text={foundIn} />
          </span>
        )}
        {span.status === 'error' && (
          <>
            <span class="mark-error" role="img" aria-label={t('span.error')}>
              !
            </span>
            {span.statusMessage && (
              <span class="wf-error">
                <MarkedText short text={span.statusMessage.split('\n')[0]!} />
              </span>
            )}
          </>
        )}
        {folded && node.errorBelow && span.status !== 'error' && (
          <span class="mark-error faint" role="img" aria-label={t('span.error_below')}>
            !
          </span>
        )}
        {node.orphan && (
          <span class="quiet" title={t('span.orphan_why')}>
            {t('span.orphan')}
          </span>
        )}
        <BreakLinks spanId={span.id} breaks={breaks} route={route} />
      </span>
      <span class="wf-track">
        {!outside && (
          <>
            <span
              class={call ? 'wf-bar wf-llm' : 'wf-bar'}
              style={{
                left: `${left}%`,
                width: `${right - left}%`,
                backgroundColor: paint(span.status === 'error' ? 'bad' : colour),
              }}
              title={[
                span.service,
                span.name,
                duration(length),
                t('span.self', { self: duration(node.self), share: self.toFixed(0) }),
                span.statusMessage,
              ]
                .filter(Boolean)
                .join('\n')}
            />
            {critical?.map(({ from, to }) =>
              to < window.from || from > window.to ? null : (
                <span
                  key={String(from)}
                  class="wf-critical"
                  style={{
                    left: `${100 * fractionOf(from, window)}%`,
                    width: `${100 * (fractionOf(to, window) - fractionOf(from, window))}%`,
                  }}
                />
              ),
            )}
            <span class={right > 70 && left < 30 ? 'wf-label inside' : 'wf-label'} style={labelPlace(left, right)}>
              {duration(length)}
              {call?.tokens && (
                <span class="wf-llm-text">
                  {call.model && !span.name.includes(call.askedModel ?? call.model) && <bdi>{call.model} </bdi>}
                  {usedText(t, call, call.tokens)}
                </span>
              )}
            </span>
          </>
        )}
      </span>
    </div>
  )
}

/** Beside the bar, on the side where there is room; else on its right end. */
function labelPlace(left: number, right: number): Record<string, string> {
  if (right <= 70) return { left: `${right}%` }
  if (left >= 30) return { right: `${100 - left}%` }
  return { right: `${100 - right}%` }
}

/** What a call used and cost. Of one that failed there was nothing to count. */
function usedText(t: Translate, { cost, unpriced }: LlmCall, { input, output }: Tokens): string {
  if (unpriced === 'no_usage') return t('cost.no_usage')
  const parts = [
    ...(input === undefined && output === undefined ? [] : [tokensText(t, input, output)]),
    ...(cost.total === undefined ? [] : [usd(cost.total)]),
    ...(unpriced ? [t('cost.unpriced')] : []),
  ]
  return parts.join(' · ')
}
