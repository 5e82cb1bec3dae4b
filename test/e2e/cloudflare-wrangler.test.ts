// The Worker of the package, compared with what Cloudflare's own command does: real `wrangler deploy` uploads it to the stand-in as we do, and `wrangler dev` runs it.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findCloudflareSchema, findDiscordSchema, findWrangler } from '../support/binaries.mjs'
import { afnOtelCloudflare, appFolder, environmentOf } from '../support/cloudflare-command'
import { type CloudflareServer, startCloudflare } from '../support/cloudflare-server'
import type { Metadata } from '../support/cloudflare-workers'
import { type DiscordSink, startDiscordSink } from '../support/discord-sink'
import { isLong } from '../support/long'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { listen } from '../support/ports'
import { run } from '../support/run'

const wrangler = findWrangler()
const node = nodeBinary(nodes[22])
const types = findCloudflareSchema()
const discord = findDiscordSchema()
const missing = [wrangler, node, types, discord].flatMap(found => ('missing' in found ? [found.missing] : []))

const NAME = 'afn-otel-shop-monitor'
const secrets = {
  DISCORD_WEBHOOK_URL: 'https://discord.com/api/webhooks/123456789/Q7-secret-of-the-channel_x9',
  HEARTBEAT_SECRET: 'Zk-secret-of-the-heartbeat',
}
const probes = JSON.stringify([{ name: 'ready', url: 'https://shop.example/health/ready' }])

/** What whoever uploads the Worker by hand would write. */
const configuration = (module: string) => ({
  name: NAME,
  main: module,
  no_bundle: true,
  compatibility_date: '2026-01-01',
  workers_dev: true,
  durable_objects: { bindings: [{ name: 'MONITOR', class_name: 'MonitorObject' }] },
  migrations: [{ tag: 'v1', new_sqlite_classes: ['MonitorObject'] }],
  vars: { SERVICE: 'shop', LANGUAGE: 'en' },
  triggers: { crons: ['* * * * *'] },
  observability: { enabled: true },
})

describe.runIf(missing.length === 0)('the Worker of the package', () => {
  const [command, node22] = ['file' in wrangler ? wrangler.file : '', 'path' in node ? node.path : '']
  let app: string
  let project: string
  let module: string
  /** It sends no request to the internet, and writes into no home. */
  const quiet = () => ({ HOME: project, XDG_CONFIG_HOME: project, CI: '1', NO_COLOR: '1', WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', npm_config_registry: 'http://127.0.0.1:9/' }) // biome-ignore format: one line
  const called = (args: string[], env: Record<string, string> = {}) =>
    run(project, [command, ...args], { node: node22, env: { ...quiet(), ...env } })

  beforeAll(() => {
    app = appFolder()
    module = readFileSync(path.join(app, 'node_modules/@afn/otel/dist/cloudflare-worker.mjs'), 'utf8')
    project = mkdtempSync(path.join(tmpdir(), 'afn-wrangler-'))
    writeFileSync(path.join(project, 'worker.mjs'), module)
    writeFileSync(path.join(project, 'wrangler.json'), JSON.stringify(configuration('worker.mjs')))
    writeFileSync(path.join(project, 'secrets.json'), JSON.stringify({ ...secrets, PROBES: probes }))
  })
  afterAll(() => {
    for (const folder of [app, project]) if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it('is taken by wrangler deploy --dry-run as it is', async () => {
    const { code, stdout, stderr } = await called(['deploy', '--dry-run', '--outdir', 'out'])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('env.MONITOR (MonitorObject)')
    expect(readFileSync(path.join(project, 'out/worker.mjs'), 'utf8')).toBe(module)
  })

  describe('uploaded', () => {
    let server: CloudflareServer
    beforeEach(async () => {
      server = await startCloudflare()
    })
    afterEach(() => {
      server.close()
      expect(server.wrong).toEqual([])
    })
    const wranglerDeploys = async () => {
      const { code, stdout, stderr } = await called(['deploy', '--secrets-file', 'secrets.json'], environmentOf(server))
      expect(code, `${stdout}${stderr}`).toBe(0)
      return stdout
    }
    const weDeploy = async () => {
      const args = ['deploy-worker', '--service', 'shop', '--probe', 'ready=https://shop.example/health/ready']
      const { code, stdout, stderr } = await afnOtelCloudflare(app, server, args, secrets)
      expect(code, `${stdout}${stderr}`).toBe(0)
    }
    const changes = () =>
      server.requests
        .filter(({ method, path }) => method !== 'GET' && method !== 'DELETE' && !path.endsWith(NAME))
        .map(({ method, path, body }) => ({ method, path: path.slice(path.indexOf('/workers')), body }))

    it('by us is what wrangler uploads: the same parts, fields, trigger and address', async () => {
      await wranglerDeploys()
      const theirs = { uploads: server.uploads.splice(0), changes: changes() }
      server.scripts.length = 0
      server.requests.length = 0
      await weDeploy()
      const ours = { uploads: server.uploads, changes: changes() }
      expect([theirs.uploads.length, ours.uploads.length]).toEqual([1, 1])
      expect(ours.uploads[0]!.parts).toEqual(theirs.uploads[0]!.parts)
      const sorted = ({ bindings, ...rest }: Metadata) => ({
        ...rest,
        bindings: bindings.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      })
      // how soon all of Cloudflare has it, and no flags, which is the default
      const { code_update_strategy, compatibility_flags, ...metadata } = sorted(theirs.uploads[0]!.metadata) as Metadata & { code_update_strategy: object; compatibility_flags: string[] } // biome-ignore format: one line
      expect(compatibility_flags).toEqual([])
      const { tags, ...own } = sorted(ours.uploads[0]!.metadata)
      expect(own).toEqual(metadata)
      expect(tags).toHaveLength(2)
      const byPath = (all: { path: string; body: unknown }[]) => all.toSorted((a, b) => (a.path < b.path ? -1 : 1))
      // wrangler leaves out previews, which are off then as well
      expect(byPath(ours.changes)).toMatchObject(byPath(theirs.changes))
      expect(ours.changes).toHaveLength(theirs.changes.length)
    })

    it('by us is one that wrangler goes on with: it makes no class a second time, and keeps the secrets', async () => {
      await weDeploy()
      expect(await wranglerDeploys()).toContain(`https://${NAME}.shop.workers.dev`)
      expect(server.uploads[1]!.metadata.migrations).toBeUndefined()
      expect(server.scripts).toHaveLength(1)
      expect(server.scripts[0]).toMatchObject({ module, schedules: [{ cron: '* * * * *' }], isOnWorkersDev: true })
    })

    it('by wrangler is somebody else’s: it is left alone, and that is said', async () => {
      await wranglerDeploys()
      const { code, stdout } = await afnOtelCloudflare(app, server, ['deploy-worker', '--service', 'shop'], secrets)
      expect(stdout).toContain('somebody else has made a Worker of this name')
      expect(code).toBe(0)
      expect(server.uploads).toHaveLength(1)
    })
  })

  describe.runIf(isLong('cloudflare'))('under wrangler dev', () => {
    let sink: DiscordSink
    let origin: Server
    let status = 200
    let stop = async () => {}
    let url = ''
    let output = ''
    beforeAll(async () => {
      sink = await startDiscordSink()
      origin = createServer((_, response) => response.writeHead(status).end('{}'))
      const port = await listen(origin)
      const dev = path.join(project, 'dev')
      mkdirSync(dev)
      writeFileSync(path.join(dev, 'worker.mjs'), module)
      writeFileSync(path.join(dev, 'wrangler.json'), JSON.stringify(configuration('worker.mjs')))
      const variables = {
        PROBES: JSON.stringify([{ name: 'ready', url: `http://127.0.0.1:${port}/health/ready` }]),
        DISCORD_WEBHOOK_URL: sink.webhook('ops'),
      }
      writeFileSync(path.join(dev, '.dev.vars'), Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`).join('')) // biome-ignore format: one line
    })
    afterAll(async () => {
      await stop()
      origin?.close()
      await sink?.close()
    })

    const start = async () => {
      output = ''
      // not below the project, which is loaded again whenever a file changes
      const state = path.join(project, 'state')
      const args = ['dev', '--local', '--ip', '127.0.0.1', '--port', '0', '--inspector-port', '0', '--persist-to', state, '--show-interactive-dev-session=false'] // biome-ignore format: one line
      const child = spawn(node22, [command, ...args], {
        cwd: path.join(project, 'dev'),
        env: { PATH: process.env.PATH ?? '', ...quiet() },
        // workerd is a child of its own, which is to end with it
        detached: true,
      })
      const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
      stop = async () => {
        if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL')
        await ended
      }
      url = await new Promise<string>((resolve, reject) => {
        const look = (chunk: Buffer) => {
          output += chunk
          const ready = /Ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1]
          if (ready) resolve(ready)
        }
        child.stdout.on('data', look)
        child.stderr.on('data', look)
        child.once('close', code => reject(new Error(`wrangler dev ended with ${code}: ${output}`)))
      })
    }
    const fire = async (minute: number, answer: number) => {
      status = answer
      const time = 1_800_000_000_000 + minute * 60_000
      const response = await fetch(`${url}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*&time=${time}`)
      expect(await response.text(), output).toBe('ok')
    }
    const titles = () => sink.posts.map(({ text }) => text.split('\n')[0])

    it('posts once that two of three probes failed, also over a restart, and once that it is up again', async () => {
      await start()
      for (const [minute, answer] of [200, 503, 200, 503].entries()) await fire(minute, answer)
      expect(titles()).toEqual(['[CRITICAL] ready is down (shop)'])
      await stop()
      await start()
      for (const [minute, answer] of [503, 503, 200, 200, 200].entries()) await fire(4 + minute, answer)
      expect(titles()).toEqual(['[CRITICAL] ready is down (shop)', '[RESOLVED] ready (shop)'])
      // the trigger of a minute that is known already
      await fire(8, 503)
      await fire(7, 503)
      await fire(9, 200)
      expect(sink.posts).toHaveLength(2)
    })
  })
})

for (const sentence of missing) console.log(`skipped: the Worker beside wrangler: ${sentence}`)
