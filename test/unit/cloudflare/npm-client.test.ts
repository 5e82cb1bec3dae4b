// Cloudflare's own client (npm cloudflare) and ours on one account: it lists what we have made, and what it has made is used or changed as of anybody else.
// Its upload of scripts is no oracle: it sends `metadata[main_module]` as a field with the type of JavaScript. That is wrangler's part.
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Client } from '../../../src/operations/cloudflare/client'
import { groupsOf, type Setup } from '../../../src/operations/cloudflare/desired-state'
import { apply, group, isChange, plan } from '../../../src/operations/cloudflare/plan'
import { markOf } from '../../../src/operations/cloudflare/resource'
import { scriptName, scripts, type WantedScript } from '../../../src/operations/cloudflare/script'
import { findCloudflareClient, findCloudflareSchema } from '../../support/binaries.mjs'
import { type CloudflareServer, startCloudflare } from '../../support/cloudflare-server'

type Item = Record<string, unknown>
type List = (params: object) => AsyncIterable<Item>
type Call = (params: object) => Promise<Item>

/** What of the class is used. */
interface Npm {
  zones: { get: Call }
  healthchecks: { list: List; create: Call }
  alerting: {
    availableAlerts: { list: Call }
    policies: { list: List; create: Call }
    destinations: { webhooks: { list: List; create: Call } }
  }
  rum: { siteInfo: { list: List; create: Call } }
  workers: {
    observability: { destinations: { list: List; create: Call } }
    scripts: {
      list: List
      schedules: { get: (name: string, params: object) => Promise<Item> }
      subdomain: { get: (name: string, params: object) => Promise<Item> }
      delete: (name: string, params: object) => Promise<unknown>
    }
  }
}

const found = findCloudflareClient()
const schema = findCloudflareSchema()
const missing = [found, schema].flatMap(one => ('missing' in one ? [one.missing] : []))

const setup: Setup = {
  service: 'shop',
  healthChecks: [{ name: 'ready', url: 'https://shop.example/health/ready' }],
  webAnalytics: true,
  pages: [],
  discordWebhookUrl: 'https://discord.com/api/webhooks/123456789/Q7-secret-of-the-channel_x9',
  emails: ['ops@shop.example'],
  otlp: { endpoint: 'https://otel.shop.example', headers: { authorization: 'Bearer x' } },
}
const worker: WantedScript = {
  name: scriptName('shop'),
  module: 'export default {}',
  objects: { MONITOR: 'MonitorObject' },
  texts: { SERVICE: 'shop' },
  secrets: { PROBES: '[]' },
  schedules: ['* * * * *'],
}

describe.runIf(missing.length === 0)('the client of npm', () => {
  let server: CloudflareServer
  let npm: Npm
  beforeEach(async () => {
    server = await startCloudflare()
    for (const type of ['incident_alert', 'http_alert_edge_error']) server.availableAlerts.add(type)
    const module: { default: new (options: object) => Npm } = await import(
      pathToFileURL('file' in found ? found.file : '').href
    )
    npm = new module.default({ apiToken: server.token, baseURL: server.base, maxRetries: 0 })
  })
  afterEach(() => {
    server.close()
    expect(server.wrong).toEqual([])
  })

  const patience = { now: Date.now, wait: async () => {} }
  const groups = async (wanted: Setup | 'nothing' = setup) => {
    const client = new Client({ token: server.token, base: server.base })
    const zone = { name: 'shop.example', plan: 'pro' }
    return [
      group(scripts(client, server, 'shop'), wanted === 'nothing' ? [] : [worker]),
      ...(await groupsOf(client, server, zone, 'shop', wanted === 'nothing' ? undefined : wanted)),
    ]
  }
  const applied = async (wanted?: Setup | 'nothing') => apply(await groups(wanted), patience)
  const planned = async () => await plan(await groups(), patience)
  const all = async (list: AsyncIterable<Item>, field = 'name') => {
    const names: unknown[] = []
    for await (const one of list) names.push(one[field])
    return names
  }
  const account = () => ({ account_id: server.accountId })
  const zone = () => ({ zone_id: server.zoneId })

  it('lists each resource that an apply has made, once, as the plan names it', async () => {
    const { done, remaining } = await applied()
    expect(remaining).toEqual([])
    const names = (kind: string) => done.filter(step => step.kind === kind).map(({ name }) => name)
    expect(await npm.zones.get(zone())).toMatchObject({ id: server.zoneId, name: 'shop.example' })
    expect(await all(npm.healthchecks.list(zone()))).toEqual(names('health check'))
    expect(await all(npm.alerting.destinations.webhooks.list(account()))).toEqual(names('webhook'))
    expect(await all(npm.alerting.policies.list(account()))).toEqual(names('notification policy'))
    expect(names('notification policy')).toHaveLength(5)
    expect(await all(npm.workers.observability.destinations.list(account()))).toEqual(names('OTLP destination'))
    expect(await all(npm.rum.siteInfo.list(account()), 'auto_install')).toEqual([true])
    expect(await all(npm.workers.scripts.list(account()), 'id')).toEqual(names('Worker'))
    expect(await npm.workers.scripts.schedules.get(worker.name, account())).toEqual({ schedules: [{ cron: '* * * * *' }] }) // biome-ignore format: one line
    expect(await npm.workers.scripts.subdomain.get(worker.name, account())).toMatchObject({ enabled: true })
  })

  it('has made a health check, a site and a policy that are used as they are, and never deleted', async () => {
    await npm.healthchecks.create({ ...zone(), name: 'by-npm', address: 'shop.example', type: 'HTTPS', http_config: { path: '/health/ready', port: 443 } }) // biome-ignore format: one line
    await npm.rum.siteInfo.create({ ...account(), auto_install: true, zone_tag: server.zoneId })
    const mechanisms = { email: [{ id: 'ops@shop.example' }] }
    await npm.alerting.policies.create({ ...account(), name: 'by npm', alert_type: 'real_origin_monitoring', enabled: true, filters: {}, mechanisms }) // biome-ignore format: one line
    const { discordWebhookUrl: _, otlp: __, ...onlyMail } = setup
    const { done } = await applied(onlyMail)
    expect(done.map(({ kind }) => kind)).not.toContain('health check')
    expect(done.map(({ name }) => name)).not.toContain('afn-otel shop origin unreachable')
    await applied('nothing')
    expect(await all(npm.healthchecks.list(zone()))).toEqual(['by-npm'])
    expect(await all(npm.alerting.policies.list(account()))).toEqual(['by npm'])
    expect(server.sites).toHaveLength(1)
  })

  it('has deleted what is made again, and nothing else is', async () => {
    await applied()
    await npm.workers.scripts.delete(worker.name, account())
    expect((await planned()).filter(isChange).map(({ action, kind }) => `${action} ${kind}`)).toEqual(['create Worker'])
    await applied()
    expect((await planned()).filter(isChange)).toEqual([])
  })

  it('has made what bears our name and our mark: it is changed where it differs, and there is no second one', async () => {
    await npm.healthchecks.create({ ...zone(), name: 'afn-otel-shop-ready', description: markOf('shop'), address: 'old.example', type: 'HTTP' }) // biome-ignore format: one line
    await applied()
    expect(server.healthChecks).toHaveLength(1)
    expect(server.healthChecks[0]).toMatchObject({ address: 'shop.example', type: 'HTTPS' })
  })
})

for (const sentence of missing) console.log(`skipped: the client of npm: ${sentence}`)
