// The flame graph of a trace. A click, or Enter, makes a frame as wide as the page; the line above the frames says what is in it.
import { useMemo, useRef, useState } from 'preact/hooks'
import { paint } from '../../data/colours'
import { type Frame, flameOf, type PlacedFrame, placeFrames } from '../../data/flame'
import { count, duration, percent } from '../../data/format'
import type { Tree } from '../../data/tree'
import { type Translate, useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { useKeys } from '../../parts/use-keys'
import { changed, type Route } from '../../route'

const ROW = 22

export interface FlameProps {
  readonly tree: Tree
  readonly route: Route
  /** By service. */
  readonly colours: ReadonlyMap<string, number>
}

export function Flame({ tree, route, colours }: FlameProps) {
  const t = useText()
  const box = useRef<HTMLDivElement>(null)
  const top = useMemo(() => flameOf(tree), [tree])
  const whole = useMemo(() => top.reduce((sum, { time }) => sum + time, 0n), [top])
  const [zoomed, setZoomed] = useState<Frame>()
  const [chosen, setChosen] = useState<Frame>(top[0]!)
  const { placed, hidden } = useMemo(() => placeFrames(zoomed ? [zoomed] : top), [top, zoomed])
  const at = placed.findIndex(({ frame }) => frame === chosen)
  const rows = (placed.at(-1)?.depth ?? 0) + 1

  const choose = (frame: Frame | undefined) => {
    if (!frame) return
    setChosen(frame)
    const index = placed.findIndex(one => one.frame === frame)
    if (index < 0) setZoomed(frame)
    else document.getElementById(`frame-${index}`)?.scrollIntoView({ block: 'nearest' })
  }
  const zoom = (frame: Frame | undefined) => {
    setZoomed(frame)
    setChosen(frame ?? top[0]!)
  }
  const beside = (step: number) => {
    const siblings = chosen.parent ? chosen.parent.children : top
    choose(siblings[siblings.indexOf(chosen) + step])
  }
  useKeys({
    ArrowDown: () => choose(widestOf(chosen.children)),
    ArrowUp: () => choose(chosen.parent),
    ArrowLeft: () => beside(-1),
    ArrowRight: () => beside(1),
    Enter: () => zoom(chosen),
    '0': () => zoom(undefined),
  })

  return (
    <section class="flame" aria-label={t('trace.tab_flame')}>
      <div class="flame-line">
        <strong>
          <MarkedText short text={chosen.name} />
        </strong>{' '}
        <span class="quiet">{factsOf(t, chosen, whole)}</span>{' '}
        <a href={changed(route, { tab: undefined, span: chosen.longest })}>{t('flame.longest')}</a>
        {zoomed && (
          <>
            <button type="button" onClick={() => zoom(zoomed.parent)}>
              {t('flame.up')}
            </button>
            <button type="button" onClick={() => zoom(undefined)}>
              {t('flame.all')}
            </button>
          </>
        )}
      </div>
      <p class="flame-how quiet">
        {t('flame.how')} {hidden > 0 && t('flame.hidden', { n: count(hidden) })}
      </p>
      <div
        class="flame-frames"
        role="tree"
        ref={box}
        tabIndex={0}
        aria-label={t('trace.tab_flame')}
        aria-activedescendant={at >= 0 ? `frame-${at}` : undefined}
      >
        <div class="rows" style={{ height: `${rows * ROW}px` }} role="presentation">
          {placed.map((one, index) => (
            <FrameBox
              key={index}
              id={`frame-${index}`}
              {...one}
              colour={colours.get(one.frame.service) ?? 0}
              selected={index === at}
              facts={factsOf(t, one.frame, whole)}
              onZoom={zoom}
            />
          ))}
        </div>
      </div>
    </section>
  )
}

interface FrameBoxProps extends PlacedFrame {
  readonly id: string
  readonly colour: number
  readonly selected: boolean
  readonly facts: string
  onZoom(frame: Frame): void
}

function FrameBox({ id, frame, depth, left, width, colour, selected, facts, onZoom }: FrameBoxProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the focus and the keys, and names this frame as the active one
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-selected={selected}
      aria-label={`${frame.name}: ${facts}`}
      title={`${frame.name}\n${facts}`}
      class={`frame${selected ? ' frame-chosen' : ''}${frame.errors > 0 ? ' frame-bad' : ''}`}
      style={{
        '--frame': paint(colour),
        top: `${depth * ROW}px`,
        left: `${left * 100}%`,
        width: `${width * 100}%`,
      }}
      onClick={() => onZoom(frame)}
    >
      {width > 0.02 && <bdi>{frame.name.slice(0, 200)}</bdi>}
    </div>
  )
}

function factsOf(t: Translate, { service, spans, errors, time, self }: Frame, whole: bigint): string {
  return [
    service,
    t('flame.spans', { n: count(spans) }),
    t('flame.time', { time: duration(time), share: percent(Number(time), Number(whole)) }),
    t('span.self_short', { self: duration(self) }),
    ...(errors > 0 ? [t('flame.errors', { n: count(errors) })] : []),
  ].join(' · ')
}

function widestOf(frames: readonly Frame[]): Frame | undefined {
  return frames.reduce<Frame | undefined>(
    (widest, one) => (widest && widest.time >= one.time ? widest : one),
    undefined,
  )
}
