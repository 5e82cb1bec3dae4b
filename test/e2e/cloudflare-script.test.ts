// infrastructure/monitoring/cloudflare-monitoring.sh with the packed package, as processes, against the stand-in that has Cloudflare's own
// types: what is done, and that no secret is in an output, an argument or a file.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCloudflareSchema } from '../support/binaries.mjs'
import { type CloudflareServer, startCloudflare } from '../support/cloudflare-server'
import { makeApp, root } from '../support/packed'
import { type Receiver, startReceiver } from '../support/receiver'

const schema = findCloudflareSchema()
const script = path.join(root, 'infrastructure/monitoring/cloudflare-monitoring.sh')
// random: other suites run at the same time, and have processes too
const run = randomBytes(8).toString('hex')
const [channel, heartbeat, otlp, probeToken] = ['channel', 'heartbeat', 'otlp', 'probe'].map(of => `${of}-${run}`) as [string, string, string, string] // biome-ignore format: one line

/** Linux alone shows them so. */
const processes = () => (existsSync('/proc') ? readdirSync('/proc').filter(name => /^\d+$/.test(name)) : [])

describe.runIf('file' in schema)('cloudflare-monitoring.sh', () => {
  let server: CloudflareServer
  let collector: Receiver
  let app: string
  let outputs = ''
  const seenInArguments: string[] = []
  const secrets = () => [server.token, channel, heartbeat, otlp, probeToken]

  beforeAll(async () => {
    server = await startCloudflare()
    // while a request is under way, its process is there to be looked at
    server.answer = () => {
      for (const id of processes())
        try {
          const words = readFileSync(`/proc/${id}/cmdline`, 'utf8')
          if (secrets().some(secret => words.includes(secret))) seenInArguments.push(words)
        } catch {
          // it has ended
        }
      return undefined
    }
    server.nodes.httpRequestsAdaptiveGroups = {
      enabled: true,
      maxPageSize: 1_000,
      maxDuration: 86_400,
      fields: ['avg_sampleInterval', 'dimensions_edgeResponseStatus', 'dimensions_datetimeMinute'],
      rows: () => [{ count: 40, avg: { sampleInterval: 10 }, dimensions: { edgeResponseStatus: 503 } }],
    }
    collector = await startReceiver()
    const section = { service: 'shop', otlp_endpoint: 'https://otel.shop.example', worker: { probes: [{ name: 'ready', url: `https://shop.example/health/ready?key=${probeToken}` }] } } // biome-ignore format: one line
    app = makeApp({
      files: {
        '.env': `CLOUDFLARE_API_TOKEN=${server.token}
CLOUDFLARE_ZONE_ID=${server.zoneId}
CLOUDFLARE_ACCOUNT_ID=${server.accountId}
DISCORD_WEBHOOK_URL="https://discord.com/api/webhooks/123456789/${channel}"
HEARTBEAT_SECRET=${heartbeat} # of Alertmanager
OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20${otlp}
`,
        'monitoring-config.json': JSON.stringify({ cloudflare_config: section }),
      },
    })
    // as npm installs it
    mkdirSync(path.join(app, 'node_modules/.bin'))
    chmodSync(path.join(app, 'node_modules/@afn/otel/dist/cli.cjs'), 0o755)
    symlinkSync('../@afn/otel/dist/cli.cjs', path.join(app, 'node_modules/.bin/afn-otel'))
  })
  afterAll(async () => {
    server?.close()
    await collector?.close()
    if (app) rmSync(app, { recursive: true, force: true })
  })

  function start(...args: string[]) {
    const { PATH = '', HOME = '' } = process.env
    const env = { PATH, HOME, CLOUDFLARE_API_BASE_URL: server.base, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url} // biome-ignore format: one line
    const child = spawn('sh', [script, ...args], { cwd: app, env })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', chunk => {
        said += chunk
        outputs += chunk
      })
    return { child, said: () => said }
  }
  async function called(...args: string[]) {
    const { child, said } = start(...args)
    const [code] = await once(child, 'close')
    return { code, said: said() }
  }

  it('says where it has to run, and downloads no package', async () => {
    const { stderr, status } = spawnSync('sh', [script, 'setup'], { cwd: path.join(app, 'node_modules'), encoding: 'utf8' }) // biome-ignore format: one line
    expect({ stderr, status }).toEqual({ stderr: expect.stringContaining('run this where @afn/otel is installed'), status: 2 }) // biome-ignore format: one line
  })

  it('sets up, and has nothing to do then', async () => {
    expect(await called('setup')).toMatchObject({ code: 0, said: expect.stringMatching(/Done\.\s*$/) })
    expect(server.webhooks).toHaveLength(1)
    expect(server.destinations.map(({ configuration }) => (configuration as { headers: unknown }).headers)).toEqual([{ authorization: `Bearer ${otlp}` }, { authorization: `Bearer ${otlp}` }]) // biome-ignore format: one line
    expect(await called('setup')).toMatchObject({ code: 0, said: expect.stringContaining('No changes.') })
    expect(server.testMessages).toBe(1)
  })

  it('deploys the Worker of the package, with its secrets as secrets', async () => {
    expect(await called('deploy-worker')).toMatchObject({
      code: 0,
      said: expect.stringContaining('Done.\nAlertmanager posts the Watchdog to https://afn-otel-shop-monitor.'),
    })
    const [worker] = server.scripts
    expect(worker!.module).toBe(readFileSync(path.join(app, 'node_modules/@afn/otel/dist/cloudflare-worker.mjs'), 'utf8')) // biome-ignore format: one line
    const secret = worker!.bindings.filter(({ type }) => type === 'secret_text').map(({ name }) => name)
    expect(secret.toSorted()).toEqual(['DISCORD_WEBHOOK_URL', 'HEARTBEAT_SECRET', 'OTEL_EXPORTER_OTLP_HEADERS', 'PROBES']) // biome-ignore format: one line
    const open = JSON.stringify(worker!.bindings.filter(({ type }) => type !== 'secret_text'))
    for (const one of secrets()) expect(open).not.toContain(one)
    expect(await called('deploy-worker')).toMatchObject({ code: 0, said: expect.stringContaining('No changes.') })
  })

  it('shows metrics and the history of alerts', async () => {
    expect((await called('metrics', '--since', '3m')).said).toMatch(/requests +status_code=503 +120 {2}request/)
    const sent = new Date(Date.now() - 3_600_000).toISOString()
    server.history.push({ id: '1', sent, name: 'afn-otel shop health', alert_type: 'health_check_status_notification', description: 'unhealthy', mechanism_type: 'webhook', mechanism: `https://discord.com/api/webhooks/1/${channel}`, alert_body: channel }) // biome-ignore format: one line
    expect((await called('alerts')).said).toContain('afn-otel shop health')
  })

  it('sends by OTLP what the edge has seen, until a signal ends it', async () => {
    const { child, said } = start('metrics', '--watch')
    await collector
      .until(({ metricNames }) => metricNames().includes('afn.job.last_success'))
      .catch(error => {
        throw new Error(`${error.message}\n${said()}`)
      })
    child.kill()
    await once(child, 'close')
    const requests = collector.metrics().filter(({ name }) => name === 'afn.cloudflare.requests')
    const points = requests.flatMap(({ points }) => points)
    expect(points).toHaveLength(15)
    expect(points[0]).toMatchObject({ value: 40, types: { 'http.response.status_code': 'intValue' }, attributes: { 'afn.cloudflare.zone.name': 'shop.example', 'http.response.status_code': 503 } }) // biome-ignore format: one line
    const unitOf = (name: string) => collector.metrics().find(one => one.name === name)?.unit
    expect(['afn.cloudflare.requests', 'afn.cloudflare.sample_interval', 'afn.cloudflare.lag'].map(unitOf)).toEqual(['{request}', '{request}', 's']) // biome-ignore format: one line
  })

  it('has a board where generate finds the section', () => {
    const target = mkdtempSync(path.join(tmpdir(), 'afn-edge-'))
    const { status, stderr } = spawnSync(process.execPath, ['node_modules/@afn/otel/dist/cli.cjs', 'generate', '--target', target], { cwd: app, encoding: 'utf8' }) // biome-ignore format: one line
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const titles = ['dashboards', 'dashboards-ja'].map(folder => JSON.parse(readFileSync(path.join(target, 'grafana', folder, 'cloudflare.json'), 'utf8')).title) // biome-ignore format: one line
    expect(titles).toEqual(['Cloudflare', 'Cloudflareの状況'])
    rmSync(target, { recursive: true, force: true })
  })

  it('shows no secret in an output, an argument or a file', async () => {
    // refusals too: a token that is none, a permission that is missing, a plan that is broken off
    server.lacking.add('Notifications Read')
    expect((await called('plan')).code).toBe(1)
    server.lacking.clear()
    const usual = server.answer
    server.answer = (method, path) => usual(method, path) ?? { status: 400, body: { success: false, errors: [{ code: 6003, message: 'Invalid request headers' }], messages: [], result: null } } // biome-ignore format: one line
    expect((await called('plan')).code).toBe(1)
    server.answer = usual
    expect((await called('destroy')).code).toBe(0)
    expect(seenInArguments).toEqual([])
    for (const secret of secrets()) expect(outputs).not.toContain(secret)
    const settings = [path.join(app, '.env'), path.join(app, 'monitoring-config.json')]
    const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).map(name => path.join(app, name))
    const written = files.filter(file => !settings.includes(file) && !file.includes('node_modules') && statSync(file).isFile()) // biome-ignore format: one line
    // none is written, but what was there
    expect(written.map(file => path.basename(file))).toEqual(['package.json'])
    expect(server.wrong).toEqual([])
  })
})

if ('missing' in schema) console.log(`skipped: cloudflare-monitoring.sh: ${schema.missing}`)
