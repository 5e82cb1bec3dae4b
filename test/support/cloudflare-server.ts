// A stand-in for Cloudflare's API: health checks, webhooks, notification policies, Web Analytics, destinations of Workers. What it takes and what it answers is held against the
// types of Cloudflare's own client. Refusals have the status and code that public issues and docs show; none was seen from Cloudflare here.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { answerQuery, type Node } from './cloudflare-graphql'
import { type CloudflareAnswer, success as ok, problemsOf, refusal } from './cloudflare-types'
import { answerOfWorkers, isOfWorkers, type Upload, type UploadedScript } from './cloudflare-workers'
import { listen } from './ports'

type Item = Record<string, unknown>

export interface CloudflareRequest {
  method: string
  /** Below `/client/v4`, without its query. */
  path: string
  status: number
  /** What was sent, and what was answered: JSON, else a text. */
  body: unknown
  answer: unknown
}

export interface CloudflareServer {
  readonly base: string
  readonly zoneId: string
  readonly accountId: string
  /** A token with all permissions. */
  readonly token: string
  /** Permissions that the token lacks, as `Notifications Edit`. */
  readonly lacking: Set<string>
  plan: 'free' | 'pro' | 'business' | 'enterprise'
  /** Whether Health Checks are refused in spite of the plan. */
  hasHealthChecks: boolean
  /** Whether the account pays for something. */
  hasWebhooks: boolean
  readonly availableAlerts: Set<string>
  readonly healthChecks: Item[]
  readonly webhooks: Item[]
  readonly policies: Item[]
  readonly sites: Item[]
  readonly destinations: Item[]
  /** Uploaded Workers, with their secrets. */
  readonly scripts: UploadedScript[]
  /** Of workers.dev; an account that has never had a Worker has none. */
  subdomain: string | undefined
  /** As they came. */
  readonly uploads: Upload[]
  /** Notifications that were sent. */
  readonly history: Item[]
  /** Of the GraphQL Analytics API. */
  readonly nodes: Record<string, Node>
  readonly requests: CloudflareRequest[]
  /** How many messages were sent to new webhooks. */
  testMessages: number
  /** A list shows what was made only when it has been read so often since. */
  lateBy: number
  /** What a request is answered with in place of the usual. */
  answer: (method: string, path: string) => CloudflareAnswer | undefined
  /** Requests that Cloudflare's types refuse, and answers of ours that they do not fit. */
  readonly wrong: string[]
  close(): void
}

export const rateLimited = (seconds: number): CloudflareAnswer => ({
  ...refusal(429, 971, 'Please wait and consider throttling your request speed'),
  headers: { 'retry-after': String(seconds) },
})

export const badGateway: CloudflareAnswer = { status: 502, body: '<html><title>502 Bad Gateway</title></html>' }

const id = () => randomBytes(16).toString('hex')

export async function startCloudflare(): Promise<CloudflareServer> {
  const kinds = {
    healthChecks: {
      pattern: /^\/zones\/([0-9a-f]{32})\/healthchecks(?:\/([^/]+))?$/,
      permission: 'Health Checks',
      type: 'healthcheck',
      idField: 'id',
      createdField: 'created_on',
      updates: 'PATCH',
      items: [] as Item[],
    },
    webhooks: {
      pattern: /^\/accounts\/([0-9a-f]{32})\/alerting\/v3\/destinations\/webhooks(?:\/([^/]+))?$/,
      permission: 'Notifications',
      type: 'webhook',
      idField: 'id',
      createdField: 'created_at',
      updates: 'PUT',
      items: [] as Item[],
    },
    policies: {
      pattern: /^\/accounts\/([0-9a-f]{32})\/alerting\/v3\/policies(?:\/([^/]+))?$/,
      permission: 'Notifications',
      type: 'policy',
      idField: 'id',
      createdField: 'created',
      updates: 'PUT',
      items: [] as Item[],
    },
    sites: {
      pattern: /^\/accounts\/([0-9a-f]{32})\/rum\/site_info(?:\/([^/]+))?$/,
      permission: 'Account Settings',
      type: 'site',
      idField: 'site_tag',
      createdField: 'created',
      updates: 'PUT',
      items: [] as Item[],
    },
    destinations: {
      pattern: /^\/accounts\/([0-9a-f]{32})\/workers\/observability\/destinations(?:\/([^/]+))?$/,
      permission: 'Workers Observability',
      type: 'destination',
      idField: 'slug',
      createdField: undefined,
      updates: 'PATCH',
      items: [] as Item[],
    },
  }
  /** Reads of its list that each one is still missing in. */
  const late = new Map<string, number>()
  let clock = Date.parse('2026-11-01T00:00:00Z')

  const defaults = {
    healthcheck: (body: Item) => ({
      check_regions: null,
      consecutive_fails: 1,
      consecutive_successes: 1,
      interval: 60,
      retries: 2,
      status: 'unknown',
      failure_reason: '',
      suspended: false,
      timeout: 5,
      type: 'HTTP',
      tcp_config: null,
      ...body,
      http_config: { allow_insecure: false, expected_body: '', follow_redirects: false, method: 'GET', path: '/', port: 80, header: null, expected_codes: ['200'], ...(body.http_config as object) }, // biome-ignore format: one line
    }),
    webhook: ({ secret: _, ...body }: Item) => {
      const url = String(body.url)
      const isDiscord = url.includes('/api/webhooks/')
      // the last part is the secret, which no answer shows
      return { ...body, type: isDiscord ? 'discord' : 'generic', url: isDiscord ? url.slice(0, url.lastIndexOf('/')) : url } // biome-ignore format: one line
    },
    policy: (body: Item) => {
      const mechanisms = { email: [], pagerduty: [], webhooks: [], ...(body.mechanisms as object) }
      return { description: '', filters: {}, ...body, mechanisms }
    },
    site: ({ auto_install = false, enabled = true, zone_tag }: Item) => ({
      auto_install,
      rules: [],
      ruleset: { id: id(), enabled, zone_name: 'shop.example', zone_tag },
      site_token: id(),
      snippet: '<script></script>',
    }),
    destination: ({ skipPreflightCheck: _, configuration, ...body }: Item) => ({
      scripts: [],
      ...body,
      configuration: {
        destination_conf: 'https://',
        jobStatus: { error_message: '', last_complete: '', last_error: '' },
        ...(configuration as object),
      },
    }),
  }

  function carryOut(method: string, path: string, query: URLSearchParams, json: string): CloudflareAnswer {
    if (method === 'GET' && path === `/zones/${server.zoneId}`)
      return ok({
        id: server.zoneId,
        name: 'shop.example',
        account: { id: server.accountId, name: 'Shop' },
        owner: { id: server.accountId, type: 'user' },
        plan: { legacy_id: server.plan },
        meta: {},
        development_mode: 0,
        name_servers: ['bob.ns.cloudflare.com', 'lola.ns.cloudflare.com'],
        original_name_servers: null,
        original_registrar: null,
        original_dnshost: null,
        activated_on: '2026-01-01T00:00:00.000Z',
        created_on: '2026-01-01T00:00:00.000Z',
        modified_on: '2026-01-01T00:00:00.000Z',
      })
    if (method === 'GET' && path === `/accounts/${server.accountId}/alerting/v3/available_alerts`) {
      if (server.lacking.has('Notifications Read')) return refusal(403, 10000, 'Authentication error')
      const result = { Alerts: [...server.availableAlerts].map(type => ({ type, display_name: type })) }
      const problem = problemsOf('availableAlerts', result)
      if (problem) server.wrong.push(`answer: ${problem}`)
      return ok(result)
    }
    if (method === 'GET' && path === `/accounts/${server.accountId}/alerting/v3/destinations/eligible`) {
      if (server.lacking.has('Notifications Read')) return refusal(403, 10000, 'Authentication error')
      const mechanism = (type: string, eligible: boolean) => [{ type, eligible, ready: true }]
      const result = { email: mechanism('email', true), webhooks: mechanism('webhook', server.hasWebhooks), pagerduty: mechanism('pagerduty', false) } // biome-ignore format: one line
      return ok(result)
    }
    if (method === 'GET' && path === `/accounts/${server.accountId}/alerting/v3/history`) {
      if (server.lacking.has('Notifications Read')) return refusal(403, 10000, 'Authentication error')
      for (const one of server.history) {
        const problem = problemsOf('history', one)
        if (problem) server.wrong.push(`answer history: ${problem}`)
      }
      const since = query.get('since') ?? ''
      return ok(
        server.history.filter(({ sent }) => String(sent) >= since),
        { result_info: { total_pages: 1 } },
      )
    }
    if (method === 'POST' && path === '/graphql')
      try {
        return { status: 200, body: { data: answerQuery((JSON.parse(json) as { query: string }).query, server.nodes), errors: null } } // biome-ignore format: one line
      } catch (error) {
        return { status: 200, body: { data: null, errors: [{ message: (error as Error).message }] } }
      }
    const kind = Object.values(kinds).find(({ pattern }) => pattern.test(path))
    if (!kind) return refusal(404, 7000, 'No route for that URI')
    const [, owner, one] = kind.pattern.exec(path)!
    if (server.lacking.has(`${kind.permission} ${method === 'GET' ? 'Read' : 'Edit'}`))
      return refusal(403, 10000, 'Authentication error')
    if (owner !== (path.startsWith('/zones') ? server.zoneId : server.accountId))
      return refusal(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`)
    const { items, type, idField, createdField } = kind
    const idOf = (item: Item) => String(item[idField])
    if (method === 'GET' && one === (type === 'site' ? 'list' : undefined)) {
      const shown = items.filter(item => {
        const left = late.get(idOf(item)) ?? 0
        late.set(idOf(item), left - 1)
        return left <= 0
      })
      for (const item of shown) {
        const problem = problemsOf(type, item)
        if (problem) server.wrong.push(`answer ${type}: ${problem}`)
      }
      const size = Number(query.get('per_page') ?? 25)
      const page = Number(query.get('page') ?? 1)
      // these lists know no pages
      if (type !== 'healthcheck' && type !== 'site') return ok(shown)
      const info = { page, per_page: size, total_pages: Math.ceil(shown.length / size), total_count: shown.length }
      return ok(shown.slice((page - 1) * size, page * size), { result_info: info })
    }
    const existing = items.find(item => idOf(item) === one)
    if (one !== undefined && !existing) return refusal(404, 1001, 'object not found')
    if (method === 'DELETE' && existing) {
      if (type === 'webhook' && kinds.policies.items.some(policy => JSON.stringify(policy.mechanisms).includes(one!)))
        return refusal(400, 17002, 'the webhook is used by a policy')
      items.splice(items.indexOf(existing), 1)
      return ok({ id: one })
    }
    const isCreate = method === 'POST' && one === undefined
    if (!isCreate && !(method === kind.updates && existing)) return refusal(405, 10405, 'Method not allowed')
    // with which code is not known
    if (type === 'webhook' && isCreate && !server.hasWebhooks) return refusal(403, 10000, 'not allowed')
    if (type === 'healthcheck' && isCreate && (!server.hasHealthChecks || server.plan === 'free'))
      return refusal(400, 1002, 'health checks disabled for zone')
    let body: Item
    try {
      body = JSON.parse(json) as Item
    } catch {
      return refusal(400, 6007, 'Malformed JSON in request body')
    }
    const problem = problemsOf(`${type}${isCreate ? 'Create' : 'Update'}`, body)
    if (problem) {
      server.wrong.push(`${method} ${path}: ${problem}`)
      return refusal(400, 1004, problem)
    }
    const refused = refusedBy(type, body)
    if (refused) return refusal(400, 17001, refused)
    const isWhole = ['healthcheck', 'destination', 'site'].includes(type)
    if (existing) {
      const made = defaults[type as keyof typeof defaults](body)
      // the URL of a webhook stays what it was: terraform-provider-cloudflare#2266
      const kept = type === 'webhook' ? { url: existing.url } : {}
      const configuration = { ...(existing.configuration as object), ...(made as { configuration?: object }).configuration } // biome-ignore format: one line
      Object.assign(existing, made, kept, type === 'destination' ? { configuration } : {})
      return ok(isWhole ? existing : { id: one })
    }
    clock += 1_000
    const made: Item = {
      ...defaults[type as keyof typeof defaults](body),
      [idField]: type === 'destination' ? `${String(body.name).toLowerCase()}-slug` : id(),
      ...(createdField && { [createdField]: new Date(clock).toISOString() }),
    }
    items.push(made)
    late.set(idOf(made), server.lateBy)
    if (type === 'webhook') server.testMessages++
    return ok(isWhole ? made : { id: idOf(made) })
  }

  /** What the types do not say. */
  function refusedBy(type: string, body: Item): string | undefined {
    if (type === 'healthcheck' && !/^[\w-]+$/.test(String(body.name)))
      return 'name: only alphanumeric characters, hyphens and underscores are allowed'
    if (type === 'destination' && body.name && kinds.destinations.items.some(({ name }) => name === body.name))
      return 'a destination of this name exists'
    if (type !== 'policy') return undefined
    const { webhooks = [] } = body.mechanisms as { webhooks?: { id: string }[] }
    const { health_check_id = [] } = (body.filters ?? {}) as { health_check_id?: string[] }
    if (!webhooks.every(({ id }) => kinds.webhooks.items.some(one => one.id === id))) return 'no such webhook'
    if (!health_check_id.every(id => kinds.healthChecks.items.some(one => one.id === id))) return 'no such health check'
    return Object.values(body.mechanisms as object).flat().length === 0 ? 'a policy goes to somebody' : undefined
  }

  const listener = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const path = pathname.replace('/client/v4', '')
    const method = request.method ?? ''
    const body = await buffer(request)
    const isKnown = request.headers.authorization === `Bearer ${server.token}`
    const instead = server.answer(method, path)
    let answer = instead
    if (!isKnown) answer = refusal(400, 6003, 'Invalid request headers')
    else if (!instead || instead.isDone)
      try {
        const usual = isOfWorkers(path)
          ? await answerOfWorkers(server, { method, path, body, contentType: request.headers['content-type'] ?? '' })
          : carryOut(method, path, searchParams, body.toString())
        answer ??= usual
      } catch (error) {
        server.wrong.push(`${method} ${path}: ${(error as Error).stack}`)
        answer = refusal(500, 10013, 'the stand-in is broken')
      }
    const { status, headers = {}, body: answered } = answer!
    server.requests.push({ method, path, status, body: jsonOr(body.toString()), answer: answered })
    response.writeHead(status, {
      'content-type': typeof answered === 'string' ? 'text/html' : 'application/json',
      ...headers,
    })
    response.end(typeof answered === 'string' ? answered : JSON.stringify(answered))
  })
  const port = await listen(listener)

  const server: CloudflareServer = {
    base: `http://127.0.0.1:${port}/client/v4`,
    zoneId: id(),
    accountId: id(),
    token: `v1.${randomBytes(20).toString('hex')}`,
    lacking: new Set(),
    plan: 'pro',
    hasHealthChecks: true,
    hasWebhooks: true,
    availableAlerts: new Set(['health_check_status_notification', 'real_origin_monitoring', 'http_alert_origin_error']),
    healthChecks: kinds.healthChecks.items,
    webhooks: kinds.webhooks.items,
    policies: kinds.policies.items,
    sites: kinds.sites.items,
    destinations: kinds.destinations.items,
    scripts: [],
    subdomain: 'shop',
    uploads: [],
    history: [],
    nodes: {},
    requests: [],
    testMessages: 0,
    lateBy: 0,
    answer: () => undefined,
    wrong: [],
    close: () => {
      listener.close()
      listener.closeAllConnections()
    },
  }
  return server
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
