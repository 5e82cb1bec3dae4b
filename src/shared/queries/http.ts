// Requests with an error that says what to do.

import { fetchable, textWithoutCredentials, withoutCredentials } from '../config/credentials'

/** A backend that is not there or says no. Its message is for the user, and shows no password of a URL. */
export class BackendError extends Error {
  /** @param status HTTP's, where there was an answer @param isSlow nothing came for as long as it was waited for */
  constructor(
    message: string,
    readonly status?: number,
    readonly isSlow = false,
  ) {
    super(textWithoutCredentials(message))
  }
}

export interface Backend {
  /** As the user knows it. */
  readonly name: 'Tempo' | 'Loki' | 'Prometheus' | 'Alertmanager' | 'afn-otel up' | 'OpenAI'
  /** Base URL; a path below it is kept. */
  readonly url: string
  /** The option and the variable that set it. */
  readonly setBy: string
  /** With every request. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * @param remedy what the message ends with, such as `correct --url`
 * @returns the same text
 * @throws Error when it is no http or https URL; the message shows no password
 */
export function httpUrl(text: string, remedy?: string): string {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text
  throw new Error(`"${withoutCredentials(text)}" is not an http(s) URL${remedy === undefined ? '' : `; ${remedy}`}`)
}

/**
 * @param path below the base URL
 * @throws BackendError when nobody answers, or not with JSON and 200
 */
export async function getJson(
  backend: Backend,
  path: string,
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const { name, url, setBy } = backend
  const response = await request(backend, path, parameters, { headers, signal: AbortSignal.timeout(60_000) })
  try {
    return await response.json()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw silent(backend, error)
    throw new BackendError(`${name} at ${url} did not return JSON; is it ${name}? Correct ${setBy}`)
  }
}

/** The same, for what is no JSON or more than a GET. @throws BackendError when nobody answers, or not with 200 */
export async function request(
  backend: Backend,
  path: string,
  parameters: Readonly<Record<string, string>>,
  init: {
    readonly method?: 'GET' | 'POST' | 'DELETE'
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    readonly signal?: AbortSignal
  } = {},
): Promise<Response> {
  const { name, url } = backend
  const { url: base, headers: credentials } = fetchable(url)
  const address = new URL(`${base.replace(/\/+$/, '')}/${path}`)
  address.search = new URLSearchParams(parameters).toString()
  const headers = { ...credentials, ...backend.headers, ...init.headers }
  const response = await fetch(address, { ...init, headers }).catch(error => {
    throw silent(backend, error)
  })
  if (response.ok) return response
  throw new BackendError(
    `${name} at ${url} returned ${response.status}: ${said(await response.text())}`,
    response.status,
  )
}

function silent({ name, url, setBy }: Backend, error: unknown): BackendError {
  if ((error as Error).name === 'TimeoutError')
    return new BackendError(
      `${name} at ${url} timed out: the query is too expensive, or ${setBy} is wrong`,
      undefined,
      true,
    )
  return new BackendError(`${name} does not answer at ${url} (${reasonOf(error)}); start it there, or set ${setBy}`)
}

/** Why fetch failed: `ECONNREFUSED` rather than "fetch failed". */
export function reasonOf(error: unknown): string {
  return (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message
}

/** Prometheus says it in JSON, Tempo in plain text. */
function said(body: string): string {
  try {
    const { error, message } = JSON.parse(body) as { error?: string; message?: string }
    return error ?? message ?? body
  } catch {
    return body.trim().slice(0, 2_000) || 'without a word'
  }
}
