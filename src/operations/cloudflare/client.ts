// A client of Cloudflare's API, https://developers.cloudflare.com/api. The limit of 1,200 requests in 5 minutes applies per user. The
// dashboard and terraform share it, so the client stays below it.
import { retryAfterMs } from '../../shared/retry-after'
import { ApiError, type CodedMessage, reasonOf } from './api-error'

export interface ClientOptions {
  /** A secret: it is sent in one header and never part of a message. */
  readonly token: string
  /** Default: Cloudflare's. */
  readonly base?: string
  readonly fetch?: typeof fetch
  /** ms */
  readonly now?: () => number
  readonly wait?: (ms: number) => Promise<void>
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

const BASE = 'https://api.cloudflare.com/client/v4'
const WINDOW_MS = 300_000
const REQUESTS_A_WINDOW = 1_000
const QUERIES_A_WINDOW = 250
const DEADLINE_MS = 30_000
/** Not counting the first request. */
const MOST_RETRIES = 3
/** Cloudflare blocks a user for 5 minutes once the limit is exceeded; a longer `retry-after` must be an error. */
const LONGEST_WAIT_MS = 360_000
const PAGE_SIZE = 50

interface Envelope {
  readonly success?: unknown
  readonly result?: unknown
  readonly errors?: unknown
  readonly result_info?: { readonly total_pages?: unknown } | null
}

export class Client {
  readonly #token: string
  readonly #base: string
  readonly #fetch: typeof fetch
  readonly #now: () => number
  readonly #wait: (ms: number) => Promise<void>
  /** Times of the requests in the current window, in ms. */
  readonly #sent: number[] = []
  /** The same for queries to the GraphQL Analytics API. */
  readonly #queried: number[] = []

  constructor(options: ClientOptions) {
    this.#token = options.token
    this.#base = options.base ?? BASE
    this.#fetch = options.fetch ?? fetch
    this.#now = options.now ?? Date.now
    this.#wait = options.wait ?? (ms => new Promise(resolve => setTimeout(resolve, ms)))
  }

  /** @throws ApiError unless the request succeeds */
  async get<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
    return (await this.#request('GET', path, undefined, query)).result as T
  }

  /**
   * Reads all pages, with each item once, because items move between pages if others are created or deleted meanwhile. It stops at a page
   * without new items: some lists have no pages and give the same answer for each.
   * @throws ApiError
   */
  async list<T extends object>(path: string, more: Readonly<Record<string, string>> = {}): Promise<T[]> {
    const found = new Map<string, T>()
    for (let page = 1; ; page++) {
      const query = { ...more, page: String(page), per_page: String(PAGE_SIZE) }
      const { result, result_info } = await this.#request('GET', path, undefined, query)
      const items = Array.isArray(result) ? (result as T[]) : []
      const before = found.size
      for (const item of items) found.set(String((item as { id?: unknown }).id ?? JSON.stringify(item)), item)
      const pages = Number(result_info?.total_pages ?? 1)
      if (found.size === before || page >= pages) return [...found.values()]
    }
  }

  /**
   * @param body JSON, or a form for script uploads
   * @throws ApiError. A POST is never retried, because the first one may have created something
   */
  async send<T>(method: Exclude<Method, 'GET'>, path: string, body?: object): Promise<T> {
    return (await this.#request(method, path, body)).result as T
  }

  /**
   * Queries the GraphQL Analytics API, which has an additional limit of 300 queries in 5 minutes.
   * @throws ApiError even if only part of the answer failed
   */
  async graphql<T>(query: string): Promise<T> {
    await this.#room(this.#queried, QUERIES_A_WINDOW)
    const envelope = await this.#request('POST', '/graphql', { query }, {}, true)
    if (Array.isArray(envelope.errors) && envelope.errors.length > 0) {
      const errors = errorsIn(envelope, '')
      throw new ApiError({ reason: reasonOf(200, errors), status: 200, errors, method: 'POST', path: '/graphql' })
    }
    return (envelope as { data?: unknown }).data as T
  }

  /** @param isSafe whether the request changes nothing and may be retried */
  async #request(
    method: Method,
    path: string,
    body?: object,
    query: Readonly<Record<string, string>> = {},
    isSafe = method !== 'POST',
  ): Promise<Envelope> {
    for (let retries = 0; ; retries++) {
      await this.#room(this.#sent, REQUESTS_A_WINDOW)
      try {
        return await this.#once(method, path, body, query)
      } catch (error) {
        const { error: apiError, waitMs } = error as Refusal
        if (apiError === undefined) throw error
        // an earlier attempt has already deleted it
        if (method === 'DELETE' && retries > 0 && apiError.reason === 'not_found') return { result: null }
        const isUseful = apiError.reason === 'rate_limited' || (apiError.mayHaveArrived && isSafe)
        if (!isUseful || retries === MOST_RETRIES) throw apiError
        await this.#wait(Math.min(waitMs ?? 1_000 * 3 ** retries, LONGEST_WAIT_MS))
      }
    }
  }

  /**
   * Waits until one more request is within the limit, and counts it. Several callers may wait at once.
   * @param sent times in ms, oldest first
   */
  async #room(sent: number[], most: number): Promise<void> {
    for (;;) {
      const now = this.#now()
      while (sent.length > 0 && sent[0]! <= now - WINDOW_MS) sent.shift()
      if (sent.length < most) {
        sent.push(now)
        return
      }
      await this.#wait(sent[0]! + WINDOW_MS - now)
    }
  }

  async #once(method: Method, path: string, body: object | undefined, query: Readonly<Record<string, string>>) {
    const url = new URL(`${this.#base}${path}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const isForm = body instanceof FormData
    let response: Response
    let text: string
    try {
      response = await this.#fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body && !isForm && { 'content-type': 'application/json' }),
        },
        // a redirect must not receive the token
        redirect: 'manual',
        signal: AbortSignal.timeout(DEADLINE_MS),
        ...(body && { body: isForm ? body : JSON.stringify(body) }),
      })
      text = await response.text()
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { code?: string } }
      const errors = [{ code: 0, message: `no answer (${cause?.code ?? message})` }]
      throw new Refusal(new ApiError({ reason: 'network', status: 0, errors, method, path, mayHaveArrived: true }))
    }
    const envelope = parsed(text)
    if (response.ok && envelope && envelope.success !== false) return envelope
    const { status } = response
    const errors = errorsIn(envelope, text)
    // a success without JSON comes from a proxy in between
    const reason = response.ok && !envelope ? 'server' : reasonOf(status, errors)
    const mayHaveArrived = reason === 'server'
    throw new Refusal(new ApiError({ reason, status, errors, method, path, mayHaveArrived }), this.#waitOf(response))
  }

  /** Reads `retry-after`, in seconds or as a date. */
  #waitOf({ headers }: Response): number | undefined {
    return retryAfterMs(headers.get('retry-after'), this.#now())
  }
}

class Refusal {
  constructor(
    readonly error: ApiError,
    readonly waitMs?: number,
  ) {}
}

function parsed(text: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function errorsIn(envelope: Envelope | undefined, text: string): CodedMessage[] {
  if (!Array.isArray(envelope?.errors))
    return [{ code: 0, message: envelope ? 'it gives no reason' : `an answer that is no JSON: ${shortened(text)}` }]
  return envelope.errors.map(error => {
    const { code, message } = Object(error) as { code?: unknown; message?: unknown }
    return { code: Number(code ?? 0) || 0, message: shortened(String(message ?? 'it gives no reason')) }
  })
}

const shortened = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 200)
