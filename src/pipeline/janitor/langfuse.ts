// The two requests of LangFuse's public API that a sweep needs, and an erasure of a person.
// Contract: LangFuse v4.16, fern/apis/server/definition/observations.yml and trace.yml.
import { setTimeout as sleep } from 'node:timers/promises'
import { BackendError, reasonOf } from '../../shared/queries/http'
import { retryAfterMs } from '../../shared/retry-after'

/** Most observations that one answer has: LangFuse's own limit. */
export const MOST_OBSERVATIONS = 1_000
/**
 * Most traces that one request names. LangFuse allows 1,000, but begins a transaction for each of them at the same time, and
 * answers 500 where its database can't (tried: 500 go, 700 don't).
 */
export const MOST_TRACES = 100

const patienceMs = 60_000
const mostTries = 4
/** A longer `Retry-After` is a limit of the day: the next sweep goes on. */
const longestWaitSeconds = 120

export interface Project {
  readonly url: string
  readonly publicKey: string
  readonly secretKey: string
}

export interface Page {
  /** Newest first, once for each observation; an observation may have none. */
  readonly traceIds: readonly string[]
  /** Undefined on the last page. */
  readonly cursor: string | undefined
}

/**
 * Observations that began before a time. The v2 endpoint, since version 4 has no list of traces any more.
 * @throws BackendError when LangFuse is not there or refuses
 */
export async function observationsBefore(project: Project, before: Date, cursor: string | undefined): Promise<Page> {
  const { data, meta } = await observations(project, { toStartTime: before.toISOString(), fields: 'core' }, cursor)
  return { traceIds: data.flatMap(({ traceId }) => traceId ?? []), cursor: meta?.cursor }
}

/** What an observation says of itself and of whom. */
export interface ObservationOf {
  readonly id: string
  readonly traceId: string | null
  readonly userId?: string | null
  readonly sessionId?: string | null
  /** Only with the group `io`. */
  readonly input?: string | null
  readonly output?: string | null
}

/** A condition of the `filter` of LangFuse's API, which takes the place of all other parameters. */
export interface Condition {
  readonly type: 'string'
  readonly column: 'sessionId' | 'input' | 'output'
  readonly operator: '=' | 'matches'
  readonly value: string
}

/**
 * All observations of a user, of a trace, or that a condition holds for, page by page.
 * @param fields groups of fields: `core`, `basic` (which has the user), `io` and others
 * @throws BackendError when LangFuse is not there or refuses
 */
export async function* observationsOf(
  project: Project,
  of: { readonly userId: string } | { readonly traceId: string } | { readonly filter: readonly Condition[] },
  fields = 'core,basic',
): AsyncGenerator<ObservationOf> {
  const which = 'filter' in of ? { filter: JSON.stringify(of.filter) } : of
  for (let cursor: string | undefined; ; ) {
    const { data, meta } = await observations(project, { ...which, fields }, cursor)
    yield* data
    // with a server that repeats a page this would never end
    if (!meta?.cursor || meta.cursor === cursor) return
    cursor = meta.cursor
  }
}

interface Observations {
  readonly data: readonly ObservationOf[]
  readonly meta?: { readonly cursor?: string }
}

/** One page. @throws BackendError */
async function observations(
  project: Project,
  parameters: Readonly<Record<string, string>>,
  cursor: string | undefined,
): Promise<Observations> {
  const search = new URLSearchParams({ ...parameters, limit: `${MOST_OBSERVATIONS}`, ...(cursor && { cursor }) })
  const page = (await request(project, `v2/observations?${search}`)) as Observations
  if (!Array.isArray(page.data))
    throw new BackendError(`what answers at ${project.url} is not LangFuse; set LANGFUSE_HOST`)
  return page
}

/**
 * Asks LangFuse to delete traces with their observations, scores and media. It does so later, within minutes. Asking again
 * for the same ones deletes nothing else, so a request that failed half-way is sent again.
 * @returns false where LangFuse failed, which may be for the number of traces
 * @throws BackendError when LangFuse is not there or refuses
 */
export async function deleteTraces(project: Project, traceIds: readonly string[]): Promise<boolean> {
  try {
    await request(project, 'traces', { method: 'DELETE', body: JSON.stringify({ traceIds }) })
    return true
  } catch (error) {
    if (error instanceof ServerFailure && traceIds.length > 1) return false
    throw error
  }
}

/** The server could not do what was wanted; something else may go well. */
class ServerFailure extends BackendError {}

async function request({ url, publicKey, secretKey }: Project, path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = {
    authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`,
    'content-type': 'application/json',
  }
  for (let tries = 1; ; tries++) {
    const signal = AbortSignal.timeout(patienceMs)
    const response = await fetch(`${url}/api/public/${path}`, { ...init, headers, signal }).catch((error: unknown) => {
      throw new BackendError(
        `LangFuse does not answer at ${url} (${reasonOf(error)}); start it there, or set LANGFUSE_HOST`,
      )
    })
    const body = await response.text()
    if (response.ok) return parsed(body, url)
    const wait = waitSeconds(response)
    if (wait === undefined || tries === mostTries) {
      const words = refusal(url, response, body)
      throw wait === undefined && response.status >= 500
        ? new ServerFailure(words, response.status)
        : new BackendError(words, response.status)
    }
    if (wait > longestWaitSeconds)
      throw new BackendError(`LangFuse at ${url} allows no more requests for ${wait} s; run it again then`)
    await sleep(wait * 1_000)
  }
}

/** Undefined for an answer that would be the same again. */
function waitSeconds({ status, headers }: Response): number | undefined {
  if (status !== 429 && status !== 503) return undefined
  return Math.ceil((retryAfterMs(headers.get('retry-after')) ?? 5_000) / 1_000)
}

function refusal(url: string, { status }: Response, body: string): string {
  if (status === 401 || status === 403)
    return `LangFuse at ${url} does not know the keys (${status}); set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY to those of the project`
  if (status === 404)
    return `LangFuse at ${url} has no such endpoint (404): LangFuse 4 is needed, or LANGFUSE_HOST is another server`
  return `LangFuse at ${url} answers ${status}: ${body.trim().slice(0, 500) || 'without a word'}`
}

function parsed(body: string, url: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new BackendError(`what answers at ${url} is not LangFuse (no JSON); set LANGFUSE_HOST`)
  }
}
