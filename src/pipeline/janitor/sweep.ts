// One sweep: traces that are older than what is kept, out of LangFuse. Its open-source edition has no retention of its own.
import { setTimeout as sleep } from 'node:timers/promises'
import { deleteTraces, MOST_TRACES, observationsBefore, type Project } from './langfuse'

/** Transactions that could not begin have ended by then. */
const pauseMs = 1_000

export interface Sweep {
  readonly project: Project
  /** A trace is as old as its first observation. */
  readonly before: Date
  /** Most traces of one sweep. */
  readonly limit: number
  readonly dryRun: boolean
}

export interface SweptTraces {
  /** Traces whose deletion was requested from LangFuse; in a dry run, those for which it would be. */
  readonly traces: number
  /** There are more, for the next sweep. */
  readonly more: boolean
}

/**
 * Page by page from the newest of the old ones: what is deleted in the meantime moves no page, since a cursor is a
 * point in time.
 * @throws BackendError when LangFuse is not there or refuses; deletions that were requested before stay requested
 */
export async function sweep({ project, before, limit, dryRun }: Sweep): Promise<SweptTraces> {
  const seen = new Set<string>()
  const deletion = new Deletion(project)
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
      if (!dryRun) await deletion.of(waiting)
      waiting = []
    }
  } while (cursor && !more)
  return { traces: seen.size, more }
}

/** One request after the other: LangFuse works on the traces of one request at the same time. */
export class Deletion {
  readonly #project: Project
  /** What one request is known to bear; it only becomes smaller. */
  #size = MOST_TRACES

  constructor(project: Project) {
    this.#project = project
  }

  /** @throws BackendError when LangFuse is not there or refuses; what the signal was aborted with, before the next request */
  async of(traceIds: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let at = 0; at < traceIds.length; ) {
      signal?.throwIfAborted()
      const batch = traceIds.slice(at, at + this.#size)
      if (await deleteTraces(this.#project, batch)) at += batch.length
      else {
        this.#size = Math.ceil(batch.length / 2)
        await sleep(pauseMs)
      }
    }
  }
}
