// A laptop without Grafana: a real preloaded app that sends to `afn-otel up`, and a real Prometheus that gets the same requests of metrics.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Boards } from '../../src/backend/api/parts'
import { metrics, nameOf } from '../../src/monitoring/dashboards/metrics'
import { type ExplorerSite, startExplorer } from '../browser/explorer/site'
import { startPrometheus } from '../prometheus/start'
import { pages, startShop, talk } from './load'

export interface Laptop {
  readonly site: ExplorerSite
  /** Of the Prometheus. */
  readonly prometheus: string
  /** Everything that the app does, for so many seconds. */
  use(seconds: number): Promise<void>
  /** Whether what comes last has a rate up to a step ago, where lines end, and objectives were rated. */
  hasRates(): Promise<boolean>
  stop(): Promise<void>
}

export async function startLaptop(binary: string, boards: Boards): Promise<Laptop> {
  const children: ChildProcess[] = []
  const [site, prometheus] = await Promise.all([startExplorer(boards), startPrometheus(binary)])
  const both = await tee(site.otlp, `${prometheus.url}/api/v1/otlp`)
  const stop = async () => {
    for (const child of children) child.kill('SIGKILL')
    both.close()
    await Promise.all([site.close(), prometheus.stop()])
  }
  try {
    const shop = await startShop(both.url, children)
    const send = async (signal: 'traces' | 'metrics' | 'logs', body: unknown) => {
      await site.send(signal, body as object)
      return 200
    }
    return {
      site,
      prometheus: prometheus.url,
      async use(seconds) {
        for (const end = Date.now() + seconds * 1_000; Date.now() < end; )
          await Promise.all([talk(shop), pages({ send })])
      },
      async hasRates() {
        const { evaluations, requests } = metrics
        const rates = [nameOf(evaluations), `${nameOf(requests)}_count`].map(
          name => `sum(rate(${name}[4m] offset 10s))`,
        )
        const parameters = new URLSearchParams({ query: rates.join(' * ') })
        const rated = new URLSearchParams({ query: 'slo:period_error_budget_remaining:ratio offset 10s' })
        const answers = [`${prometheus.url}/api/v1/query?${parameters}`, `${site.url}api/v1/query?${rated}`].map(
          async url => {
            const { data } = await (await fetch(url)).json()
            return data.result.length > 0
          },
        )
        return (await Promise.all(answers)).every(Boolean)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Hands each request of metrics to both, and all others to the first. */
async function tee(first: string, second: string): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { 'content-type': type = '', 'content-encoding': encoding } = request.headers
    const headers = { 'content-type': type, ...(encoding && { 'content-encoding': encoding }) }
    const send = (base: string) =>
      fetch(base + request.url, { method: 'POST', headers, body: new Uint8Array(Buffer.concat(chunks)) })
    const [answer] = await Promise.all([first, ...(request.url === '/v1/metrics' ? [second] : [])].map(send))
    response.writeHead(answer!.status, { 'content-type': answer!.headers.get('content-type') ?? type })
    response.end(Buffer.from(await answer!.arrayBuffer()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
