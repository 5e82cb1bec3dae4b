// Checks Turso and libSQL with `SELECT 1` by Hrana over HTTP, https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_3_SPEC.md. If
// the database is a local file, the check only reads its first bytes.
import { CheckFailure, wordOfStatus } from '../failure'
import type { Ask } from './http-request'

export interface TursoTarget {
  /** Without a trailing slash. */
  readonly url: string
  readonly token?: string
}

/** @returns `undefined` if the URL is not one of a libSQL server */
export function tursoTarget(url: string, token?: string): TursoTarget | undefined {
  if (!URL.canParse(url)) return undefined
  const parsed = new URL(url)
  const secure: Readonly<Record<string, boolean>> = { 'libsql:': parsed.searchParams.get('tls') !== '0', 'https:': true, 'wss:': true, 'http:': false, 'ws:': false } // biome-ignore format: pairs
  if (!Object.hasOwn(secure, parsed.protocol)) return undefined
  const own = parsed.searchParams.get('authToken') ?? token
  const scheme = secure[parsed.protocol] ? 'https' : 'http'
  return { url: `${scheme}://${parsed.host}${parsed.pathname.replace(/\/$/, '')}`, ...(own && { token: own }) }
}

const body = JSON.stringify({
  requests: [{ type: 'execute', stmt: { sql: 'SELECT 1' } }, { type: 'close' }],
})

export async function checkTurso(ask: Ask, { url, token }: TursoTarget, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const reply = await ask({ url: `${url}/v2/pipeline`, headers, body }, signal)
  const word = wordOfStatus(reply.status)
  if (word) throw new CheckFailure(word)
  const type = typeOfResult(reply.body)
  if (type !== 'ok') throw new CheckFailure(type === 'error' ? 'error' : 'protocol')
}

/** `ok` or `error` for the first request of the pipeline. */
function typeOfResult(body: string): unknown {
  try {
    return JSON.parse(body)?.results?.[0]?.type
  } catch {
    return undefined
  }
}
