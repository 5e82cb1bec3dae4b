// What the embedded backend answers about boards, as types alone, as answers.ts does.
import type { Board, Need, Panel } from '../../dashboards/board'

/** `GET /api/afn/boards`. */
export interface BoardsAnswer {
  readonly boards: readonly Pick<Board, 'uid' | 'title' | 'description'>[]
  /** Mistakes in the file of a user's own boards, a sentence each. */
  readonly problems: readonly string[]
}

export type AnsweredPanel = Panel & { readonly needs?: Need }

/** `GET /api/afn/boards/UID`. */
export type BoardAnswer = Omit<Board, 'panels'> & { readonly panels: readonly AnsweredPanel[] }
