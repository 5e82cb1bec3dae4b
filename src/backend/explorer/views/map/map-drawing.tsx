// The map as a drawing: nodes from the callers to what they call, a line for each edge. The table below it has the same for whoever does not see it, so
// that only its nodes take the focus.
import type { MapAnswer, MapEdge, MapNode } from '../../../api/map-answers'
import { colourOf, paint } from '../../data/colours'
import { count, durationMs, percent } from '../../data/format'
import { layoutOf, type Point } from '../../data/map-layout'
import { type Translate, useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { Zoomable } from './zoomable'

/** Pixels. */
const [COLUMN, ROW] = [250, 64]
const NODE = { width: 168, height: 48 }
/** How far a line between two nodes of one column goes out. */
const BULGE = 36
/** With more edges, numbers would stand on each other. */
const MOST_LABELS = 30
/** Of an edge that is drawn as failing. */
const FAILING = 0.05

export interface MapDrawingProps {
  readonly map: MapAnswer
  /** Addresses of the traces behind a node and an edge. */
  linkOf(node: MapNode): string
  linkOfEdge(edge: MapEdge): string
}

export function MapDrawing({ map: { nodes, edges }, linkOf, linkOfEdge }: MapDrawingProps) {
  const t = useText()
  const drawn = edges.flatMap(edge => (edge.from === null ? [] : [{ ...edge, from: edge.from }]))
  const layout = layoutOf(nodes.length, drawn)
  const most = Math.max(2, ...drawn.map(({ calls }) => calls))
  const [width, height] = [layout.columns * COLUMN - (COLUMN - NODE.width), layout.rows * ROW]
  return (
    <section class="map" aria-label={t('view.map')}>
      <Zoomable width={width} height={height}>
        <svg width={width} height={height} aria-hidden="true">
          {drawn.map((edge, index) => {
            const way = layout.edges[index]!
            const middle = middleOf(way)
            return (
              <a key={index} href={linkOfEdge(edge)} tabindex={-1}>
                <title>{edgeText(t, nodes, edge)}</title>
                <path class="map-hit" d={pathOf(way)} />
                <path
                  class={edge.errors / edge.calls > FAILING ? 'map-edge map-bad' : 'map-edge'}
                  style={{ strokeWidth: `${1 + (3 * Math.log(edge.calls)) / Math.log(most)}px` }}
                  d={pathOf(way)}
                />
                {drawn.length <= MOST_LABELS && (
                  <text x={middle.x} y={middle.y - 5}>
                    {count(edge.calls)} · {durationMs(edge.p95Ms)}
                  </text>
                )}
              </a>
            )
          })}
        </svg>
        {nodes.map((node, index) => {
          const { x, y } = cornerOf(layout.nodes[index]!)
          return (
            <a
              key={index}
              href={linkOf(node)}
              class={`map-node${node.calls > 0 && node.errors / node.calls > FAILING ? ' map-node-bad' : ''}`}
              style={{
                '--node': node.kind === 'service' ? paint(colourOf(node.name)) : 'var(--quiet)',
                left: `${x}px`,
                top: `${y}px`,
                width: `${NODE.width}px`,
                height: `${NODE.height}px`,
              }}
              title={nodeName(node)}
            >
              <strong>
                <MarkedText short text={nodeName(node)} />
              </strong>
              <span class="quiet">
                {t(`map.${node.kind}`)} · {t('map.calls', { n: count(node.calls) })}
              </span>
            </a>
          )
        })}
      </Zoomable>
    </section>
  )
}

export const nodeName = ({ name, address }: MapNode): string =>
  address === null ? name || '–' : `${name} (${address})`

/** Of an edge without a caller too. */
export function edgeName(t: Translate, nodes: readonly MapNode[], { from, to }: MapEdge): string {
  return `${from === null ? t('map.outside') : nodeName(nodes[from]!)} → ${nodeName(nodes[to]!)}`
}

function edgeText(t: Translate, nodes: readonly MapNode[], edge: MapEdge): string {
  const calls = t('map.calls', { n: count(edge.calls) })
  const failed = t('map.failed', { share: percent(edge.errors, edge.calls) })
  return [edgeName(t, nodes, edge), calls, failed, `p95 ${durationMs(edge.p95Ms)}`].join('\n')
}

const cornerOf = ({ x, y }: Point): Point => ({ x: x * COLUMN, y: y * ROW + (ROW - NODE.height) / 2 })

/** The ends of the line within a column: it passes a place straight. */
function endsOf(way: readonly Point[]): readonly (readonly [enters: Point, leaves: Point])[] {
  const isForward = way.at(-1)!.x >= way[0]!.x
  const isBeside = way.at(-1)!.x === way[0]!.x
  return way.map(place => {
    const { x, y } = cornerOf(place)
    const left = { x, y: y + NODE.height / 2 }
    const right = { x: x + NODE.width, y: y + NODE.height / 2 }
    if (isBeside) return [right, right]
    return isForward ? [left, right] : [right, left]
  })
}

function pathOf(way: readonly Point[]): string {
  const ends = endsOf(way)
  const steps = ends.slice(1).map(([enters, leaves], at) => {
    const [, before] = ends[at]!
    const middle = before.x === enters.x ? before.x + BULGE : (before.x + enters.x) / 2
    const curve = `C ${middle} ${before.y} ${middle} ${enters.y} ${enters.x} ${enters.y}`
    return at === ends.length - 2 ? curve : `${curve} L ${leaves.x} ${leaves.y}`
  })
  return `M ${ends[0]![1].x} ${ends[0]![1].y} ${steps.join(' ')}`
}

/** Of the last stretch, which no other edge to the same node shares. */
function middleOf(way: readonly Point[]): Point {
  const ends = endsOf(way)
  const [[, before], [enters]] = [ends.at(-2)!, ends.at(-1)!]
  return { x: (before.x + enters.x) / 2, y: (before.y + enters.y) / 2 }
}
