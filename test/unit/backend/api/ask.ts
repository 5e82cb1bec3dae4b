// The API on a store in memory, which gets requests without a socket.
import type { IncomingHttpHeaders } from 'node:http'
import path from 'node:path'
import { createApp } from '../../../../src/backend/api/app'
import type { Boards, Parts } from '../../../../src/backend/api/parts'
import { RequestCounts } from '../../../../src/backend/request-counts'
import { openStore, type Store } from '../../../../src/backend/store/store'
import { planOf } from '../../../../src/pipeline/deployment/plan'
import type { Document } from '../../../../src/shared/otlp/schema'
import { readCatalogue } from '../../../../src/shared/queries/catalogue'

export interface Api {
  readonly parts: Parts
  readonly store: { -readonly [K in keyof Store]: Store[K] }
  /** All paths of which there is an answer to a GET, with their parameters as `:name`. */
  readonly paths: readonly string[]
  /** @param signal aborts when the client is gone */
  get(url: string, headers?: IncomingHttpHeaders, signal?: AbortSignal): Promise<Response>
  // biome-ignore lint/suspicious/noExplicitAny: what the answer has is what the test is about
  json(url: string, headers?: IncomingHttpHeaders): Promise<any>
}

/** @param nowMs the clock of the server @param sourceMaps their folder @param stored what is there before the requests */
export async function startApi(
  requests: readonly object[],
  nowMs: number,
  sourceMaps?: string,
  stored?: Store,
): Promise<Api> {
  const store = stored ?? (await openStore({ path: ':memory:' }))
  for (const request of requests) {
    const signal = 'resourceLogs' in request ? 'logs' : 'resourceMetrics' in request ? 'metrics' : 'traces'
    await store.write(signal, request as Document)
  }
  return apiOn(store, () => nowMs, { sourceMaps })
}

/** @param now the clock of the server */
export function apiOn(
  store: Store,
  now: () => number,
  {
    sourceMaps,
    boards = () => ({ boards: [], problems: [] }),
  }: { sourceMaps?: string | undefined; boards?: Boards } = {},
): Api {
  const { policies, retention } = planOf('laptop')
  const parts: Parts = {
    store,
    policies,
    retention,
    alerts: { answer: () => Promise.reject(new Error('nobody rates anything here')), recorded: () => [] },
    boards,
    access: { host: '127.0.0.1' },
    page: new Map(),
    catalogue: readCatalogue(path.join(import.meta.dirname, '../../../../collector/queries')),
    requests: new RequestCounts(),
    sourceMaps,
    now,
    bytes: () => 0,
    ending: new AbortController().signal,
  }
  const app = createApp(parts)
  const get = async (url: string, headers: IncomingHttpHeaders = {}, signal?: AbortSignal) => {
    const incoming = { headers: { host: 'localhost', ...headers }, socket: { localAddress: '127.0.0.1' } }
    const init = { headers: headers as Record<string, string>, ...(signal && { signal }) }
    return app.request(`http://localhost${url}`, init, { incoming } as never)
  }
  const paths = [...new Set(app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path))]
  return { parts, store, paths, get, json: async (url, headers) => (await get(url, headers)).json() }
}
