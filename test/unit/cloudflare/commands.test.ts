// `afn-otel cloudflare …` as people call it, against the stand-in that has Cloudflare's own types.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cloudflare } from '../../../src/cli/cloudflare'
import { deployWorker } from '../../../src/cli/cloudflare/deploy-worker'
import { readCredentials, settingIn } from '../../../src/operations/cloudflare/credentials'
import { findCloudflareSchema } from '../../support/binaries.mjs'
import { type CloudflareServer, startCloudflare } from '../../support/cloudflare-server'

const ID = '023e105f4ecef8ad9ca31a8372d0c353'
const OTHER = '01a7362d577a6c3019a474fd6f485823'
const TOKEN = 'Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY'
const all = { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_ZONE_ID: ID, CLOUDFLARE_ACCOUNT_ID: OTHER }

describe('the credentials', () => {
  it('come from the environment, and from .env where it says nothing', () => {
    const dotEnv = `\uFEFF# of us\nexport CLOUDFLARE_API_TOKEN="${TOKEN}" # secret\r\nCLOUDFLARE_ZONE_ID='${ID.toUpperCase()}'\nCLOUDFLARE_ACCOUNT_ID=${OTHER} # ours\nnonsense\n`
    expect(readCredentials(settingIn({}, dotEnv))).toEqual({ token: TOKEN, zoneId: ID, accountId: OTHER })
    expect(readCredentials(settingIn({ CLOUDFLARE_ZONE_ID: 'f'.repeat(32), CLOUDFLARE_ACCOUNT_ID: '' }, dotEnv))).toEqual({ token: TOKEN, zoneId: 'f'.repeat(32), accountId: OTHER }) // biome-ignore format: one line
  })

  it.each([
    [{}, ['CLOUDFLARE_API_TOKEN is not set', 'CLOUDFLARE_ZONE_ID is not set', 'CLOUDFLARE_ACCOUNT_ID is not set']],
    [{ ...all, CLOUDFLARE_ZONE_ID: '023e105f-4ece-f8ad-9ca3-1a8372d0c353' }, ['without dashes']],
    [{ ...all, CLOUDFLARE_ZONE_ID: 'shop.example' }, ['CLOUDFLARE_ZONE_ID is a name (shop.example)']],
    [{ ...all, CLOUDFLARE_ACCOUNT_ID: ID }, ['are the same']],
    [{ ...all, CLOUDFLARE_API_TOKEN: 'c2547eb745079dac9320b638f5e225cf483cc' }, ['is a Global API Key']],
    [{ ...all, CLOUDFLARE_API_TOKEN: ID }, ['has the form of the id']],
    [{ ...all, CLOUDFLARE_API_TOKEN: `Bearer ${TOKEN}` }, ['the token there and nothing else']],
  ])('%o are refused with what is wrong, and without the token', (environment, sentences) => {
    let message = ''
    try {
      readCredentials(settingIn(environment as Record<string, string>, ''))
    } catch (error) {
      message = (error as Error).message
    }
    for (const sentence of sentences) expect(message).toContain(sentence)
    expect(message.split('\n')).toHaveLength(sentences.length)
    if ('CLOUDFLARE_API_TOKEN' in environment) expect(message).not.toContain(environment.CLOUDFLARE_API_TOKEN)
  })
})

const schema = findCloudflareSchema()

describe.runIf('file' in schema)('afn-otel cloudflare', () => {
  const SECRET = 'Q7-secret-of-the-channel_x9'
  let server: CloudflareServer
  let output: string[]
  beforeEach(async () => {
    server = await startCloudflare()
    for (const permission of ['incident_alert', 'http_alert_edge_error']) server.availableAlerts.add(permission)
    vi.stubEnv('CLOUDFLARE_API_TOKEN', server.token)
    vi.stubEnv('CLOUDFLARE_ZONE_ID', server.zoneId)
    vi.stubEnv('CLOUDFLARE_ACCOUNT_ID', server.accountId)
    vi.stubEnv('CLOUDFLARE_API_BASE_URL', server.base)
    vi.stubEnv('DISCORD_WEBHOOK_URL', `https://discord.com/api/webhooks/123456789/${SECRET}`)
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20secret-of-otlp')
    vi.stubEnv('OTEL_SERVICE_NAME', '')
    output = []
    for (const name of ['log', 'error'] as const)
      vi.spyOn(console, name).mockImplementation((...args) => void output.push(args.join(' ')))
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    server.close()
    expect(server.wrong).toEqual([])
    for (const secret of [SECRET, server.token, 'secret-of-otlp']) expect(output.join('\n')).not.toContain(secret)
  })
  const called = async (...args: string[]) => {
    output.length = 0
    const code = await cloudflare(args)
    return { code, text: output.join('\n') }
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-cloudflare-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const file = (section: object, text = JSON.stringify({ cloudflare_config: section })) => {
    const place = path.join(folder, 'monitoring-config.json')
    writeFileSync(place, text)
    return place
  }
  const changes = () => server.requests.filter(({ method, status }) => method !== 'GET' && status === 200)
  const otlp = ['--otlp-endpoint', 'https://otel.shop.example']

  it('plans, applies, has nothing to do then, and destroys what it has made', async () => {
    const planned = await called('plan', ...otlp)
    expect(planned).toMatchObject({ code: 0, text: expect.stringContaining('Plan: 10 to create, 0 to change, 0 to delete.') }) // biome-ignore format: one line
    expect(changes()).toEqual([])
    expect(await called('plan', '--detailed-exitcode')).toMatchObject({ code: 3 })
    expect(await called('apply', ...otlp)).toMatchObject({ code: 0, text: expect.stringMatching(/Done\.$/) })
    expect(server.destinations.map(({ name }) => name)).toEqual(['afn-otel-shop-example-traces', 'afn-otel-shop-example-logs']) // biome-ignore format: one line
    const count = changes().length
    expect(await called('setup', ...otlp)).toMatchObject({ code: 0, text: expect.stringMatching(/^No changes\./) })
    expect(await called('plan', '--detailed-exitcode', ...otlp)).toMatchObject({ code: 0 })
    expect(changes()).toHaveLength(count)
    expect(await called('destroy')).toMatchObject({ code: 0 })
    expect([server.webhooks, server.healthChecks, server.policies, server.destinations, server.sites].map(({ length }) => length)).toEqual([0, 0, 0, 0, 1]) // biome-ignore format: one line
  })

  it('makes what the file wants, of several checks and a project of Pages', async () => {
    const PROJECT = 'f'.repeat(32)
    server.answer = (_, path) =>
      path.endsWith('/pages/projects/shop-web')
        ? { status: 200, body: { success: true, errors: [], messages: [], result: { id: PROJECT, name: 'shop-web' } } }
        : undefined
    server.availableAlerts.add('pages_event_alert')
    const place = file({ service: 'shop', web_analytics: false, pages: ['shop-web'], emails: ['ops@shop.example'], health_checks: [{ name: 'ready', url: 'https://shop.example/health/ready', regions: ['WEU'] }, { name: 'api', url: 'https://api.shop.example:8443/live' }] }) // biome-ignore format: one line
    expect(await called('apply', '--config', place)).toMatchObject({ code: 0, text: expect.stringMatching(/Done\.$/) })
    expect(server.healthChecks.map(({ name, check_regions }) => [name, check_regions])).toEqual([['afn-otel-shop-ready', ['WEU']], ['afn-otel-shop-api', null]]) // biome-ignore format: one line
    const filtersOf = (type: string) => server.policies.find(({ alert_type }) => alert_type === type)?.filters as Record<string, string[]> // biome-ignore format: one line
    expect(filtersOf('health_check_status_notification').health_check_id).toEqual(server.healthChecks.map(({ id }) => id)) // biome-ignore format: one line
    expect(filtersOf('pages_event_alert')).toEqual({ project_id: [PROJECT], environment: ['ENVIRONMENT_PRODUCTION'], event: ['EVENT_DEPLOYMENT_FAILED'] }) // biome-ignore format: one line
    expect(server.sites).toEqual([])
    expect(await called('plan', '--config', place)).toMatchObject({ text: expect.stringMatching(/^No changes\./) })
    // what is in the file no more goes
    expect(await called('apply', '--config', file({ service: 'shop', web_analytics: false, emails: ['ops@shop.example'], health_checks: [] }))).toMatchObject({ code: 0 }) // biome-ignore format: one line
    expect(server.healthChecks).toEqual([])
    expect(filtersOf('pages_event_alert')).toBeUndefined()
    server.answer = (_, path) => (path.includes('/pages/') ? { status: 404, body: { success: false, errors: [{ code: 8000007, message: 'Project not found.' }], messages: [], result: null } } : undefined) // biome-ignore format: one line
    expect(await called('plan', '--config', file({ pages: ['shop-web'] }))).toMatchObject({ code: 1, text: expect.stringContaining('no Pages project "shop-web"') }) // biome-ignore format: one line
  })

  it('names each mistake of the file with its place before it asks Cloudflare anything', async () => {
    const place = file({}, '{\n  "cloudflare_config": {\n    "service": "my shop",\n    "api_token": "Q7",\n    "pages": ["a", "a"]\n  }\n}\n') // biome-ignore format: one line
    for (const command of ['plan', 'apply', 'destroy', 'deploy-worker']) {
      const { code, text } = await called(command, '--config', place)
      expect(code).toBe(1)
      expect(text.replaceAll(place, 'FILE').split('\n').map(line => /^\S*?:(\d+:\d+) /.exec(line)?.[1])).toEqual(['3:16', '4:18', '5:20']) // biome-ignore format: one line
    }
    expect(server.requests).toEqual([])
  })

  it('names each permission that is missing before it changes anything', async () => {
    for (const one of ['Notifications Edit', 'Health Checks Edit', 'Workers Scripts Edit']) server.lacking.add(one)
    expect(await called('check')).toEqual({
      code: 1,
      text: 'zone shop.example, plan pro\nthe token lacks Zone > Health Checks > Edit\nthe token lacks Account > Notifications > Edit\nthe token lacks Account > Workers Scripts > Edit',
    })
    const { code, text } = await called('apply')
    expect(code).toBe(1)
    // the Worker is no part of this plan
    expect(text).toContain('nothing was changed; missing permissions of the token: Zone > Health Checks > Edit, Account > Notifications > Edit') // biome-ignore format: one line
    expect(changes()).toEqual([])
    expect(await called('check', '--read-only')).toMatchObject({ code: 0 })
    expect((await called('plan')).code).toBe(0)
  })

  it('leaves out webhooks of an account that pays for nothing, and notifies by mail, if by that', async () => {
    server.hasWebhooks = false
    const alone = await called('apply')
    expect(alone).toMatchObject({ code: 0, text: expect.stringMatching(/! webhook .* is left out: accounts that pay Cloudflare for nothing/) }) // biome-ignore format: one line
    expect([server.webhooks.length, server.policies.length]).toEqual([0, 0])
    expect((await called('apply', '--email', 'ops@shop.example')).code).toBe(0)
    expect(server.policies.map(({ mechanisms }) => mechanisms)).toEqual(Array.from(server.policies, () => ({ email: [{ id: 'ops@shop.example' }], pagerduty: [], webhooks: [] }))) // biome-ignore format: one line
    expect(server.policies.length).toBeGreaterThan(3)
    expect(await called('plan', '--detailed-exitcode', '--email', 'ops@shop.example')).toMatchObject({ code: 0 })
  })

  it('shows what Cloudflare has notified of, and to whom not', async () => {
    expect(await called('alerts')).toMatchObject({ code: 0, text: 'Cloudflare sent no notifications in the last 7d' })
    const sent = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
    const entry = { name: 'afn-otel shop health', alert_type: 'health_check_status_notification', description: 'unhealthy', mechanism_type: 'webhook', mechanism: `https://discord.com/api/webhooks/1/${SECRET}`, alert_body: SECRET } // biome-ignore format: one line
    server.history.push({ id: '1', sent: sent(30), ...entry }, { id: '2', sent: sent(2), ...entry }, { id: '3', sent: sent(400), ...entry }) // biome-ignore format: one line
    const { text } = await called('alerts', '--json')
    expect((JSON.parse(text) as { sent: string }[]).map(({ sent }) => sent)).toEqual([server.history[1]!.sent, server.history[0]!.sent]) // biome-ignore format: one line
    expect((await called('alerts')).text).toMatch(/health_check_status_notification +afn-otel shop health +webhook +unhealthy/) // biome-ignore format: one line
  })

  it('shows what the edge has seen, with what is estimated and what is missing', async () => {
    server.nodes.httpRequestsAdaptiveGroups = {
      enabled: true,
      maxPageSize: 100,
      maxDuration: 86_400,
      fields: ['sum_visits', 'avg_sampleInterval', 'dimensions_edgeResponseStatus'],
      rows: () => [{ count: 40, sum: { visits: 2 }, avg: { sampleInterval: 10 }, dimensions: { edgeResponseStatus: 200 } }], // biome-ignore format: one line
    }
    const { code, text } = await called('metrics', '--since', '3m')
    expect(code).toBe(0)
    expect(text).toMatch(/requests +status_code=200 +120 {2}request/)
    expect(text).toContain('httpRequestsAdaptiveGroups is an estimate, with a sample rate as low as one in 10')
    expect(text).toContain('missing: workersInvocationsAdaptive: unknown field')
    expect(text).toContain('later minutes are incomplete')
  })

  describe('deploy-worker', () => {
    const deployed = async (...args: string[]) => {
      output.length = 0
      return { code: await deployWorker(args, () => 'export default {}'), text: output.join('\n') }
    }
    const probeUrl = 'https://shop.example/health/ready?token=secret-of-otlp'

    it('uploads once, changes what is another, keeps secrets that are not named, and destroy deletes it', async () => {
      vi.stubEnv('HEARTBEAT_SECRET', SECRET)
      expect(await deployed('--probe', `shop=${probeUrl}`, '--otlp-endpoint', 'https://otel.shop.example')).toMatchObject({ code: 0, text: expect.stringMatching(/Done\.\nAlertmanager posts the Watchdog to https:\/\/afn-otel-shop-example-monitor\.shop\.workers\.dev\/heartbeat\/HEARTBEAT_SECRET$/) }) // biome-ignore format: one line
      const [script] = server.scripts
      const binding = (name: string) => script!.bindings.find(one => one.name === name)
      expect(binding('PROBES')).toMatchObject({ type: 'secret_text', text: JSON.stringify([{ name: 'shop', url: probeUrl }]) }) // biome-ignore format: one line
      const count = changes().length
      expect(await deployed('--probe', `shop=${probeUrl}`, '--otlp-endpoint', 'https://otel.shop.example')).toMatchObject({ text: expect.stringContaining('No changes') }) // biome-ignore format: one line
      expect(changes()).toHaveLength(count)
      vi.stubEnv('HEARTBEAT_SECRET', '')
      expect((await deployed('--language', 'ja')).text).toContain('1 to change')
      expect([binding('LANGUAGE')?.text, binding('HEARTBEAT_SECRET')?.text]).toEqual(['ja', SECRET])
      // apply is about other things
      await called('apply')
      expect(server.scripts).toHaveLength(1)
      await called('destroy')
      expect(server.scripts).toEqual([])
    })

    it('says before any change that the account has no subdomain of workers.dev', async () => {
      server.subdomain = undefined
      expect(await deployed()).toMatchObject({ code: 1, text: expect.stringContaining('has no subdomain of workers.dev yet') }) // biome-ignore format: one line
      expect(changes()).toEqual([])
    })

    it.each([['shop'], ['shop=nonsense-secret-of-otlp'], ['my shop=https://a.example']])(
      'refuses the probe %s',
      async probe => {
        expect((await deployed('--probe', probe)).code).toBe(1)
      },
    )
  })

  it('says which permission to read is missing', async () => {
    server.lacking.add('Notifications Read')
    expect(await called('plan')).toMatchObject({ code: 1, text: expect.stringContaining('the token lacks the permission Account > Notifications > Read') }) // biome-ignore format: one line
  })

  it('says that the ids are swapped, of another account, or of nothing', async () => {
    vi.stubEnv('CLOUDFLARE_ZONE_ID', server.accountId)
    vi.stubEnv('CLOUDFLARE_ACCOUNT_ID', server.zoneId)
    expect(await called('plan')).toMatchObject({ code: 1, text: expect.stringContaining('are swapped') })
    vi.stubEnv('CLOUDFLARE_ZONE_ID', server.zoneId)
    vi.stubEnv('CLOUDFLARE_ACCOUNT_ID', OTHER)
    expect(await called('plan')).toMatchObject({ code: 1, text: expect.stringContaining(`the zone shop.example is of the account ${server.accountId}`) }) // biome-ignore format: one line
    vi.stubEnv('CLOUDFLARE_ZONE_ID', ID)
    expect(await called('apply')).toMatchObject({ code: 1, text: expect.stringContaining('sees no zone') })
  })

  it.each(['plan', 'apply'])('%s leaves out on the Free plan what it does not have, and ends well', async command => {
    server.plan = 'free'
    server.availableAlerts.clear()
    const { code, text } = await called(command)
    expect(code).toBe(0)
    expect(text).toContain('! health check afn-otel-shop-example-ready is left out: the Free plan')
    expect(text.match(/is left out/g)).toHaveLength(6)
  })

  it.each([
    ['--url', 'shop/health'],
    ['--service', 'my shop'],
  ])('refuses %s %s with a sentence', async (option, value) => {
    expect(await called('plan', option, value)).toMatchObject({ code: 1, text: expect.stringMatching(/is not an http|invalid service name/) }) // biome-ignore format: one line
  })

  it('shows of a webhook that is no URL nothing but its name', async () => {
    vi.stubEnv('DISCORD_WEBHOOK_URL', SECRET)
    expect(await called('apply')).toMatchObject({
      code: 1,
      text: expect.stringContaining('DISCORD_WEBHOOK_URL is not an http'),
    })
  })
})

if ('missing' in schema) console.log(`skipped: afn-otel cloudflare: ${schema.missing}`)
