// GET with an error that says what to do. Called by tempo.ts and prometheus.ts.

/** A backend that is not there or says no. Its message is for the user. */
export class BackendError extends Error {}

export interface Backend {
  /** As the user knows it. */
  readonly name: 'Tempo' | 'Prometheus'
  /** Base URL; a path below it is kept. */
  readonly url: string
  /** The option and the variable that set it. */
  readonly setBy: string
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
  const address = new URL(`${url.replace(/\/+$/, '')}/${path}`)
  address.search = new URLSearchParams(parameters).toString()
  let response: Response
  let body: string
  try {
    response = await fetch(address, { headers, signal: AbortSignal.timeout(60_000) })
    body = await response.text()
  } catch (error) {
    throw new BackendError(`${name} does not answer at ${url} (${reasonOf(error)}); start it there, or set ${setBy}`)
  }
  if (!response.ok) throw new BackendError(`${name} at ${url} answers ${response.status}: ${said(body)}`)
  try {
    return JSON.parse(body)
  } catch {
    throw new BackendError(`${name} at ${url} does not answer with JSON; is it ${name}? Set ${setBy}`)
  }
}

/** Why fetch failed: `ECONNREFUSED` rather than "fetch failed". */
export function reasonOf(error: unknown): string {
  return (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message
}

/** Prometheus says it in JSON, Tempo in plain text. */
function said(body: string): string {
  try {
    return (JSON.parse(body) as { error?: string }).error ?? body
  } catch {
    return body.trim().slice(0, 2_000) || 'without a word'
  }
}
