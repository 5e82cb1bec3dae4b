// Breaks of a trace, as a client of the API reads them.
import { type Backend, BackendError, getJson } from '../../shared/queries/http'
import type { BreaksAnswer, TraceBreak } from './break-answers'

/** @returns none where the `afn-otel up` is of a version that does not look for them @throws BackendError */
export async function readBreaks(backend: Backend, traceId: string): Promise<readonly TraceBreak[]> {
  try {
    return ((await getJson(backend, `api/afn/traces/${traceId}/breaks`, {})) as BreaksAnswer).breaks
  } catch (error) {
    if (error instanceof BackendError && error.status === 404) return []
    throw error
  }
}
