/** The parts of Alertmanager's API v2 that our receiver and commands use: alerts, silences, receivers and metrics. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AccessPolicy, refusalOf } from '../../backend/access-policy'
import { Load, Refused, readBody } from '../../backend/body'
import type { PostedAlert, Silence } from '../../monitoring/alerts/api'
import type { Counts } from './counts'
import type { Dispatcher } from './dispatcher'

interface Site {
  readonly dispatcher: Dispatcher
  readonly counts: Counts
  readonly receivers: readonly string[]
  readonly access: AccessPolicy
}

export function serverOf(site: Site): Server {
  const load = new Load()
  return createServer((request, response) => {
    answerTo(request, site, load)
      .catch((error: unknown) => {
        const status = error instanceof Refused ? error.status : error instanceof SyntaxError ? 400 : 500
        return { status, body: JSON.stringify({ message: (error as Error).message }) }
      })
      .then(({ status, body }) => response.writeHead(status, { 'cache-control': 'no-store' }).end(body))
      .catch(() => response.destroy())
  })
}

async function answerTo(request: IncomingMessage, site: Site, load: Load): Promise<{ status: number; body: string }> {
  const { dispatcher, counts, receivers, access } = site
  const [pathname = '/'] = (request.url ?? '/').split('?', 1)
  const refused = refusalOf(
    { headers: request.headers, path: pathname, localAddress: request.socket.localAddress },
    access,
  )
  if (refused) throw new Refused(refused.status, refused.message)
  const ok = (body: unknown) => ({ status: 200, body: typeof body === 'string' ? body : JSON.stringify(body) })
  const read = async () => {
    const share = load.share()
    try {
      return JSON.parse((await readBody(request, share)).toString('utf8'))
    } finally {
      share.release()
    }
  }
  const [, silence] = /^\/api\/v2\/silence\/([\w-]{1,100})$/.exec(pathname) ?? []
  if (silence !== undefined && request.method === 'DELETE')
    return (await dispatcher.expire(silence)) ? ok({}) : { status: 404, body: '{}' }
  switch (`${request.method} ${pathname}`) {
    case 'GET /-/ready':
      return ok('OK')
    case 'GET /metrics':
      return ok(counts.exposition())
    case 'GET /api/v2/receivers':
      return ok(receivers.map(name => ({ name })))
    case 'GET /api/v2/alerts':
      return ok(dispatcher.alerts())
    case 'POST /api/v2/alerts':
      await dispatcher.post((await read()) as PostedAlert[])
      return ok({})
    case 'GET /api/v2/silences':
      return ok(dispatcher.silences())
    case 'POST /api/v2/silences':
      return ok({ silenceID: await dispatcher.silence((await read()) as Silence) })
  }
  throw new Refused(404, `not found: ${request.method} ${pathname.slice(0, 100)}`)
}
