// Chunk `prometheus`: the endpoint that Prometheus scrapes, loaded if OTEL_METRICS_EXPORTER contains prometheus.
import { EventEmitter } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { isBrowser, isFixed, nameOfHost } from '../../../shared/otlp/host'
import { families } from './families'

export interface Endpoint {
  readonly host: string
  readonly port: number
  /** The current metrics, redacted. */
  collect(): Promise<ResourceMetrics>
  /** Called if the server can't listen, or a scrape fails. */
  onFailure(error: Error): void
}

// without scope labels, because metrics sent by OTLP have none either
const serializer = new PrometheusSerializer('', false, undefined, false, true)

/** Formats metrics in Prometheus' text format. */
export const exposition = (metrics: ResourceMetrics): string => serializer.serialize(families(metrics))

/** Never throws, and never keeps the process alive. @returns a function that closes the server */
export function serve({ host, port, collect, onFailure }: Endpoint): () => void {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // protects against DNS rebinding; Prometheus itself may scrape by any name
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
  // bypasses instrumentations of `http`, because a scrape is not a request to the app
  server.emit = EventEmitter.prototype.emit
  server.on('error', onFailure)
  server.on('connection', socket => socket.unref())
  // exclusive, because cluster workers would otherwise share the port, and a scrape would get another worker's counters
  server.listen({ host, port, exclusive: true }).unref()
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(body)
}
