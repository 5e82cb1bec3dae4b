// The dependencies of the routes.
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
  /** Exports and erases the data of one person; undefined if the server does not offer it. */
  readonly subject?: SubjectAnswers | undefined
  /** Address of the OTLP receiver, if any. */
  readonly otlp?: string | undefined
  /** Address of the Prometheus beside `up`, which has every metric too. */
  readonly prometheus?: string | undefined
  /** Folder of the source maps; if undefined, none are read from disk. */
  readonly sourceMaps: string | undefined
  /** Milliseconds since 1970, by the clock that `--as-of` sets. */
  readonly now: () => number
  /** Number of OTLP requests since the start. */
  readonly requests: RequestCounts
  /** Size of the store on disk, in bytes. */
  readonly bytes: () => number
  /** Aborts when the server is about to close, which ends streams. */
  readonly ending: AbortSignal
  /** Serves the Model Context Protocol at `/mcp`; undefined if the server does not offer it. @throws Refused */
  readonly mcp?: ((request: Request) => Promise<Response>) | undefined
}

/** The boards in a language, and the errors in a user's own, one sentence each. */
export type Boards = (language: 'en' | 'ja') => {
  readonly boards: readonly AnsweredBoard[]
  readonly problems: readonly string[]
}

/** Answers the requests of `afn-otel gdpr`. */
export interface SubjectAnswers {
  /** Undefined without a data folder; then only the token of the whole API is accepted. */
  readonly token: string | undefined
  /**
   * @returns a value to be sent as JSON
   * @throws Refused for an unknown question or an invalid body
   */
  answer(question: string, body: unknown, signal: AbortSignal): Promise<unknown>
}
