// Types of the answers about browsers: the timeline of a session, and the web vitals of pages.
import type { LogLine } from './log-answers'

/** A log record or a trace. */
export type TimelineEntry = { readonly time: number } & (
  | { readonly log: LogLine }
  | {
      readonly trace: {
        readonly id: string
        /** From its root span; null until that has arrived. */
        readonly name: string | null
        readonly service: string | null
        readonly durationMs: number
        readonly spans: number
        readonly errors: number
      }
    }
)

/** `GET /api/afn/sessions/session/{id}/timeline`, oldest entries first */
export interface TimelineAnswer {
  readonly id: string
  readonly entries: readonly TimelineEntry[]
  readonly complete: boolean
}

/** `GET /api/afn/web-vitals` */
export interface WebVitalsAnswer {
  readonly pages: readonly {
    /** The page's URL without the query string. */
    readonly page: string
    /** `lcp`, `inp`, `cls` and so on; times in milliseconds. */
    readonly vitals: readonly { readonly name: string; readonly samples: number; readonly p75: number }[]
  }[]
  readonly complete: boolean
}
