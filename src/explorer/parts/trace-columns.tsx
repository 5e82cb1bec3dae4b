// The columns of the list of traces: what each shows, and what it sorts by.

import type { ComponentChildren } from 'preact'
import type { FoundTrace } from '../../local/api/answers'
import { typedAttributes } from '../../otlp/any-value'
import { count, durationMs } from '../data/format'
import type { TextKey, Translate } from '../i18n'
import { Service, Tier } from './badges'
import { Cost } from './cost'
import { MarkedText } from './marked-text'
import { Time } from './time'
import { tokensText } from './tokens-text'
import { valueText } from './value'

export interface CellContext {
  readonly t: Translate
  readonly link: string
  /** Milliseconds of the longest trace that is loaded. */
  readonly longest: number
}

export interface Column {
  readonly key: TextKey
  /** Pixels; undefined shares what is left. */
  readonly width?: number
  readonly number?: boolean
  /** What to sort by; largest first. */
  value(trace: FoundTrace): number | string
  cell(trace: FoundTrace, context: CellContext): ComponentChildren
}

export const COLUMNS: readonly Column[] = [
  {
    key: 'column.start',
    width: 144,
    value: trace => Number(BigInt(trace.startTimeUnixNano) / 1_000n),
    cell: trace => <Time ns={BigInt(trace.startTimeUnixNano)} />,
  },
  {
    key: 'column.root',
    value: trace => trace.rootTraceName ?? '',
    cell: (trace, { t, link }) => (
      <a href={link} class="row-link">
        <MarkedText short text={trace.rootTraceName || t('trace.no_root')} />
      </a>
    ),
  },
  {
    key: 'column.service',
    width: 160,
    value: rootService,
    cell: trace => <Service name={rootService(trace)} />,
  },
  {
    key: 'column.duration',
    width: 150,
    number: true,
    value: trace => trace.durationMs ?? 0,
    cell: ({ durationMs: ms = 0 }, { longest }) => (
      <span class="duration">
        <span class="bar" style={{ width: `${Math.max(1, (100 * ms) / longest)}%` }} aria-hidden="true" />
        {durationMs(ms)}
      </span>
    ),
  },
  {
    key: 'column.spans',
    width: 72,
    number: true,
    value: trace => trace.afn?.spans ?? 0,
    cell: ({ afn }) => (afn ? count(afn.spans) : '–'),
  },
  {
    key: 'column.errors',
    width: 68,
    number: true,
    value: trace => trace.afn?.errors ?? 0,
    cell: ({ afn }) => <span class={afn?.errors ? 'bad' : 'quiet'}>{afn ? count(afn.errors) : '–'}</span>,
  },
  {
    key: 'column.tier',
    width: 90,
    value: trace => trace.afn?.tier ?? '',
    cell: ({ afn }) => afn && <Tier tier={afn.tier} reason={afn.reason} />,
  },
  {
    key: 'column.models',
    width: 168,
    value: trace => trace.afn?.models.join() ?? '',
    cell: ({ afn }) => (
      <bdi class="models" title={afn?.models.join(', ')}>
        {afn?.models.join(', ')}
      </bdi>
    ),
  },
  {
    key: 'column.tokens',
    width: 80,
    number: true,
    value: tokensOf,
    cell: (trace, { t }) => {
      const { calls = 0, inputTokens = null, outputTokens = null } = trace.afn ?? {}
      if (calls === 0) return undefined
      const known = inputTokens !== null || outputTokens !== null
      return (
        <span title={tokensText(t, inputTokens, outputTokens)}>
          {known ? count(tokensOf(trace)) : t('tokens.unknown')}
        </span>
      )
    },
  },
  {
    key: 'column.cost',
    width: 124,
    number: true,
    value: trace => trace.afn?.costUsd ?? -1,
    cell: ({ afn }) => afn && (afn.costUsd !== null || afn.unpriced > 0) && <Cost short {...afn} />,
  },
]

/** Shown when the query selected or reckoned something. */
export const FOUND: Column = {
  key: 'column.found',
  value: foundText,
  cell: trace => (
    <span class="models">
      <MarkedText short text={foundText(trace)} />
    </span>
  ),
}

/** Of the first span set, and of its first span. */
export function foundText({ spanSets }: FoundTrace): string {
  const set = spanSets?.[0]
  return [...typedAttributes(set?.attributes), ...typedAttributes(set?.spans?.[0]?.attributes)]
    .map(({ key, value }) => `${key}=${valueText(value)}`)
    .join('  ')
}

/** Tempo writes a sentence where there is none. */
function rootService({ rootServiceName = '' }: FoundTrace): string {
  return rootServiceName.startsWith('<') ? '' : rootServiceName
}

function tokensOf({ afn }: FoundTrace): number {
  return (afn?.inputTokens ?? 0) + (afn?.outputTokens ?? 0)
}
