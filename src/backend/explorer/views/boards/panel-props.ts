// What a panel of a board is given.
import type { AnsweredPanel, BoardAnswer } from '../../../api/board-answers'
import type { Mark } from '../../data/board/marks'
import type { PanelAnswer } from '../../data/board/panel-queries'
import type { Choices, Times } from '../../data/board/variables'
import type { TimeRange } from '../../range'
import type { Route } from '../../route'

/** What all panels of a board have in common. */
export interface Frame {
  readonly range: TimeRange
  /** Grows when everything has to be queried again. */
  readonly round: number
  readonly route: Route
  /** Names of the board's variables. */
  readonly names: readonly string[]
  readonly choices: Choices
  readonly timeZone: string | undefined
  readonly thinned: BoardAnswer['thinned']
  readonly marks: readonly Mark[]
}

export interface BodyProps extends Pick<Frame, 'route' | 'timeZone' | 'marks'> {
  readonly panel: AnsweredPanel
  readonly found: PanelAnswer['found']
  /** Of what was found. */
  readonly times: Times
  format(value: number): string
}
