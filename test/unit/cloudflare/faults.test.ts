// What Cloudflare answers when it is busy, broken or late, at each request of an apply in turn. The stand-in has the types of Cloudflare's own client.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/operations/cloudflare/api-error'
import { Client } from '../../../src/operations/cloudflare/client'
import { groupsOf } from '../../../src/operations/cloudflare/desired-state'
import { apply, group, isChange, plan } from '../../../src/operations/cloudflare/plan'
import { scopeOf, scopeText } from '../../../src/operations/cloudflare/scopes'
import { scriptName, scripts } from '../../../src/operations/cloudflare/script'
import { findCloudflareSchema } from '../../support/binaries.mjs'
import { badGateway, type CloudflareServer, rateLimited, startCloudflare } from '../../support/cloudflare-server'
import type { CloudflareAnswer } from '../../support/cloudflare-types'
import { isLong } from '../../support/long'

const types = findCloudflareSchema()

describe.runIf('file' in types)('an apply', () => {
  let server: CloudflareServer
  let waited: number
  const fresh = async () => {
    server?.close()
    server = await startCloudflare()
    for (const type of ['incident_alert', 'http_alert_edge_error']) server.availableAlerts.add(type)
    waited = 0
  }
  beforeEach(fresh)
  afterEach(() => {
    server.close()
    expect(server.wrong).toEqual([])
  })

  /** Its clock stands still but while it waits. */
  const patience = {
    now: () => 1_800_000_000_000 + waited,
    wait: async (ms: number) => {
      waited += ms
    },
  }
  const groups = async () => {
    const client = new Client({ token: server.token, base: server.base, ...patience })
    const worker = { name: scriptName('shop'), module: 'export default {}', objects: { MONITOR: 'MonitorObject' }, texts: { SERVICE: 'shop' }, secrets: { PROBES: '[]' }, schedules: ['* * * * *'] } // biome-ignore format: one line
    return [
      group(scripts(client, server, 'shop'), [worker]),
      ...(await groupsOf(client, server, { name: 'shop.example', plan: 'pro' }, 'shop', {
        service: 'shop',
        healthChecks: [{ name: 'ready', url: 'https://shop.example/health/ready' }],
        webAnalytics: true,
        pages: [],
        discordWebhookUrl: 'https://discord.com/api/webhooks/123456789/x',
        emails: [],
        otlp: { endpoint: 'https://otel.shop.example', headers: {} },
      })),
    ]
  }
  const applied = async () => await apply(await groups(), patience)
  const counts = () => [server.scripts, server.sites, server.destinations, server.webhooks, server.healthChecks, server.policies].map(({ length }) => length) // biome-ignore format: one line
  const whole = [1, 1, 2, 1, 1, 5]

  /** Strikes once, at the nth request. */
  const striking = (nth: number, fault: CloudflareAnswer) => {
    let count = 0
    server.answer = () => (++count === nth ? fault : undefined)
  }
  const faults: [string, CloudflareAnswer][] = [
    ['429 with retry-after', rateLimited(7)],
    ['500 before anything is done', { ...badGateway, status: 500 }],
    ['500 after all is done', { ...badGateway, status: 500, isDone: true }],
    ['a page in place of JSON, after all is done', { status: 200, body: '<html>', isDone: true }],
  ]
  it.each(faults)(
    'has all, and nothing twice, where any one request is answered with %s',
    { timeout: 180_000 },
    async (_, fault) => {
      expect((await applied()).remaining).toEqual([])
      expect(counts()).toEqual(whole)
      const methods = server.requests.map(({ method }) => method)
      // between two changes the reads are the same ones again
      const reads = isLong('cloudflare') ? 12 : 2
      const places = methods.flatMap((method, index) => (method !== 'GET' || index < reads ? [index + 1] : []))
      expect(places.length).toBeGreaterThan(10)
      for (const nth of places) {
        await fresh()
        striking(nth, fault)
        expect((await applied()).remaining, `request ${nth}`).toEqual([])
        expect(counts(), `request ${nth}`).toEqual(whole)
        expect(server.testMessages, `request ${nth}`).toBe(1)
        if (fault.status === 429) expect(waited, `request ${nth}`).toBe(7_000)
        server.answer = () => undefined
        expect((await plan(await groups(), patience)).filter(isChange), `request ${nth}`).toEqual([])
      }
    },
  )

  it('that is refused in the middle for a permission names it, and the next one goes on there', {
    timeout: 180_000,
  }, async () => {
    expect((await applied()).remaining).toEqual([])
    const changes = server.requests.flatMap(({ method, path }, index) => (method === 'GET' ? [] : [{ nth: index + 1, path }])) // biome-ignore format: one line
    const refused = { status: 403, body: { success: false, errors: [{ code: 10000, message: 'Authentication error' }], messages: [], result: null } } // biome-ignore format: one line
    const named = new Set<string>()
    for (const { nth } of changes) {
      await fresh()
      striking(nth, refused)
      const error = (await applied().catch((error: unknown) => error)) as ApiError
      expect(error).toBeInstanceOf(ApiError)
      named.add(scopeText(scopeOf(error)!))
      expect((await applied()).remaining, `request ${nth}`).toEqual([])
      expect(counts(), `request ${nth}`).toEqual(whole)
    }
    expect([...named].toSorted()).toEqual([
      'Account > Account Settings > Edit',
      'Account > Notifications > Edit',
      'Account > Workers Observability > Edit',
      'Account > Workers Scripts > Edit',
      'Zone > Health Checks > Edit',
    ])
  })

  it.each([1, 2, 5])('makes one of each where a list shows only at its read %i what was made', async lateBy => {
    server.lateBy = lateBy
    expect((await applied()).remaining).toEqual([])
    expect(counts()).toEqual(whole)
    expect((await applied()).done).toEqual([])
  })

  it('of 200 zones, one after the other, keeps within 1,200 requests in 5 minutes', async () => {
    const times: number[] = []
    const client = new Client({
      token: server.token,
      ...patience,
      fetch: async () => {
        times.push(patience.now())
        return Response.json({ success: true, errors: [], messages: [], result: [], result_info: { total_pages: 1 } })
      },
    })
    for (let n = 0; n < 200; n++) {
      const place = { accountId: server.accountId, zoneId: n.toString(16).padStart(32, '0') }
      const zone = { name: 'shop.example', plan: 'pro' }
      await plan(await groupsOf(client, place, zone, 'shop', { service: 'shop', healthChecks: [{ name: 'ready', url: 'https://shop.example/' }], webAnalytics: true, pages: [], emails: ['a@shop.example'] }), patience) // biome-ignore format: one line
    }
    expect(times.length).toBeGreaterThan(1_100)
    const sorted = times.toSorted((a, b) => a - b)
    const most = Math.max(...sorted.map((at, first) => sorted.findLastIndex(other => other < at + 300_000) - first + 1))
    expect(most).toBeLessThanOrEqual(1_000)
  })
})

if ('missing' in types) console.log(`skipped: faults of Cloudflare: ${types.missing}`)
