// What the embedded backend answers about boards, as types alone, as answers.ts does.
import type { Board } from '../../dashboards/board'

/** `GET /api/afn/boards`. */
export interface BoardsAnswer {
  readonly boards: readonly Pick<Board, 'uid' | 'title' | 'description'>[]
  /** Mistakes in the file of a user's own boards, a sentence each. */
  readonly problems: readonly string[]
}

/** `GET /api/afn/boards/UID`. */
export type BoardAnswer = Board
