// Reads the breaks of a trace through the API.
import { type Backend, BackendError, getJson } from '../../shared/queries/http'
import type { BreaksAnswer, TraceBreak } from './break-answers'

/** @returns no breaks if this version of `afn-otel up` does not look for them @throws BackendError */
export async function readBreaks(backend: Backend, traceId: string): Promise<readonly TraceBreak[]> {
  try {
    return ((await getJson(backend, `api/afn/traces/${traceId}/breaks`, {})) as BreaksAnswer).breaks
  } catch (error) {
    if (error instanceof BackendError && error.status === 404) return []
    throw error
  }
}
