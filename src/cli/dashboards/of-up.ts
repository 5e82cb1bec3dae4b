// The boards that the explorer of `afn-otel up` shows: those of the package, of the budgets, and a user's own.
import type { Board } from '../../dashboards/board'
import { boardsOf } from '../../dashboards/boards'
import { budgetsBoard } from '../../dashboards/budgets'
import { ownBoard } from '../../dashboards/own/boards'
import type { Language } from '../../dashboards/words'
import { readBoards } from './file'

/** There is one store, so no links to the others. */
const kept = {}

/**
 * The file is read anew each time: who edits it sees the board at the next look. Grafana needs a uid for each language of a board; here the
 * reader changes the language on the same board.
 */
export function boardsOfUp(language: Language): {
  readonly boards: readonly Board[]
  readonly problems: readonly string[]
} {
  const { boards: own, account, mistakes } = readBoards()
  const english = Object.values(boardsOf('en', kept))
  const ours = Object.values(boardsOf(language, kept)).map((board, index) => ({ ...board, uid: english[index]!.uid }))
  const budgets = account.budgets.length > 0 ? [{ ...budgetsBoard(account, language, kept), uid: 'afn-budgets' }] : []
  // a board of a user has one language, and is shown in each
  return { boards: [...ours, ...budgets, ...own.map(one => ownBoard(one, kept))], problems: mistakes }
}
