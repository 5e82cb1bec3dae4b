// The columns of the list of traces: what each shows, and by what the server sorts the traces.

import { type ComponentChildren, Fragment } from 'preact'
import { typedAttributes } from '../../../../shared/otlp/any-value'
import type { FoundTrace, TraceFacts, TraceSort } from '../../../api/answers'
import { count, durationMs } from '../../data/format'
import type { Order } from '../../data/use-traces'
import type { TextKey, Translate } from '../../i18n'
import { Service, Tier } from '../../parts/badges'
import { Cost } from '../../parts/cost'
import { MarkedText } from '../../parts/marked-text'
import { Time } from '../../parts/time'
import { tokensText } from '../../parts/tokens-text'
import { valueText } from '../../parts/value'
import type { Route } from '../../route'

export interface CellContext {
  readonly t: Translate
  readonly link: string
  readonly words: readonly string[]
  /** Milliseconds of the longest trace that is loaded. */
  readonly longest: number
  /** Whether the reader chose it to compare; undefined: two others are chosen. */
  readonly picked: boolean | undefined
  onPick(): void
}

export interface TraceColumn {
  readonly key: TextKey
  /** Pixels. */
  readonly width: number
  /** Whether it takes the room that the others leave. */
  readonly grows?: boolean
  readonly number?: boolean
  /** What the server calls the order; a column without it is not sorted. */
  readonly sort?: TraceSort
  cell(trace: FoundTrace, context: CellContext): ComponentChildren
}

/** What is looked at first comes first: what it was, how long it took, what it cost. The others are there where there is room. */
export const COLUMNS: readonly TraceColumn[] = [
  {
    key: 'column.start',
    width: 140,
    sort: 'start',
    cell: (trace, { t, picked, onPick }) => (
      <>
        <input
          type="checkbox"
          class="pick"
          aria-label={t('compare.pick', { name: trace.rootTraceName || t('trace.no_root') })}
          checked={picked === true}
          disabled={picked === undefined}
          onChange={onPick}
        />
        <Time short ns={BigInt(trace.startTimeUnixNano)} />
      </>
    ),
  },
  {
    key: 'column.root',
    width: 160,
    grows: true,
    sort: 'root',
    cell: (trace, { t, link, words }) => (
      <>
        <a href={link} class="row-link">
          <MarkedText short text={trace.rootTraceName || t('trace.no_root')} words={words} />
        </a>
        {trace.afn?.found?.length ? <Snippets found={trace.afn.found} words={words} /> : <Preview trace={trace} />}
      </>
    ),
  },
  {
    key: 'column.duration',
    width: 80,
    number: true,
    sort: 'duration',
    cell: ({ durationMs: ms = 0 }, { longest }) => (
      <span class="duration">
        <span class="bar" style={{ width: `${Math.max(1, (100 * ms) / longest)}%` }} aria-hidden="true" />
        {durationMs(ms)}
      </span>
    ),
  },
  {
    key: 'column.cost',
    width: 92,
    number: true,
    sort: 'cost',
    cell: ({ afn }) => afn && (afn.costUsd !== null || afn.unpriced > 0) && <Cost short {...afn} />,
  },
  {
    key: 'column.errors',
    width: 56,
    number: true,
    sort: 'errors',
    cell: ({ afn }) => <span class={afn?.errors ? 'bad' : 'quiet'}>{afn ? count(afn.errors) : '–'}</span>,
  },
  {
    key: 'column.service',
    width: 116,
    sort: 'service',
    cell: trace => <Service name={rootService(trace)} />,
  },
  {
    key: 'column.tokens',
    width: 80,
    number: true,
    sort: 'tokens',
    cell: (trace, { t }) => {
      const { calls = 0, inputTokens = null, outputTokens = null, unpricedBy } = trace.afn ?? {}
      const known = inputTokens !== null || outputTokens !== null
      // calls that failed used none
      if (calls === 0 || (!known && !unpricedBy?.no_usage)) return undefined
      return (
        <span title={tokensText(t, inputTokens, outputTokens)}>
          {known ? count(tokensOf(trace)) : t('tokens.unknown')}
        </span>
      )
    },
  },
  {
    key: 'column.models',
    width: 124,
    cell: ({ afn }) => (
      <bdi class="models" title={afn?.models.join(', ')}>
        {afn?.models.join(', ')}
      </bdi>
    ),
  },
  {
    key: 'column.spans',
    width: 56,
    number: true,
    sort: 'spans',
    cell: ({ afn }) => (afn ? count(afn.spans) : '–'),
  },
  {
    key: 'column.tier',
    width: 84,
    cell: ({ afn }) => afn && <Tier tier={afn.tier} reason={afn.reason} />,
  },
]

/** Shown when a trace has one. */
export const USER: TraceColumn = {
  key: 'sessions.user',
  width: 80,
  cell: ({ afn }) => afn?.user && <MarkedText short text={afn.user} />,
}

/** Shown when the query selected or reckoned something. */
export const FOUND: TraceColumn = {
  key: 'column.found',
  width: 240,
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

/** What the address says, such as `sort=cost` or `sort=cost.asc`; undefined: newest first. */
export function orderIn({ params }: Route): Order | undefined {
  const [name, direction] = (params.get('sort') ?? '').split('.')
  const by = COLUMNS.find(({ sort }) => sort === name)?.sort
  return by && { by, isAscending: direction === 'asc' }
}

/** First words of the prompt and of the answer. */
function Preview({ trace: { afn } }: { trace: FoundTrace }) {
  if (!afn?.prompt && !afn?.answer) return null
  return (
    <span class="preview" title={[afn.prompt, afn.answer].filter(Boolean).join('\n→ ')}>
      {afn.prompt && <MarkedText short text={afn.prompt} />}
      {afn.answer && (
        <>
          {' → '}
          <MarkedText short text={afn.answer} />
        </>
      )}
    </span>
  )
}

/** Where the words that were searched for stand. */
function Snippets({ found, words }: { found: NonNullable<TraceFacts['found']>; words: readonly string[] }) {
  return (
    <span class="preview" title={found.map(({ place, text }) => `${place}: ${text}`).join('\n')}>
      {found.map(({ place, text }, index) => (
        <Fragment key={index}>
          {index > 0 && ' · '}
          <span class="hidden">{place}: </span>
          <MarkedText short text={text} words={words} />
        </Fragment>
      ))}
    </span>
  )
}

/** Tempo writes a sentence where there is none. */
function rootService({ rootServiceName = '' }: FoundTrace): string {
  return rootServiceName.startsWith('<') ? '' : rootServiceName
}

function tokensOf({ afn }: FoundTrace): number {
  return (afn?.inputTokens ?? 0) + (afn?.outputTokens ?? 0)
}
