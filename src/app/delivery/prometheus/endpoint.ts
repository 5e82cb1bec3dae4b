// Chunk `prometheus`: the address that Prometheus scrapes. Loaded when OTEL_METRICS_EXPORTER names prometheus.
import { EventEmitter } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { isBrowser, isFixed, nameOfHost } from '../../../shared/otlp/host'
import { families } from './families'

export interface Endpoint {
  readonly host: string
  readonly port: number
  /** The metrics of this moment, redacted. */
  collect(): Promise<ResourceMetrics>
  /** The address could not be taken, or a scrape not be answered. */
  onFailure(error: Error): void
}

// no labels for scopes: what comes by OTLP has none either
const serializer = new PrometheusSerializer('', false, undefined, false, true)

/** The text that Prometheus reads. */
export const exposition = (metrics: ResourceMetrics): string => serializer.serialize(families(metrics))

/** Never throws, and never keeps the process alive. @returns what closes it */
export function serve({ host, port, collect, onFailure }: Endpoint): () => void {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // a page whose name was rebound to this address reads no metrics; Prometheus scrapes by any name
    if (!isFixed(nameOfHost(request.headers.host ?? '')) && isBrowser(request))
      return end(response, 403, 'a browser may ask by address or as localhost\n')
    if (request.url?.split('?', 1)[0] !== '/metrics') return end(response, 404, 'not here; scrape /metrics\n')
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'send a GET\n')
    try {
      end(response, 200, exposition(await collect()))
    } catch (error) {
      onFailure(error as Error)
      end(response, 503, 'the metrics could not be collected\n')
    }
  }

  const server = createServer((request, response) => void answer(request, response))
  // past what instrumentations of `http` put there: a scrape is no request to the app
  server.emit = EventEmitter.prototype.emit
  server.on('error', onFailure)
  server.on('connection', socket => socket.unref())
  // exclusive: workers of a cluster would share the port, and each scrape would see another one's counters
  server.listen({ host, port, exclusive: true }).unref()
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(body)
}
