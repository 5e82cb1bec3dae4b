// Chunk `health`: the health endpoints and `/metrics` on a port of their own. Loaded once the app has begun, with AFN_HEALTH=on.

import cluster from 'node:cluster'
import { EventEmitter } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { PackageJson } from '../../shared/config/entry'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import { isBrowser, isFixed, isLoopback, nameOfHost } from '../../shared/otlp/host'
import { version } from '../../shared/version'
import { discover } from './discover-node'
import { createAnswers, isSame, type ProbeResponse } from './probe-answers'
import { discoveredHealth } from './process'
import { serviceOf } from './service'
import { listenUntilAppDoes } from './yield-port'

export interface ServedHealth {
  readonly settings: Settings
  readonly packageJson: PackageJson
  /** The metrics of this moment as Prometheus reads them, redacted. `undefined` where nothing is measured. */
  readonly scrape: (() => Promise<string>) | undefined
}

/** Never throws, and never keeps the process alive. @returns what closes it */
export function serveHealth({ settings, packageJson, scrape }: ServedHealth): () => void {
  // the primary of a cluster serves: a port that a worker holds cannot be shared by all when the app wants it
  if (cluster.isWorker) return () => {}
  const { healthPort: port, healthHost: host, healthToken: token } = settings
  const onProblem = (problem: string) => report('AFN176', problem)
  const onFailure = (error: unknown) => report('AFN175', `a probe could not be answered correctly (${reason(error)})`)
  const health = discoveredHealth({
    isolated: false,
    version,
    onProblem,
    discover: (calls, health) => discover(settings, process.env, calls, check => health.add(check), onProblem),
  })
  const service = serviceOf(settings, packageJson)
  const answers = createAnswers({ health, path: '/health', token, service, onFailure })

  function answer(request: IncomingMessage): ProbeResponse | Promise<ProbeResponse> {
    const { method = 'GET', url = '/' } = request
    const { authorization } = request.headers
    if (scrape && url.split('?', 1)[0] === '/metrics') return metrics(request, scrape, token, onFailure)
    return answers.answer({ method, path: url, authorization })
  }

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const write = ({ status, headers, body }: ProbeResponse) => {
      response.writeHead(status, headers).end(request.method === 'HEAD' ? '' : body)
    }
    const fail = (error: unknown) => {
      onFailure(error)
      response.destroy()
    }
    try {
      const found = answer(request)
      if (found instanceof Promise) found.then(write).catch(fail)
      else write(found)
    } catch (error) {
      fail(error)
    }
  }

  const server = createServer(respond)
  // past what instrumentations of `http` put there: a probe is no request to the app
  server.emit = EventEmitter.prototype.emit
  server.on('connection', socket => socket.unref())
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  const taken = (why: string) =>
    report(
      'AFN175',
      `the health endpoints cannot use port ${port} (${why}); set AFN_HEALTH_PORT, or mount healthHandler() of @afn/otel/health in the app's own server`,
    )
  server.on('error', error => taken(reason(error)))
  const listen = () => {
    // exclusive: workers of a cluster would share the port, and each probe would see another one
    server.listen({ port, exclusive: true, ...(host && { host }) }).unref()
  }
  const stopYielding = listenUntilAppDoes(server, port, listen, () => {
    const isListening = server.address() !== null
    close()
    if (isListening) taken('the app listens on it')
  })
  if (!stopYielding) {
    taken(`Node.js ${process.version} does not report when the app uses it; update to the latest 20`)
    return () => {}
  }
  return () => {
    stopYielding()
    close()
  }
}

/** Figures of the business are for this machine and for who has the token. */
async function metrics(
  request: IncomingMessage,
  scrape: () => Promise<string>,
  token: string | undefined,
  onFailure: (error: unknown) => void,
): Promise<ProbeResponse> {
  const { headers, method, socket } = request
  const hasToken = token !== undefined && isSame(`Bearer ${token}`, headers.authorization ?? '')
  if (!hasToken && !isLocal(request, socket.remoteAddress ?? ''))
    return plain(403, 'query from this machine, or send AFN_HEALTH_TOKEN as Authorization: Bearer\n')
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'send a GET\n')
  try {
    return plain(200, await scrape(), '; version=0.0.4')
  } catch (error) {
    onFailure(error)
    return plain(503, 'the metrics could not be collected\n')
  }
}

/** No proxy has passed it on, and no page whose name was rebound to this address has sent it. */
function isLocal(request: IncomingMessage, address: string): boolean {
  const { headers } = request
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(name => headers[name] !== undefined)
  const isRebound = isBrowser(request) && !isFixed(nameOfHost(headers.host ?? ''))
  return isLoopback(address.replace(/^::ffff:/, '')) && !isForwarded && !isRebound
}

function plain(status: number, body: string, version = ''): ProbeResponse {
  const headers = { 'content-type': `text/plain${version}; charset=utf-8`, 'cache-control': 'no-store' }
  return { status, headers, body }
}
