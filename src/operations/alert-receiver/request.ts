// Sends one request to an external service, and classifies failures: whether a retry makes sense, and when.
import { retryAfterMs } from '../../shared/retry-after'

/** Values of the metric's label. */
export const reasons = ['rate_limited', 'server', 'auth', 'not_found', 'network', 'timeout', 'refused'] as const
export type Reason = (typeof reasons)[number]

const DEADLINE_MS = 10_000
/** A longer wait is probably an error of the service, and would silence the channel for too long. */
const LONGEST_WAIT_MS = 3_600_000

export class Failure extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
    /** How long the service asks to wait, in ms. */
    readonly waitMs?: number,
    /** Whether the service may have executed the request anyway. */
    readonly mayHaveArrived = false,
  ) {
    super(message)
  }

  /** Whether people have to fix it, such as a token or an address, so that retrying soon is useless. */
  get isLasting(): boolean {
    return this.reason === 'auth' || this.reason === 'not_found'
  }
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/**
 * @param service name for messages; they never contain the URL, which may be a secret
 * @throws Failure unless the request succeeds
 */
export async function ask(service: string, { method, url, headers, body }: Request): Promise<HttpResponse> {
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    text = await response.text()
  } catch (error) {
    if ((error as Error).name === 'TimeoutError')
      throw new Failure('timeout', `${service} did not respond within ${DEADLINE_MS / 1_000} s`, undefined, true)
    const { cause } = error as { cause?: { code?: string; message?: string } }
    const why = cause?.code ?? cause?.message ?? (error as Error).message
    const isNowhere = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(why)
    throw new Failure('network', `${service} is unreachable (${why})`, undefined, !isNowhere)
  }
  if (response.ok) return { status: response.status, headers: response.headers, body: parsed(text) }
  throw failureOf(service, response.status, response.headers, text)
}

function failureOf(service: string, status: number, headers: Headers, text: string): Failure {
  const said = messageIn(text)
  const what = `${service} answers ${status}${said && `: ${said}`}`
  const wait = waitMs(headers, text)
  // GitHub reports rate limits as 403 as well; headers or the message distinguish them from missing permissions
  const isLimit =
    status === 429 ||
    (status === 403 &&
      (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0' || /rate limit/i.test(said)))
  if (isLimit) return new Failure('rate_limited', what, wait ?? 60_000)
  if (status >= 500 || status === 408) return new Failure('server', what, wait)
  if (status === 401 || status === 403) return new Failure('auth', what)
  if (status === 404 || status === 410 || (status >= 300 && status < 400)) return new Failure('not_found', what)
  return new Failure('refused', what)
}

/** Reads `retry-after` in seconds or as a date, Discord's header and body, which have fractions, and GitHub's time of reset. */
function waitMs(headers: Headers, text: string): number | undefined {
  const inBody = (parsed(text) as { retry_after?: unknown } | undefined)?.retry_after
  const waits = [
    Number(headers.get('x-ratelimit-reset-after') ?? Number.NaN) * 1_000,
    typeof inBody === 'number' ? inBody * 1_000 : Number.NaN,
    retryAfterMs(headers.get('retry-after')) ?? Number.NaN,
    headers.get('x-ratelimit-remaining') === '0'
      ? Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1_000 - Date.now()
      : Number.NaN,
  ].filter(wait => wait >= 0)
  return waits.length > 0 ? Math.min(Math.max(...waits), LONGEST_WAIT_MS) : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function messageIn(text: string): string {
  const body = parsed(text) as { message?: unknown } | undefined
  const said = typeof body?.message === 'string' ? body.message : text
  return said.replace(/\s+/g, ' ').trim().slice(0, 200)
}
