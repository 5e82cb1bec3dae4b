// What the API answers about browsers: the timeline of a session, and how fast pages are.
import type { LogLine } from './answers'

/** A log record or a trace. */
export type TimelineEntry = { readonly time: number } & (
  | { readonly log: LogLine }
  | {
      readonly trace: {
        readonly id: string
        /** Of its root; null while that has not come. */
        readonly name: string | null
        readonly service: string | null
        readonly durationMs: number
        readonly spans: number
        readonly errors: number
      }
    }
)

/** `GET /api/afn/sessions/session/{id}/timeline`, the oldest first */
export interface TimelineAnswer {
  readonly id: string
  readonly entries: readonly TimelineEntry[]
  readonly complete: boolean
}

/** `GET /api/afn/web-vitals` */
export interface WebVitalsAnswer {
  readonly pages: readonly {
    /** Its URL without query. */
    readonly page: string
    /** `lcp`, `inp`, `cls` and so on; times in milliseconds. */
    readonly vitals: readonly { readonly name: string; readonly samples: number; readonly p75: number }[]
  }[]
  readonly complete: boolean
}
