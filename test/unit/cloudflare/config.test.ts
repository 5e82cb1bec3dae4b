// The section cloudflare_config of monitoring-config.json: each broken file is refused where it is broken. Oracle of the regions: the types
// of npm's `cloudflare`.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCloudflareConfig } from '../../../src/operations/cloudflare/config'
import schema from '../../../src/shared/config/monitoring-config.schema.json'
import { findCloudflareSchema } from '../../support/binaries.mjs'

const types = findCloudflareSchema()

describe('cloudflare_config', () => {
  it('is what it says, with comments, and nothing where there is no such section', () => {
    const text = `{
      // of the shop
      "budget_config": "broken, and none of ours",
      "cloudflare_config": {"service": "shop", "worker": {"probes": [{"name": "ready", "url": "https://shop.example/health/ready?key=1"}], "language": "ja"}}
    }`
    expect(readCloudflareConfig(text)).toEqual({
      mistakes: [],
      config: { service: 'shop', worker: { probes: [{ name: 'ready', url: 'https://shop.example/health/ready?key=1' }], language: 'ja' } }, // biome-ignore format: one line
    })
    expect(readCloudflareConfig('{}')).toEqual({ mistakes: [], config: undefined })
  })

  it.each([
    ['"service": "my shop"', '1:35', /up to 40 letters/],
    ['"servcie": "shop"', '1:24', /servcie.*service/],
    ['"api_token": "t"', '1:37', /CLOUDFLARE_API_TOKEN/],
    ['"discord_webhook_url": "https://discord.com/api/webhooks/1/Q7-secret"', '1:47', /DISCORD_WEBHOOK_URL/],
    ['"emails": ["nobody"]', '1:35', /e-mail address/],
    ['"emails": ["a@b.example", "a@b.example"]', '1:50', /stands twice/],
    ['"otlp_endpoint": "otel.shop.example"', '1:41', /http or https URL/],
    ['"health_checks": [{"name": "ready"}]', '1:42', /url/],
    ['"health_checks": [{"name": "a", "url": "ftp://Q7-secret"}]', '1:63', /http or https URL/],
    ['"health_checks": [{"name": "a", "url": "https://a.example", "interval": 5}]', '1:96', /10/],
    ['"health_checks": [{"name": "a", "url": "https://a.example", "regions": ["EU"]}]', '1:96', /WEU/],
    ['"health_checks": [{"name": "a", "url": "https://a.example"}, {"name": "a", "url": "https://b.example"}]', '1:94', /stands twice/], // biome-ignore format: one line
    ['"worker": {"probes": []}', '1:45', /./],
    ['"worker": {"language": "de"}', '1:47', /en or ja|en, ja/],
    ['"worker": {"heartbeat_max_age": "15m"}', '1:56', /./],
    ['"pages": "shop-web"', '1:33', /list/],
  ])('%s is refused at %s', (inside, place, sentence) => {
    const { mistakes, config } = readCloudflareConfig(`{"cloudflare_config": {${inside}}}`)
    expect(config).toBeUndefined()
    expect(mistakes.map(({ line, column }) => `${line}:${column}`)).toEqual([place])
    expect(mistakes[0]!.message).toMatch(sentence)
    expect(mistakes[0]!.message).not.toContain('Q7-secret')
  })

  it.runIf('file' in types)('knows the regions that Cloudflare has, and no others', () => {
    if (!('file' in types)) return
    const { definitions } = JSON.parse(readFileSync(types.file, 'utf8'))
    expect(schema.$defs.cloudflare_health_check.properties.regions.items.enum.toSorted()).toEqual(
      definitions.CheckRegion.enum.toSorted(),
    )
  })
})

if ('missing' in types) console.log(`skipped: the regions of Cloudflare: ${types.missing}`)
