// The running `afn-otel up` that a command queries.
import { type Backend, getJson, httpUrl } from '../../shared/queries/http'
import type { Options } from '../options'

export const localOption = {
  url: {
    type: 'string',
    help: 'URL of a running afn-otel up; sends AFN_LOCAL_TOKEN if set',
    otherwise: 'AFN_LOCAL_URL, else http://127.0.0.1:3200',
  },
} as const satisfies Options

export const localExitCodes = 'Exit codes: 0 success; 1 unreachable or rejects the request; 2 usage error.'

export const localUrl = (): string => process.env.AFN_LOCAL_URL || 'http://127.0.0.1:3200'

/** @throws Error when the URL is none */
export function localBackend(named: string | undefined): Backend {
  const url = httpUrl(named ?? localUrl())
  return { name: 'afn-otel up', url, setBy: '--url URL (or AFN_LOCAL_URL)', headers: tokenHeader() }
}

/** Whether it is an `afn-otel up` that answers in the place of Tempo. */
export async function isLocal(backend: Backend): Promise<boolean> {
  const { product } = (await getJson(backend, 'api/status/buildinfo', {})) as { product?: string }
  return product === 'afn-otel'
}

export function tokenHeader(): Record<string, string> {
  const token = process.env.AFN_LOCAL_TOKEN
  return token ? { authorization: `Bearer ${token}` } : {}
}
