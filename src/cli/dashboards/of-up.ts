// The boards that the explorer of `afn-otel up` shows: those of the package, of the budgets, and a user's own.

import type { AnsweredBoard } from '../../backend/api/board-answers'
import type { Board } from '../../monitoring/dashboards/board'
import { boardsOf } from '../../monitoring/dashboards/boards'
import { budgetsBoard } from '../../monitoring/dashboards/budgets'
import { cloudflareBoard } from '../../monitoring/dashboards/cloudflare'
import { needOf } from '../../monitoring/dashboards/origins'
import { ownBoard } from '../../monitoring/dashboards/own/boards'
import { type Language, textsOf } from '../../monitoring/dashboards/words'
import { readBoards } from './file'

/** There is one store, so no links to the others. */
const kept = {}

interface Boards<Kind> {
  readonly boards: readonly Kind[]
  readonly problems: readonly string[]
}

/**
 * The file is read anew each time: who edits it sees the board at the next look. Grafana needs a uid for each language of a board; here the
 * reader changes the language on the same board.
 */
export function boardsOfUp(language: Language): Boards<AnsweredBoard> {
  const { boards, problems } = boardsIn(language)
  return { boards: boards.map(board => withNeeds(board, language)), problems }
}

/** Where one Prometheus has all. */
export function boardsIn(language: Language): Boards<Board> {
  const { boards: own, account, hasCloudflare, mistakes } = readBoards()
  const english = Object.values(boardsOf('en', kept))
  const ours = Object.values(boardsOf(language, kept)).map((board, index) => ({ ...board, uid: english[index]!.uid }))
  const budgets = account ? [{ ...budgetsBoard(account, language, kept), uid: 'afn-budgets' }] : []
  const cloudflare = hasCloudflare ? [{ ...cloudflareBoard(language, kept), uid: 'afn-cloudflare' }] : []
  // a board of a user has one language, and is shown in each
  const boards = [...ours, ...budgets, ...cloudflare, ...own.map(one => ownBoard(one, kept))]
  return { boards, problems: mistakes }
}

function withNeeds(board: Board, language: Language): AnsweredBoard {
  const panels = board.panels.map(panel => {
    const needs = needOf(panel, textsOf(language))
    return { ...panel, ...(needs && { needs }) }
  })
  return { ...board, panels }
}
