// How long the matching spans took, or what they cost, over time. A box around some of them, drawn by pointer or by keys, says what is different
// about these.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { HeatmapAnswer, HeatmapMeasure } from '../../../api/heatmap-answer'
import { url } from '../../data/client'
import { count, dateTime, duration, tickTime, usd } from '../../data/format'
import { type Box, boxOf, type Cell, coveredBy, spansOf } from '../../data/heatmap'
import { useAnswer } from '../../data/use-answer'
import { usePreferences } from '../../i18n'
import { Empty } from '../../parts/state'
import { useDark } from '../../parts/use-dark'
import { stepOf } from '../../range'
import { Differences } from './differences'
import { drawCells } from './draw-cells'
import type { VolumeProps } from './volume'

interface HeatmapProps extends VolumeProps {
  /** TraceQL that says which spans. */
  readonly filter: string
  readonly y: HeatmapMeasure
}

export function TraceHeatmap({ filter, y, query, tier, route, range, round }: HeatmapProps) {
  const { t } = usePreferences()
  const spans = spansOf(filter, y)
  const address = url('api/afn/heatmap', { q: spans, y, ...range, step: stepOf(range), tier })
  const { data } = useAnswer<HeatmapAnswer>(address, round)
  const [box, setBox] = useState<Box>()
  const asked = useRef<HeatmapAnswer | undefined>(undefined)
  // other spans: the box is around nothing that is there
  useEffect(() => setBox(undefined), [address])
  if (!data) return <div class="heatmap" />
  if (data.rows.length === 0) return <Empty title={t('heatmap.none')} />
  return (
    <div class="heatmap">
      <Bins
        key={address}
        answer={data}
        y={y}
        box={box}
        onBox={drawn => {
          asked.current = data
          setBox(drawn)
        }}
      />
      {box && asked.current && (
        <Differences
          answer={asked.current}
          box={box}
          spans={spans}
          y={y}
          query={query}
          tier={tier}
          route={route}
          range={range}
          onClose={() => setBox(undefined)}
        />
      )}
    </div>
  )
}

const formats = { duration, cost: usd } as const
/** Labels of the rows, at most. */
const LABELS = 6

interface BinsProps {
  readonly answer: HeatmapAnswer
  readonly y: HeatmapMeasure
  readonly box: Box | undefined
  onBox(box: Box | undefined): void
}

function Bins({ answer, y, box, onBox }: BinsProps) {
  const { t, language, theme } = usePreferences()
  const dark = useDark()
  const canvas = useRef<HTMLCanvasElement>(null)
  const last = { step: answer.steps - 1, row: answer.rows.length - 1 }
  /** Where the box begins and ends while it is drawn. */
  const [corners, setCorners] = useState<readonly [Cell, Cell]>()
  const drawn = corners ? boxOf(...corners) : box
  useEffect(() => {
    const host = canvas.current!
    const draw = () => drawCells(host, answer)
    draw()
    const observer = new ResizeObserver(draw)
    observer.observe(host)
    return () => observer.disconnect()
  }, [answer, theme, dark])
  const cellAt = (event: PointerEvent): Cell => {
    const { left, top, width, height } = canvas.current!.getBoundingClientRect()
    const within = (share: number, most: number) => Math.max(0, Math.min(most, Math.floor(share * (most + 1))))
    return {
      step: within((event.clientX - left) / width, last.step),
      row: last.row - within((event.clientY - top) / height, last.row),
    }
  }
  const choose = (from: Cell, to: Cell) => {
    setCorners(undefined)
    onBox(boxOf(from, to))
  }
  const press = (event: KeyboardEvent) => {
    const move = MOVES[event.key]
    const [from, to] = corners ?? [last, last]
    if (move) {
      const next = { step: clamped(to.step + move[0], last.step), row: clamped(to.row + move[1], last.row) }
      setCorners(event.shiftKey ? [from, next] : [next, next])
    } else if (event.key === 'Enter' && corners) choose(from, to)
    else if (event.key === 'Escape' && (corners || box)) {
      setCorners(undefined)
      onBox(undefined)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const format = formats[y]
  const every = Math.ceil((answer.rows.length + 1) / LABELS)
  const edges = useMemo(() => [...answer.rows.map(({ from }) => from), answer.rows.at(-1)!.to], [answer])
  const span = drawn && coveredBy(answer, drawn)
  const end = answer.from + answer.steps * answer.step
  return (
    <>
      <div class="heatmap-plot">
        <div class="heatmap-edges" aria-hidden="true">
          {edges.map((edge, row) =>
            row % every === 0 ? (
              <span key={row} style={{ bottom: `${(100 * row) / answer.rows.length}%` }}>
                {format(edge)}
              </span>
            ) : null,
          )}
        </div>
        <div
          class="heatmap-cells"
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
          tabIndex={0}
          aria-label={t(`heatmap.${y}`)}
          aria-describedby="heatmap-help heatmap-box"
          onKeyDown={press}
          onPointerDown={event => {
            event.currentTarget.setPointerCapture(event.pointerId)
            setCorners([cellAt(event), cellAt(event)])
          }}
          onPointerMove={event => {
            if (corners && event.buttons > 0) setCorners([corners[0], cellAt(event)])
          }}
          onPointerUp={event => {
            if (corners) choose(corners[0], cellAt(event))
          }}
          onPointerCancel={() => setCorners(undefined)}
        >
          <canvas ref={canvas} />
          {drawn && <div class="heatmap-box" style={placeOf(drawn, answer)} />}
        </div>
        <div class="heatmap-times" aria-hidden="true">
          <span>{tickTime(answer.from, answer.step, language, undefined)}</span>
          <span>{tickTime(end, answer.step, language, answer.from)}</span>
        </div>
      </div>
      <p class="heatmap-said">
        <span id="heatmap-help" class={drawn ? 'hidden' : 'quiet'}>
          {t('heatmap.help')}
        </span>
        <span id="heatmap-box" role="status">
          {span &&
            t('heatmap.box', {
              from: dateTime(span.start, language),
              to: dateTime(span.end, language),
              low: format(span.low),
              high: format(span.high),
              n: count(span.spans),
              failed: count(span.failed),
            })}
        </span>
      </p>
    </>
  )
}

const MOVES: Readonly<Record<string, readonly [steps: number, rows: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

const clamped = (value: number, most: number): number => Math.max(0, Math.min(most, value))

function placeOf({ steps, rows }: Box, answer: HeatmapAnswer) {
  const share = (part: number, whole: number) => `${(100 * part) / whole}%`
  return {
    left: share(steps[0], answer.steps),
    width: share(steps[1] + 1 - steps[0], answer.steps),
    bottom: share(rows[0], answer.rows.length),
    height: share(rows[1] + 1 - rows[0], answer.rows.length),
  }
}
