// One sweep: traces that are older than what is kept, out of LangFuse. Its open-source edition has no retention of its own.
// Called by `afn-otel langfuse janitor`.
import { deleteTraces, MOST_TRACES, observationsBefore, type Project } from './langfuse'

export interface Sweep {
  readonly project: Project
  /** A trace is as old as its first observation. */
  readonly before: Date
  /** Most traces of one sweep. */
  readonly limit: number
  readonly dryRun: boolean
}

export interface Swept {
  /** Traces that LangFuse was asked to delete; in a dry run, those that it would be. */
  readonly traces: number
  /** There are more, for the next sweep. */
  readonly more: boolean
}

/**
 * Page by page from the newest of the old ones: what is deleted in the meantime moves no page, since a cursor is a
 * point in time.
 * @throws BackendError when LangFuse is not there or refuses; what was asked before stays asked
 */
export async function sweep({ project, before, limit, dryRun }: Sweep): Promise<Swept> {
  const seen = new Set<string>()
  let waiting: string[] = []
  let cursor: string | undefined
  let more = false
  do {
    const page = await observationsBefore(project, before, cursor)
    cursor = page.cursor
    for (const traceId of page.traceIds) {
      if (seen.has(traceId)) continue
      if (seen.size === limit) {
        more = true
        break
      }
      seen.add(traceId)
      waiting.push(traceId)
    }
    if (waiting.length >= MOST_TRACES || !cursor || more) {
      if (!dryRun) await deleteInBatches(project, waiting)
      waiting = []
    }
  } while (cursor && !more)
  return { traces: seen.size, more }
}

async function deleteInBatches(project: Project, traceIds: readonly string[]): Promise<void> {
  for (let at = 0; at < traceIds.length; at += MOST_TRACES)
    await deleteTraces(project, traceIds.slice(at, at + MOST_TRACES))
}
