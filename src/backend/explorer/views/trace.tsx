// One trace: waterfall with the detail of a span beside it, flame graph, statistics by name, its LLM calls in order, its logs.
import { useMemo } from 'preact/hooks'
import type { TraceSummary } from '../../api/answers'
import type { BreaksAnswer, ProviderSideAnswer } from '../../api/break-answers'
import { breaksBySpan } from '../data/breaks'
import { url } from '../data/client'
import { coloursByName } from '../data/colours'
import { count, durationMs } from '../data/format'
import { readTrace, type TraceAnswer } from '../data/otlp-json'
import { withProviderSide } from '../data/provider-side'
import { type Tree, treeOf } from '../data/tree'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { Service } from '../parts/badges'
import { Copy } from '../parts/copy'
import { Cost } from '../parts/cost'
import { MarkedText } from '../parts/marked-text'
import { Left } from '../parts/omitted-spans'
import { Empty, Failure, Loading } from '../parts/state'
import { Time } from '../parts/time'
import { useKeys } from '../parts/use-keys'
import { changed, go, href, type Params, type Route, rangeOf } from '../route'
import type { ViewProps } from '.'
import { Calls } from './trace/calls'
import { CompareWith } from './trace/compare-with'
import { Flame } from './trace/flame'
import { KeptLine } from './trace/kept-line'
import { LogsOf } from './trace/logs-of'
import { SpanDetail } from './trace/span-detail'
import { Statistics } from './trace/statistics'
import { Waterfall } from './trace/waterfall'

/** In the summary of a trace; how many more there are is said. */
const MOST_SERVICES = 12

const TABS = ['waterfall', 'flame', 'statistics', 'calls', 'logs'] as const
type Tab = (typeof TABS)[number]

export function TraceView({ route, round, again }: ViewProps) {
  const t = useText()
  const id = route.path[1] ?? ''
  const { data, error, loading } = useAnswer<TraceAnswer>(url(`api/v2/traces/${encodeURIComponent(id)}`), round)
  // sums are of the whole trace, and the page may have less of it
  const { data: whole } = useAnswer<TraceSummary>(url(`api/afn/traces/${encodeURIComponent(id)}`), round)
  const { data: broken } = useAnswer<BreaksAnswer>(url(`api/afn/traces/${encodeURIComponent(id)}/breaks`), round)
  // only calls have an inside
  const inside = whole && whole.calls > 0 ? url(`api/afn/traces/${encodeURIComponent(id)}/provider-side`) : undefined
  const { data: side } = useAnswer<ProviderSideAnswer>(inside, round)
  const tree = useMemo(() => data && treeOf(withProviderSide(readTrace(data), side)), [data, side])
  const breaks = useMemo(() => breaksBySpan(broken?.breaks ?? []), [broken])
  const spans = useMemo(() => [...(tree?.nodes.values() ?? [])].map(({ span }) => span), [tree])
  // in the order in which services come in the trace: each has a colour of its own, as far as there are colours
  const colours = useMemo(() => coloursByName(new Set(spans.map(({ service }) => service))), [spans])
  const tab = TABS.find(name => name === route.params.get('tab')) ?? 'waterfall'
  const selected = tree?.nodes.get(route.params.get('span') ?? '')
  const back = href(['traces'], { ...rangeOf(route), q: route.params.get('q') ?? undefined })
  useKeys({ Escape: () => go(selected ? changed(route, { span: undefined }) : back) })

  if (error) return <Failure error={error} again={again} />
  if (!tree) return loading ? <Loading /> : null
  if (tree.nodes.size === 0)
    return (
      <Empty title={t('trace.none')}>
        <p>{t('trace.none_why')}</p>
        <a href={back}>{t('trace.back')}</a>
      </Empty>
    )
  const pick = (span: string) => go(changed(route, { span }), selected ? 'replace' : 'push')
  return (
    <div class="trace fill">
      <Summary id={id} tree={tree} whole={whole} colours={colours} back={back} range={rangeOf(route)} />
      <Tabs route={route} tab={tab} calls={whole?.calls ?? 0} />
      {whole && <Left whole={whole} shown={spans.length} />}
      <div class={selected && tab === 'waterfall' ? 'trace-body with-detail' : 'trace-body'}>
        {tab === 'waterfall' && (
          <Waterfall
            tree={tree}
            colours={colours}
            breaks={breaks}
            route={route}
            selected={selected?.span.id}
            onSelect={pick}
          />
        )}
        {tab === 'waterfall' && selected && (
          <SpanDetail
            key={selected.span.id}
            traceId={id}
            node={selected}
            breaks={breaks.get(selected.span.id) ?? []}
            tree={tree}
            route={route}
            onClose={() => go(changed(route, { span: undefined }))}
          />
        )}
        {tab === 'flame' && <Flame tree={tree} route={route} colours={colours} />}
        {tab === 'statistics' && <Statistics tree={tree} route={route} colours={colours} />}
        {tab === 'calls' && <Calls tree={tree} route={route} />}
        {tab === 'logs' && <LogsOf traceId={id} />}
      </div>
    </div>
  )
}

interface SummaryProps {
  readonly id: string
  readonly tree: Tree
  /** Undefined until it has come. */
  readonly whole: TraceSummary | undefined
  /** By service. */
  readonly colours: ReadonlyMap<string, number>
  readonly back: string
  readonly range: Params
}

function Summary({ id, tree, whole, colours, back, range }: SummaryProps) {
  const t = useText()
  const root = tree.roots[0]!
  const services = [...colours.keys()]
  return (
    <section class="summary">
      <div class="summary-title">
        <a href={back} class="back" aria-label={t('trace.back')} title={`${t('trace.back')} (Esc)`}>
          ←
        </a>
        <h2>
          <MarkedText short text={root.orphan ? t('trace.no_root') : root.span.name} />
        </h2>
        <code class="id">{id}</code>
        <Copy text={id} />
        <a
          class="icon"
          href={`api/v2/traces/${encodeURIComponent(id)}`}
          download={`${id}.json`}
          title={t('trace.download')}
        >
          ↓<span class="hidden">{t('trace.download')}</span>
        </a>
      </div>
      <div class="summary-line">
        <p class="services">
          {services.slice(0, MOST_SERVICES).map(name => (
            <Service key={name} name={name} colour={colours.get(name)} />
          ))}
          {services.length > MOST_SERVICES && (
            <span title={services.slice(MOST_SERVICES).join(', ')}>
              {t('trace.more_services', { n: services.length - MOST_SERVICES })}
            </span>
          )}
        </p>
        <CompareWith id={id} tree={tree} range={range} />
      </div>
      <dl class="facts">
        <Fact name={t('column.start')}>
          <Time ns={tree.start} />
        </Fact>
        {whole && <WholeFacts whole={whole} />}
      </dl>
    </section>
  )
}

function WholeFacts({ whole }: { whole: TraceSummary }) {
  const t = useText()
  const tokens = (whole.inputTokens ?? 0) + (whole.outputTokens ?? 0)
  return (
    <>
      <Fact name={t('column.duration')}>{durationMs(whole.durationMs)}</Fact>
      <Fact name={t('column.spans')}>{count(whole.spans)}</Fact>
      <Fact name={t('column.errors')} bad={whole.errors > 0}>
        {count(whole.errors)}
      </Fact>
      {whole.calls > 0 && <Fact name={t('trace.calls')}>{count(whole.calls)}</Fact>}
      {tokens > 0 && <Fact name={t('column.tokens')}>{count(tokens)}</Fact>}
      {(whole.costUsd !== null || whole.unpriced > 0) && (
        <Fact name={t('column.cost')}>
          <Cost {...whole} />
        </Fact>
      )}
      <KeptLine whole={whole} />
    </>
  )
}

function Fact({ name, bad = false, children }: { name: string; bad?: boolean; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={bad ? 'bad' : undefined}>{children}</dd>
    </div>
  )
}

function Tabs({ route, tab, calls }: { route: Route; tab: Tab; calls: number }) {
  const t = useText()
  return (
    <nav class="tabs" aria-label={t('trace.tabs')}>
      {TABS.map(name => (
        <a
          key={name}
          href={changed(route, { tab: name === 'waterfall' ? undefined : name })}
          aria-current={tab === name ? 'page' : undefined}
        >
          {t(`trace.tab_${name}`)}
          {name === 'calls' && calls > 0 && ` ${calls}`}
        </a>
      ))}
    </nav>
  )
}
