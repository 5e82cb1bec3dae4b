/** The receiver's HTTP routes. A notification is only acknowledged once it is stored, so Alertmanager resends those that were not. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AccessPolicy, refusalOf } from '../../backend/access-policy'
import { Load, Refused, readBody, type Share } from '../../backend/body'
import { HOOK_PATH } from '../../monitoring/alerts/receiver-webhook'
import { report } from '../../shared/diag/report'
import { nameOfHost } from '../../shared/otlp/host'
import { reasonOf } from './database'
import { type IncidentSite, incidentPage, runbookAnswer, signedIn } from './incident-pages'
import type { IncidentStore, Purpose } from './incident-store'
import { type Notification, readNotification } from './notification'
import { json, type ReceiverResponse, send } from './responses'
import { nameIn } from './safe-text'
import { testState } from './test-state'

export interface Site extends IncidentSite {
  readonly access: AccessPolicy
  /** Further host names of this server, for people and Alertmanager. */
  readonly names: readonly string[]
  /** A hash of the configuration in use, for comparison with the files. */
  readonly config: string
  purposeOf(query: URLSearchParams): Purpose
}

const DAY_MS = 86_400_000
const MOST_EVENTS = 1_000
/** Limit for forms, which have a single name. Anybody may send one, so they do not count against the capacity for notifications. */
const FORM_BYTES = 4_096
const FORM_MS = 5_000

export function serverOf(site: Site): Server {
  const load = new Load()
  return createServer((request, response) => {
    answerTo(request, site, load)
      .catch((error: unknown) => refusal(error, site))
      .then(answer => send(response, request, answer))
      .catch(() => response.destroy())
  })
}

async function answerTo(request: IncomingMessage, site: Site, load: Load): Promise<ReceiverResponse> {
  const address = `http://localhost${request.url ?? '/'}`
  if (!URL.canParse(address)) throw new Refused(400, 'invalid address')
  const { pathname, searchParams } = new URL(address)
  const refused = refusalFor(request, pathname, site)
  if (refused) throw new Refused(refused.status, refused.message)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const [, room = '', name = '', what = ''] = pathname.split('/')
  switch (`${method} /${room}${name && '/'}${what && '/'}`) {
    case `POST ${HOOK_PATH}`:
      return notified(await bodyOf(request, load), searchParams, site)
    case 'GET /healthz':
      await site.state.database.read('SELECT 1')
      return json({ status: 'pass', config: site.config })
    case 'GET /metrics':
      return {
        status: 200,
        type: 'text/plain; version=0.0.4; charset=utf-8',
        body: await site.metrics.exposition(site.state.database, site.now()),
      }
    case 'GET /history':
      return json({ events: await history(searchParams, site) })
    case 'GET /tests/':
      return tested(name, searchParams.get('channel') ?? '', site)
    case 'GET /incidents':
      return json({ incidents: (await site.state.firing()).map(shortOf) })
    case 'POST /incidents//':
      if (what !== 'acknowledge') break
      return acknowledgedByCommand(decoded(name), await bodyOf(request, load), site)
    case 'GET /incidents/':
    case 'POST /incidents/': {
      const form = method === 'POST' ? () => formOf(request) : undefined
      return incidentPage(await site.state.incident(name), searchParams, form, site)
    }
    case 'GET /incidents//':
      if (what !== 'sign-in') break
      return signedIn(await site.state.incident(name), site)
    case 'GET /alerts/':
      return incidentPage(await site.state.withAlert(name), searchParams, undefined, site)
    case 'GET /runbooks/': {
      const answer = runbookAnswer(name, site)
      if (!answer) break
      return answer
    }
  }
  throw new Refused(404, `not found: ${method} ${pathname.slice(0, 200)}`)
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    throw new Refused(400, 'invalid name')
  }
}

/** Addresses that need no token: links that carry their own permission, and public pages. */
const isOpen = (pathname: string): boolean =>
  /^\/(?:(?:alerts|runbooks|healthz)(?:\/|$)|incidents\/[^/]+$)/.test(pathname)

function refusalFor(request: IncomingMessage, pathname: string, { access, names }: Site) {
  const { localAddress } = request.socket
  const headers = isOpen(pathname) ? { host: request.headers.host } : request.headers
  const { host, token } = access
  // clients with the token may use any host name, which a web page cannot do
  const byToken = token !== undefined && !isOpen(pathname) ? [nameOfHost(request.headers.host ?? '')] : []
  const known = [host, ...names, ...byToken].map(name => ({ host: name, token: isOpen(pathname) ? undefined : token }))
  const refusals = known.map(one => refusalOf({ headers, path: pathname, localAddress }, one))
  return refusals.includes(undefined) ? undefined : (refusals.find(refusal => refusal?.status === 401) ?? refusals[0])
}

async function bodyOf(request: IncomingMessage, load: Load): Promise<string> {
  const share = load.share()
  try {
    return (await readBody(request, share)).toString('utf8')
  } finally {
    share.release()
  }
}

async function formOf(request: IncomingMessage): Promise<string> {
  let bytes = 0
  const share: Share = {
    take(more) {
      bytes += more
      if (bytes > FORM_BYTES) throw new Refused(413, `the form is larger than ${FORM_BYTES} bytes`)
      return undefined
    },
    release() {},
  }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refused(408, 'timed out waiting for the form')), FORM_MS)
  })
  try {
    return (await Promise.race([readBody(request, share), late])).toString('utf8')
  } finally {
    clearTimeout(timer)
  }
}

async function notified(body: string, query: URLSearchParams, site: Site): Promise<ReceiverResponse> {
  const purpose = site.purposeOf(query)
  let notification: Notification
  try {
    notification = readNotification(body)
  } catch (error) {
    const { message } = error as Error
    report('AFN212', `a notification was rejected: ${message}`)
    throw new Refused(400, message)
  }
  const { tickets, discord, ladder, unknown } = purpose
  if (unknown.length > 0)
    report('AFN212', `the receiver has no channel ${unknown.join(', ')}; restart it with the same alerts-config.yaml`)
  // Alertmanager retries; by then, somebody may have restarted the receiver with the new file
  if (unknown.length > 0 && tickets.length + discord.length === 0 && ladder === undefined)
    throw new Refused(503, 'no channel belongs to the receiver', 10)
  await site.state.observe(notification, purpose, site.now())
  for (const channel of [...tickets, ...discord]) site.metrics.count('afn_alerts_notifications_total', { channel })
  site.wake()
  return json({ status: 'stored' })
}

async function acknowledgedByCommand(idOrName: string, body: string, site: Site): Promise<ReceiverResponse> {
  const found = await site.state.find(idOrName)
  if (found.length !== 1) return json({ incidents: found.map(shortOf) }, found.length === 0 ? 404 : 409)
  const [incident] = found as [(typeof found)[0]]
  let by: unknown
  try {
    by = (JSON.parse(body || '{}') as { by?: unknown }).by
  } catch {
    throw new Refused(400, 'the body must be JSON; send {"by": "your name"}')
  }
  const name = nameIn(typeof by === 'string' ? by : '')
  const isNew = await site.state.acknowledge(incident.id, undefined, name, site.now())
  if (isNew) site.metrics.count('afn_alerts_acknowledgements_total', { by: 'command' })
  site.wake()
  return json({ incident: shortOf((await site.state.incident(incident.id)) ?? incident), isNew })
}

async function tested(id: string, channel: string, { state }: Site): Promise<ReceiverResponse> {
  const found = /^[A-Za-z0-9-]{1,40}$/.test(id) ? await testState(state.database, id, channel) : undefined
  if (!found) throw new Refused(404, 'Alertmanager has not delivered this test')
  return json(found)
}

function history(search: URLSearchParams, { state, now }: Site) {
  const since = search.get('since')
  const from = since === null ? now() - DAY_MS : Date.parse(since)
  const limit = Number(search.get('limit') ?? 100)
  if (Number.isNaN(from)) throw new Refused(400, `since must be a time such as 2026-11-27T10:00:00Z, not "${since}"`)
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MOST_EVENTS))
    throw new Refused(400, `limit must be a number from 1 to ${MOST_EVENTS}`)
  return state.history(from, limit)
}

type IncidentRecord = NonNullable<Awaited<ReturnType<IncidentStore['incident']>>>

const shortOf = ({
  id,
  name,
  service,
  severity,
  status,
  episode,
  beganAt,
  acknowledgedAt,
  acknowledgedBy,
}: IncidentRecord) => ({
  id,
  alertname: name,
  service,
  severity,
  status,
  episode,
  since: new Date(beganAt).toISOString(),
  ...(acknowledgedAt !== undefined && { acknowledgedAt: new Date(acknowledgedAt).toISOString(), acknowledgedBy }),
})

function refusal(error: unknown, { metrics }: Site): ReceiverResponse {
  if (error instanceof Refused) {
    metrics.count('afn_alerts_refused_total', { reason: String(error.status) })
    const { message, status, retryAfter } = error
    return json({ message }, status, {
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      // browsers ask for credentials and remember them for the next alert
      ...(status === 401 && { 'www-authenticate': 'Basic realm="afn-otel alerts", charset="UTF-8"' }),
    })
  }
  // Alertmanager retries after 5xx
  report('AFN213', `the database of the receiver is unavailable: ${reasonOf(error as Error)}`)
  metrics.count('afn_alerts_refused_total', { reason: '503' })
  return json({ message: 'the database is unavailable; retry later' }, 503, { 'retry-after': '5' })
}
