// What the routes answer from.
import type { Query } from '../../shared/queries/query'
import type { Policies, Retention } from '../../shared/tiers'
import type { AccessPolicy } from '../access-policy'
import type { AlertWatch } from '../alerts/watch'
import type { RequestCounts } from '../request-counts'
import type { Store } from '../store/store'
import type { AnsweredBoard } from './board-answers'
import type { Page } from './page'

export interface Parts {
  readonly store: Store
  readonly access: AccessPolicy
  readonly page: Page
  readonly catalogue: ReadonlyMap<string, Query>
  readonly policies: Policies
  readonly retention: Retention
  readonly alerts: Pick<AlertWatch, 'answer' | 'recorded'>
  readonly boards: Boards
  /** Exports and erases the data of one person; undefined where the server does not offer that. */
  readonly subject?: SubjectAnswers | undefined
  /** Address of the receiver of OTLP, where there is one. */
  readonly otlp?: string | undefined
  /** Address of the Prometheus that runs next to it, which has every metric too. */
  readonly prometheus?: string | undefined
  /** Folder of the source maps; undefined: nothing is read from the disk. */
  readonly sourceMaps: string | undefined
  /** Milliseconds since 1970, by the clock of `--as-of`. */
  readonly now: () => number
  /** Requests of OTLP since the start. */
  readonly requests: RequestCounts
  /** Bytes on the disk. */
  readonly bytes: () => number
  /** Aborts when the server is about to close: streams end then. */
  readonly ending: AbortSignal
  /** Answers the Model Context Protocol at `/mcp`; undefined where the server does not offer that. @throws Refused */
  readonly mcp?: ((request: Request) => Promise<Response>) | undefined
}

/** Those in a language, and what is wrong with a user's own, a sentence each. */
export type Boards = (language: 'en' | 'ja') => {
  readonly boards: readonly AnsweredBoard[]
  readonly problems: readonly string[]
}

/** Answers the requests of `afn-otel gdpr`. */
export interface SubjectAnswers {
  /** Undefined where nothing is on the disk: only the token of the whole API lets in then. */
  readonly token: string | undefined
  /**
   * @returns what is written as JSON
   * @throws Refused for a question or a body that is none
   */
  answer(question: string, body: unknown, signal: AbortSignal): Promise<unknown>
}
