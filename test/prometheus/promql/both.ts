/** A real Prometheus and the embedded backend. Both get the same requests and the same queries. */
import { type Api, startApi } from '../../unit/backend/api/ask'
import { startPrometheus } from '../start'
import { type Answered, difference } from './compare'
import { requests } from './points'

export interface Both {
  /** Milliseconds since 1970, of the last request. */
  readonly end: number
  readonly api: Api
  /** @returns where the answers differ; undefined: nowhere */
  differs(path: string, parameters: Readonly<Record<string, string>>): Promise<string | undefined>
  ask(whose: 'theirs' | 'ours', path: string, parameters: Readonly<Record<string, string>>): Promise<Answered>
  stop(): Promise<void>
}

/** @param requestsUntil what both get, the oldest first; the last is of this time, in milliseconds since 1970 */
export async function startBoth(
  binary: string,
  requestsUntil: (end: number) => readonly object[] = requests,
): Promise<Both> {
  const end = Math.floor(Date.now() / 1_000) * 1_000 - 5_000
  const sent = requestsUntil(end)
  const prometheus = await startPrometheus(binary)
  for (const request of sent) {
    const response = await fetch(`${prometheus.url}/api/v1/otlp/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    if (!response.ok) throw new Error(`Prometheus does not take the points: ${await response.text()}`)
  }
  const api = await startApi(sent, end)
  const answered = async (response: Response): Promise<Answered> => ({
    status: response.status,
    body: (await response.json()) as Answered['body'],
  })
  const ask: Both['ask'] = async (whose, path, parameters) => {
    const url = `/api/v1/${path}?${new URLSearchParams(parameters)}`
    return answered(await (whose === 'ours' ? api.get(url) : fetch(prometheus.url + url)))
  }
  return {
    end,
    api,
    ask,
    async differs(path, parameters) {
      const [theirs, ours] = await Promise.all([ask('theirs', path, parameters), ask('ours', path, parameters)])
      return difference(theirs, ours)
    },
    async stop() {
      await prometheus.stop()
      await api.store.close()
    },
  }
}
