// One panel of a board: asks when it is in sight, and shows what was answered, or why there is nothing.

import type { ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PanelType } from '../../../../monitoring/dashboards/board'
import type { AnsweredPanel } from '../../../api/board-answers'
import { askPanel, type PanelAnswer, questionsOf } from '../../data/board/panel-queries'
import { timesOf } from '../../data/board/times'
import { format } from '../../data/board/units'
import type { Times } from '../../data/board/variables'
import type { ApiError } from '../../data/client'
import { asApiError } from '../../data/use-answer'
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { Heatmap } from './heatmap'
import { Lines } from './lines'
import type { BodyProps, Frame } from './panel-props'
import { Table } from './table'
import { useVisible } from './use-visible'
import { Bars, Stats } from './values'

const bodies: Readonly<Record<PanelType, ComponentType<BodyProps>>> = {
  stat: Stats,
  timeseries: Lines,
  bars: Bars,
  table: Table,
  heatmap: Heatmap,
}

export function BoardPanel({ id, panel, frame }: { id: string; panel: AnsweredPanel; frame: Frame }) {
  const t = useText()
  const element = useRef<HTMLElement>(null)
  const state = usePanel(panel, frame, useVisible(element))
  const { type, title, description, place, since, links = [] } = panel
  return (
    <article
      ref={element}
      class={`board-panel${type === 'stat' && place.w <= 8 ? '' : ' wide'}`}
      style={{ '--x': place.x, '--y': place.y, '--w': place.w, '--h': place.h }}
      aria-labelledby={id}
    >
      <header>
        <h3 id={id} title={title}>
          {title}
        </h3>
        {since && place.w > 6 && <span class="quiet">{t(`boards.since.${since}`)}</span>}
        {links.filter(isPage).map(({ title, url }) => (
          <a key={url} href={url} rel="noreferrer">
            {title}
          </a>
        ))}
        {description !== title && (
          <details class="board-about">
            <summary aria-label={t('boards.about', { title })}>?</summary>
            <p>{description}</p>
          </details>
        )}
      </header>
      <Content state={state} panel={panel} frame={frame} />
    </article>
  )
}

/** Links are a user's own: a program is none. */
const isPage = ({ url }: { url: string }): boolean => /^(?:https?:|#|\.?\/)/i.test(url)

interface PanelState {
  readonly answer?: PanelAnswer & { readonly times: Times }
  readonly error?: ApiError
}

function usePanel(panel: AnsweredPanel, frame: Frame, isVisible: boolean): PanelState {
  const { range, round, names, choices } = frame
  const [state, setState] = useState<PanelState>({})
  const answered = useRef<string>(undefined)
  const times = timesOf(panel, range, Math.floor(Date.now() / 1_000), frame)
  // the end of a panel of this day changes each second: the panel is queried again with the next round only
  const key = JSON.stringify([round, range, choices, panel.title])
  useEffect(() => {
    if (!isVisible || answered.current === key) return undefined
    const controller = new AbortController()
    askPanel(questionsOf(panel, names, choices, times), controller.signal).then(
      answer => {
        answered.current = key
        setState({ answer: { ...answer, times } })
      },
      (problem: unknown) => {
        if (!controller.signal.aborted) setState({ error: asApiError(problem) })
      },
    )
    return () => controller.abort()
  }, [isVisible, key])
  return state
}

function Content({
  state: { answer, error },
  panel,
  frame,
}: {
  state: PanelState
  panel: AnsweredPanel
  frame: Frame
}) {
  const t = useText()
  if (error)
    return (
      <div class="board-error" role="alert">
        <strong>{error.status === 0 ? t('state.unreachable') : t('state.failed', { status: error.status })}</strong>
        <MarkedText text={error.message} />
      </div>
    )
  if (!answer) return <p class="board-waiting">{t('state.loading')}</p>
  const Body = bodies[panel.type]
  const { route, timeZone, marks } = frame
  const { found, isMissing, notes, times } = answer
  const isEmpty = isMissing || !hasValue(found)
  const write = (value: number) => format(value, panel.unit, { decimals: panel.decimals, timeZone })
  return (
    <>
      {isEmpty ? (
        <p class="board-empty">{whyEmpty(panel, isMissing) ?? t('boards.nothing')}</p>
      ) : (
        <Body {...{ panel, route, timeZone, marks, found, times }} format={write} />
      )}
      {notes.map(note => (
        <p key={note} class="board-note">
          <MarkedText text={note} />
        </p>
      ))}
    </>
  )
}

/** Who is to make it matters more than that there is none; but that there is none is said by the panel first. */
const whyEmpty = ({ empty, needs }: AnsweredPanel, isMissing: boolean): string | undefined =>
  isMissing ? needs?.sentence : (empty ?? needs?.sentence)

const hasValue = (found: PanelAnswer['found']): boolean =>
  found
    .flat()
    .flatMap(({ value, values = [] }) => [...(value ? [value] : []), ...values])
    .some(([, text]) => text !== 'NaN')
