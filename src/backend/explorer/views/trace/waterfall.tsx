// The spans of a trace over time, as a tree that folds. Bars are coloured by service, those of models are hatched; a line below a bar says
// when the trace waited for it (critical path). The legend says so.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { TraceBreak } from '../../../api/break-answers'
import { least, most } from '../../data/bigints'
import { paint } from '../../data/colours'
import { criticalPath, type Stretch } from '../../data/critical-path'
import { findSpans } from '../../data/find'
import { duration } from '../../data/format'
import { llmCallOf } from '../../data/llm'
import { rowsOf, type Tree } from '../../data/tree'
import { everything, type VisibleRange } from '../../data/window'
import { useText } from '../../i18n'
import { toggled } from '../../parts/toggled'
import { useKeys } from '../../parts/use-keys'
import { useVirtual } from '../../parts/use-virtual'
import type { Route } from '../../route'
import { FindBox } from './find-box'
import { Minimap } from './minimap'
import { type SiblingPosition, WaterfallRow } from './waterfall-row'

const ROW = 28

export interface WaterfallProps {
  readonly tree: Tree
  /** By service. */
  readonly colours: ReadonlyMap<string, number>
  /** By the id of the span. */
  readonly breaks: ReadonlyMap<string, readonly TraceBreak[]>
  readonly route: Route
  readonly selected: string | undefined
  onSelect(spanId: string): void
}

export function Waterfall({ tree, colours, breaks, route, selected, onSelect }: WaterfallProps) {
  const t = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const [wanted, setWanted] = useState('')
  const box = useRef<HTMLInputElement>(null)
  // without a choice all of the trace, also when a refresh brings spans that end later
  const [chosen, setChosen] = useState<VisibleRange | undefined>()
  const window = chosen ?? everything(tree)
  const rows = useMemo(() => rowsOf(tree, collapsed), [tree, collapsed])
  const critical = useMemo(() => criticalPaths(tree), [tree])
  const places = useMemo(() => placesOf(tree), [tree])
  const [showsPath, setShowsPath] = useState(true)
  const hasCalls = useMemo(() => [...tree.nodes.values()].some(({ span }) => llmCallOf(span)), [tree])
  const { items, height, show } = useVirtual(scroller, rows.length, ROW)
  const found = useMemo(() => findSpans(tree, wanted), [tree, wanted])
  const at = rows.findIndex(({ span }) => span.id === selected)

  useEffect(() => {
    if (at >= 0) show(at)
  }, [selected])
  useEffect(() => {
    const first = rows.findIndex(({ span }) => found.has(span.id))
    if (first >= 0) show(first)
  }, [found])
  const move = (step: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))]
    if (next) onSelect(next.span.id)
  }
  const fold = (id: string) => setCollapsed(toggled(collapsed, id))
  const zoom = (factor: number) => setChosen(zoomed(window, factor, tree))
  useKeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    ArrowLeft: () => {
      const node = rows[at]
      if (node && node.children.length > 0 && !collapsed.has(node.span.id)) fold(node.span.id)
      else if (node && tree.nodes.has(node.span.parentId)) onSelect(node.span.parentId)
    },
    ArrowRight: () => {
      const node = rows[at]
      if (node && collapsed.has(node.span.id)) fold(node.span.id)
      else if (node?.children[0]) onSelect(node.children[0].span.id)
    },
    '+': () => zoom(0.5),
    '-': () => zoom(2),
    '0': () => setChosen(undefined),
    '/': () => box.current?.focus(),
  })
  /** Unfolds whatever hides it. */
  const foundIds = [...found.keys()]
  const foundAt = foundIds.indexOf(selected ?? '')
  const moveFound = (step: number) => {
    const from = foundAt < 0 && step < 0 ? 0 : foundAt
    const next = foundIds[(from + step + foundIds.length) % foundIds.length]
    if (next === undefined) return
    setCollapsed(new Set())
    onSelect(next)
  }

  return (
    <section class="waterfall" aria-label={t('trace.tab_waterfall')}>
      <Minimap tree={tree} window={window} colours={colours} onWindow={setChosen} />
      <p class="waterfall-legend">
        <button type="button" class="plain" aria-pressed={showsPath} onClick={() => setShowsPath(!showsPath)}>
          <span class="legend-path" aria-hidden="true" /> {t('waterfall.critical')}
        </button>
        {hasCalls && (
          <span>
            <span class="legend-bar wf-llm" aria-hidden="true" /> {t('waterfall.llm')}
          </span>
        )}
        <span>
          <span class="legend-bar" style={{ backgroundColor: paint('bad') }} aria-hidden="true" /> {t('span.error')}
        </span>
      </p>
      <div class="waterfall-scale">
        <span class="waterfall-tools">
          <FindBox box={box} text={wanted} found={found.size} at={foundAt + 1} onText={setWanted} onMove={moveFound} />
          <IconButton label={t('waterfall.unfold')} icon="⊞" onClick={() => setCollapsed(new Set())} />
          <IconButton label={t('waterfall.fold')} icon="⊟" onClick={() => setCollapsed(parentsBelow(tree))} />
        </span>
        <span class="ticks" aria-hidden="true">
          {[0, 0.25, 0.5, 0.75].map(share => (
            <span key={share} style={{ left: `${share * 100}%` }}>
              {duration(window.from - tree.start + part(window, share))}
            </span>
          ))}
        </span>
      </div>
      <div
        class="waterfall-rows"
        role="tree"
        ref={scroller}
        tabIndex={0}
        aria-label={t('trace.tab_waterfall')}
        aria-activedescendant={selected && `span-${selected}`}
      >
        <div class="rows" style={{ height: `${height}px` }} role="presentation">
          {items.map(({ index, start }) => {
            const node = rows[index]!
            return (
              <WaterfallRow
                key={node.span.id}
                node={node}
                place={places.get(node.span.id)!}
                top={start}
                window={window}
                selected={index === at}
                dim={wanted !== '' && !found.has(node.span.id)}
                foundIn={found.get(node.span.id)}
                folded={collapsed.has(node.span.id)}
                breaks={breaks.get(node.span.id) ?? []}
                route={route}
                critical={showsPath ? critical.get(node.span.id) : undefined}
                colour={colours.get(node.span.service) ?? 0}
                parentService={tree.nodes.get(node.span.parentId)?.span.service}
                onFold={fold}
                onSelect={onSelect}
              />
            )
          })}
        </div>
      </div>
    </section>
  )
}

function IconButton({ label, icon, onClick }: { label: string; icon: string; onClick(): void }) {
  return (
    <button type="button" class="icon" title={label} aria-label={label} onClick={onClick}>
      {icon}
    </button>
  )
}

/** Each root has one of its own, such as in a trace whose real root is missing. */
function criticalPaths({ roots }: Tree): Map<string, Stretch[]> {
  const paths = new Map<string, Stretch[]>()
  for (const root of roots) for (const [id, stretches] of criticalPath(root)) paths.set(id, stretches)
  return paths
}

/** Of each span among its siblings, of which the page has only those in sight. */
function placesOf({ roots, nodes }: Tree): Map<string, SiblingPosition> {
  const places = new Map<string, SiblingPosition>()
  for (const siblings of [roots, ...Array.from(nodes.values(), ({ children }) => children)])
    for (const [at, { span }] of siblings.entries()) places.set(span.id, { at: at + 1, of: siblings.length })
  return places
}

function parentsBelow({ nodes }: Tree): Set<string> {
  return new Set(
    [...nodes.values()].filter(node => node.depth > 0 && node.children.length > 0).map(({ span }) => span.id),
  )
}

function part({ from, to }: VisibleRange, share: number): bigint {
  return BigInt(Math.round(Number(to - from) * share))
}

/** @returns undefined for all of it */
function zoomed({ from, to }: VisibleRange, factor: number, tree: Tree): VisibleRange | undefined {
  const middle = (from + to) / 2n
  const half = BigInt(Math.max(500, Math.round((Number(to - from) * factor) / 2)))
  const all = everything(tree)
  const [start, end] = [most(middle - half, all.from), least(middle + half, all.to)]
  return start === all.from && end === all.to ? undefined : { from: start, to: end }
}
