// Types of the answers about boards, as in answers.ts.
import type { Board, Need, Panel } from '../../monitoring/dashboards/board'

/** `GET /api/afn/boards`. */
export interface BoardsAnswer {
  readonly boards: readonly Pick<Board, 'uid' | 'title' | 'description'>[]
  /** Errors in the user's own board file, one sentence each. */
  readonly problems: readonly string[]
}

export type AnsweredPanel = Panel & { readonly needs?: Need }

export type AnsweredBoard = Omit<Board, 'panels'> & { readonly panels: readonly AnsweredPanel[] }

export interface Thinned {
  /** Seconds since 1970. */
  readonly before: number
  /** Seconds between two samples older than that. */
  readonly step: number
}

/** `GET /api/afn/boards/UID`. */
export interface BoardAnswer extends AnsweredBoard {
  /** The finest first. */
  readonly thinned: readonly Thinned[]
}
