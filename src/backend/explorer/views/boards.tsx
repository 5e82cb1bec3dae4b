// The boards of Grafana, drawn here from the same model: which there are, their variables, and the panels on their grid.
import { useEffect } from 'preact/hooks'
import type { BoardAnswer, BoardsAnswer } from '../../api/board-answers'
import { url } from '../data/client'
import { localTime } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { usePreferences, useText } from '../i18n'
import { MarkedText } from '../parts/marked-text'
import { Failure, Loading, Warnings } from '../parts/state'
import { href, type Route, rangeOf } from '../route'
import type { ViewProps } from '.'
import { Choice, parameterOf } from './boards/choice'
import { BoardPanel } from './boards/panel'
import type { Frame } from './boards/panel-props'
import { useMarks } from './boards/use-marks'

/** Milliseconds, as in Grafana's JSON. */
const ASK_EACH = 60_000

export function BoardsView({ route, range, round, again }: ViewProps) {
  const { language } = usePreferences()
  const list = useAnswer<BoardsAnswer>(url('api/afn/boards', { lang: language }), round)
  const uid = route.path[1] ?? list.data?.boards[0]?.uid
  const board = useAnswer<BoardAnswer>(
    uid === undefined ? undefined : url(`api/afn/boards/${encodeURIComponent(uid)}`, { lang: language }),
    round,
  )
  const isFixed = route.params.has('from')
  useEffect(() => {
    if (isFixed) return undefined
    const timer = setInterval(() => document.hidden || again(), ASK_EACH)
    return () => clearInterval(timer)
  }, [isFixed])
  if (list.error) return <Failure error={list.error} again={again} />
  if (!list.data) return <Loading />
  return (
    <div class="scroll boards">
      <Warnings warnings={list.data.problems} />
      <Tabs boards={list.data.boards} current={uid} route={route} />
      {board.error && <Failure error={board.error} again={again} />}
      {board.data && <BoardView key={board.data.uid} board={board.data} {...{ route, range, round }} />}
      {!board.data && !board.error && <Loading />}
    </div>
  )
}

/** Each leads to another board with the time and the choices of this one. */
function Tabs({
  boards,
  current,
  route,
}: { current: string | undefined; route: Route } & Pick<BoardsAnswer, 'boards'>) {
  const t = useText()
  const choices = [...route.params].filter(([name]) => name.startsWith('var-'))
  return (
    <nav class="tabs" aria-label={t('view.boards')}>
      {boards.map(({ uid, title, description }) => (
        <a
          key={uid}
          href={href(['boards', uid], { ...rangeOf(route), ...Object.fromEntries(choices) })}
          title={description}
          aria-current={uid === current ? 'true' : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  )
}

function BoardView({
  board,
  route,
  range,
  round,
}: { board: BoardAnswer } & Pick<ViewProps, 'route' | 'range' | 'round'>) {
  const { variables, rows, panels, timeZone, thinned } = board
  const names = variables.map(({ name }) => name)
  const choices = Object.fromEntries(names.map(name => [name, route.params.get(parameterOf(name)) ?? undefined]))
  const common = { range, round, route, names, choices, timeZone, thinned }
  const marks = useMarks(board, common)
  const frame: Frame = { ...common, marks }
  // a reader of the page goes through it as through the lines of the board
  const inOrder = [
    ...rows.map(row => ({ x: -1, y: row.y, made: <RowTitle key={`row ${row.y}`} {...row} /> })),
    ...panels.map((panel, index) => ({
      ...panel.place,
      made: <BoardPanel key={`${index} ${panel.title}`} id={`panel-${index}`} panel={panel} frame={frame} />,
    })),
  ].toSorted((a, b) => a.y - b.y || a.x - b.x)
  return (
    <>
      <div class="board-top">
        {variables.map(variable => (
          <Choice key={variable.name} {...{ variable, route, range, round }} />
        ))}
        {timeZone !== undefined && <span class="quiet">{timeZone}</span>}
      </div>
      <Marks marks={marks} />
      <div class="board">{inOrder.map(({ made }) => made)}</div>
    </>
  )
}

const RowTitle = ({ title, y }: { title: string; y: number }) => (
  <h2 class="board-row" style={{ '--y': y }}>
    {title}
  </h2>
)

/** More lines than this nobody reads; the charts have them all. */
const SHOWN = 6

function Marks({ marks }: Pick<Frame, 'marks'>) {
  const { t, language } = usePreferences()
  if (marks.length === 0) return null
  return (
    <ul class="board-marks" aria-label={t('boards.marks')}>
      {marks.slice(-SHOWN).map(({ name, title, level, from }) => (
        <li key={`${name} ${title} ${from}`}>
          <span class={`board-swatch level-${level}`} aria-hidden="true" />
          {name} <MarkedText short text={title} /> <span class="quiet">{localTime(from * 1000, language)}</span>
        </li>
      ))}
    </ul>
  )
}
