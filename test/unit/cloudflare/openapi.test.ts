// Every request that we send, and every answer of the stand-in, against Cloudflare's own OpenAPI.
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { cloudflare } from '../../../src/cli/cloudflare'
import { deployWorker } from '../../../src/cli/cloudflare/deploy-worker'
import { findCloudflareSchema } from '../../support/binaries.mjs'
import { CloudflareOpenApi, findCloudflareOpenApi } from '../../support/cloudflare-openapi'
import { type CloudflareServer, startCloudflare } from '../../support/cloudflare-server'

const openApi = findCloudflareOpenApi()
const schema = findCloudflareSchema()
const missing = [openApi, schema].flatMap(found => ('missing' in found ? [found.missing] : []))

/** OTLP destinations and the address of a Worker came later; the types of npm's client have them. */
const NEWER = /\/workers\/(?:observability\/|scripts\/[^/]+\/subdomain$)/
/** Webhooks of Discord as well. */
const DISCORD = /GET .*\/webhooks answer 200: data\/result\/\d+\/type must be equal to one of the allowed values$/

/** What of it we call: one that is missing here was not compared. */
const operations = [
  'DELETE /accounts/{account_id}/alerting/v3/destinations/webhooks/{webhook_id}',
  'DELETE /accounts/{account_id}/alerting/v3/policies/{policy_id}',
  'DELETE /accounts/{account_id}/rum/site_info/{site_id}',
  'DELETE /accounts/{account_id}/workers/scripts/{script_name}',
  'DELETE /zones/{zone_id}/healthchecks/{healthcheck_id}',
  'GET /accounts/{account_id}/alerting/v3/available_alerts',
  'GET /accounts/{account_id}/alerting/v3/destinations/eligible',
  'GET /accounts/{account_id}/alerting/v3/destinations/webhooks',
  'GET /accounts/{account_id}/alerting/v3/history',
  'GET /accounts/{account_id}/alerting/v3/policies',
  'GET /accounts/{account_id}/rum/site_info/list',
  'GET /accounts/{account_id}/workers/scripts',
  'GET /accounts/{account_id}/workers/scripts/{script_name}/schedules',
  'GET /accounts/{account_id}/workers/subdomain',
  'GET /zones/{zone_id}',
  'GET /zones/{zone_id}/healthchecks',
  'PATCH /zones/{zone_id}/healthchecks/{healthcheck_id}',
  'POST /accounts/{account_id}/alerting/v3/destinations/webhooks',
  'POST /accounts/{account_id}/alerting/v3/policies',
  'POST /accounts/{account_id}/rum/site_info',
  'POST /zones/{zone_id}/healthchecks',
  'PUT /accounts/{account_id}/alerting/v3/policies/{policy_id}',
  'PUT /accounts/{account_id}/rum/site_info/{site_id}',
  'PUT /accounts/{account_id}/workers/scripts/{script_name}',
  'PUT /accounts/{account_id}/workers/scripts/{script_name}/schedules',
]

describe.runIf(missing.length === 0)('the OpenAPI of Cloudflare', () => {
  let document: CloudflareOpenApi
  let server: CloudflareServer
  const seen = new Set<string>()
  beforeAll(() => {
    document = new CloudflareOpenApi('file' in openApi ? openApi.file : '')
  })
  beforeEach(async () => {
    server = await startCloudflare()
    for (const type of ['incident_alert', 'http_alert_edge_error']) server.availableAlerts.add(type)
    vi.stubEnv('CLOUDFLARE_API_TOKEN', server.token)
    vi.stubEnv('CLOUDFLARE_ZONE_ID', server.zoneId)
    vi.stubEnv('CLOUDFLARE_ACCOUNT_ID', server.accountId)
    vi.stubEnv('CLOUDFLARE_API_BASE_URL', server.base)
    vi.stubEnv('DISCORD_WEBHOOK_URL', 'https://discord.com/api/webhooks/123456789/Q7-secret-of-the-channel_x9')
    vi.stubEnv('OTEL_SERVICE_NAME', 'shop')
    for (const name of ['log', 'error'] as const) vi.spyOn(console, name).mockImplementation(() => {})
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    server.close()
    const problems = server.requests.flatMap(request => {
      const { operation, problems } = document.verdictOn(request)
      if (operation !== undefined) seen.add(operation)
      else expect(request.path).toMatch(NEWER)
      return problems.map(problem => `${operation} ${problem}`)
    })
    expect(problems.filter(problem => !DISCORD.test(problem))).toEqual([])
    expect(server.wrong).toEqual([])
  })

  const mail = ['--email', 'ops@shop.example']
  it('has every body and every answer of an apply, a change and a destroy', async () => {
    expect(await cloudflare(['check'])).toBe(0)
    expect(await cloudflare(['apply', ...mail, '--otlp-endpoint', 'https://otel.shop.example'])).toBe(0)
    vi.stubEnv('DISCORD_WEBHOOK_URL', 'https://discord.com/api/webhooks/123456789/another')
    Object.assign(server.sites[0]!, { auto_install: false })
    expect(await cloudflare(['apply', ...mail, '--url', 'https://shop.example/health'])).toBe(0)
    expect(await cloudflare(['alerts'])).toBe(0)
    expect(await cloudflare(['destroy'])).toBe(0)
  })
  it('has those of a Worker', async () => {
    const deploy = (...args: string[]) => deployWorker(args, () => 'export default {}')
    expect(await deploy()).toBe(0)
    expect(await deploy('--language', 'ja')).toBe(0)
    expect(server.uploads).toHaveLength(2)
    const form = ['components', 'requestBodies', 'workers_script_upload', 'content', 'multipart/form-data', 'schema']
    for (const { metadata } of server.uploads)
      expect(document.problemOf(metadata, [...form, 'anyOf', '0', 'properties', 'metadata'])).toBeUndefined()
    expect(await cloudflare(['destroy'])).toBe(0)
  })

  it('refuses what is no policy, no health check and no webhook', () => {
    const wrong: [string, string, object][] = [
      ['POST', `/zones/${server.zoneId}/healthchecks`, { name: 'a', interval: 'often' }],
      ['POST', `/accounts/${server.accountId}/alerting/v3/policies`, { name: 'a', enabled: true, alert_type: 'nonsense', mechanisms: {} }], // biome-ignore format: one line
      ['POST', `/accounts/${server.accountId}/alerting/v3/destinations/webhooks`, { name: 'a' }],
    ]
    for (const [method, path, body] of wrong)
      expect(document.verdictOn({ method, path, status: 200, body, answer: {} }).problems.join(), path).toContain(
        'request',
      )
  })

  it('was compared with every operation that we call, in the tests before this one', () => {
    expect([...seen].toSorted()).toEqual(operations)
  })
})

for (const sentence of missing) console.log(`skipped: the OpenAPI of Cloudflare: ${sentence}`)
