// `afn-otel cloudflare …` as a process of its own, against the stand-in: killed around each request, and read for secrets wherever it leaves any.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findCloudflareSchema } from '../support/binaries.mjs'
import { afnOtelCloudflare, appFolder, cli, environmentOf } from '../support/cloudflare-command'
import { type CloudflareServer, startCloudflare } from '../support/cloudflare-server'
import { isLong } from '../support/long'

const types = findCloudflareSchema()

const CHANNEL = 'Q7-secret-of-the-channel_x9'
const OTLP = 'Zk-secret-of-the-collector'
const HEARTBEAT = 'Hb-secret-of-the-heartbeat'
const PROBE = 'Pr-secret-of-the-probe'
const environment = {
  DISCORD_WEBHOOK_URL: `https://discord.com/api/webhooks/123456789/${CHANNEL}`,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${OTLP}`,
  HEARTBEAT_SECRET: HEARTBEAT,
  OTEL_SERVICE_NAME: 'shop',
}
const otlp = ['--otlp-endpoint', 'https://otel.shop.example']
const setup = ['setup', '--email', 'ops@shop.example', ...otlp]
const deploy = ['deploy-worker', '--probe', `ready=https://shop.example/health/ready?token=${PROBE}`, ...otlp]

describe.runIf('file' in types)('afn-otel cloudflare as a process', () => {
  let folder: string
  let server: CloudflareServer
  beforeAll(() => {
    folder = appFolder()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  beforeEach(async () => {
    server = await startCloudflare()
    for (const type of ['incident_alert', 'http_alert_edge_error']) server.availableAlerts.add(type)
  })
  afterEach(() => {
    server.close()
    expect(server.wrong).toEqual([])
  })
  const called = (args: string[], env: Record<string, string> = {}) =>
    afnOtelCloudflare(folder, server, args, { ...environment, ...env })

  /** What is there, without what differs from run to run; ids stand for what they belong to. */
  const state = () => {
    const { webhooks, healthChecks, policies, sites, destinations, scripts } = server
    const names = new Map([...webhooks, ...healthChecks].map(({ id, name }) => [id, name]))
    const isOfOneRun = (key: string) => ['id', 'site_tag', 'site_token'].includes(key) || key.startsWith('created')
    const text = JSON.stringify({ webhooks, healthChecks, policies, sites, destinations, scripts }, (key, value) =>
      isOfOneRun(key) ? names.get(value) : (names.get(value) ?? value),
    )
    return text.replaceAll(server.zoneId, 'ZONE').replaceAll(server.accountId, 'ACCOUNT')
  }

  /** SIGKILL at the nth request: before Cloudflare carries it out, or after. @returns whether there were so many */
  const killed = async (args: string[], nth: number, when: 'before' | 'after') => {
    const child = spawn(process.execPath, [path.join(folder, cli), 'cloudflare', ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...environmentOf(server), ...environment },
    })
    const ended = new Promise<NodeJS.Signals | null>(resolve => child.once('close', (_, signal) => resolve(signal)))
    let count = 0
    server.answer = () => {
      if (++count !== nth) return undefined
      child.kill('SIGKILL')
      return { status: 503, body: '', isDone: when === 'after' }
    }
    const signal = await ended
    server.answer = () => undefined
    return signal === 'SIGKILL'
  }

  /** What each command needs before, and what it leaves. */
  const scenes: [string, string[][], string[]][] = [
    ['setup', [], setup],
    ['deploy-worker', [], deploy],
    ['destroy', [setup, deploy], ['destroy']],
  ]
  it.each(scenes)(
    '%s converges where it was killed between two requests, and then has nothing to do',
    async (_, before, args) => {
      for (const one of before) expect((await called(one)).code).toBe(0)
      const kinds = ['webhooks', 'healthChecks', 'policies', 'sites', 'destinations', 'scripts'] as const
      const copies = kinds.map(kind => structuredClone(server[kind]))
      const restore = () => {
        for (const [index, kind] of kinds.entries()) {
          const items: unknown[] = server[kind]
          items.splice(0, items.length, ...structuredClone(copies[index]!))
        }
      }
      server.requests.length = 0
      expect((await called(args)).code).toBe(0)
      const whole = state()
      const requests = server.requests.map(({ method }, index) => ({ method, nth: index + 1 }))
      // of deletes the last one is that of a resource: those that ask for permissions come first, and find nothing
      const last = requests.filter(({ method }) =>
        args[0] === 'destroy' ? method === 'DELETE' : /POST|PUT/.test(method),
      )
      const places = isLong('cloudflare') ? requests : last.slice(-1)
      expect(places.length).toBeGreaterThan(0)
      // what reads leaves the same before and after
      for (const { method, nth } of places)
        for (const when of method === 'GET' ? (['before'] as const) : (['before', 'after'] as const)) {
          restore()
          expect(await killed(args, nth, when), `${when} request ${nth}`).toBe(true)
          const { code, stdout, stderr } = await called(args)
          expect(code, `${when} request ${nth}: ${stdout}${stderr}`).toBe(0)
          expect(state(), `${when} request ${nth}`).toBe(whole)
          const count = server.requests.length
          expect((await called(args)).stdout, `${when} request ${nth}`).toMatch(/^No changes\./)
          expect(server.requests.slice(count).filter(({ method }) => method !== 'GET')).toEqual([])
        }
    },
    isLong('cloudflare') ? 1_800_000 : undefined,
  )

  it('shows, writes and passes on no secret', async () => {
    writeFileSync(path.join(folder, '.env'), `CLOUDFLARE_API_TOKEN=${server.token}\n`)
    const temporary = path.join(folder, 'tmp')
    mkdirSync(temporary)
    const before = filesOf(folder)
    const secrets = [server.token, CHANNEL, OTLP, HEARTBEAT, PROBE]
    const outputs: string[] = []
    const commandLines: string[] = []
    // of all processes there are while a request is open, that of the command and those that it may have started
    server.answer = () => {
      commandLines.push(...commandLinesBelow(process.pid))
      return undefined
    }
    const refused = { status: 400, body: { success: false, errors: [{ code: 1, message: 'no' }], messages: [], result: null } } // biome-ignore format: one line
    const commands = [['check'], ['plan', ...otlp], setup, deploy, ['metrics'], ['alerts'], ['alerts', '--json'], ['destroy']] // biome-ignore format: one line
    for (const args of commands) {
      // the probe's address is a secret that stands in the arguments, as the person wrote it
      const { stdout, stderr } = await called(args, { CLOUDFLARE_API_TOKEN: '', TMPDIR: temporary })
      outputs.push(stdout, stderr)
    }
    server.answer = method => (method === 'POST' || method === 'PUT' ? refused : undefined)
    for (const args of [setup, deploy]) {
      const { code, stdout, stderr } = await called(args, { CLOUDFLARE_API_TOKEN: '', TMPDIR: temporary })
      expect(code).toBe(1)
      outputs.push(stdout, stderr)
    }
    expect(server.requests.length).toBeGreaterThan(50)
    if (process.platform === 'linux') expect(commandLines.join('\n')).toContain('cloudflare setup')
    for (const secret of secrets) expect(outputs.join('\n'), secret).not.toContain(secret)
    for (const secret of secrets.filter(one => one !== PROBE))
      expect(commandLines.join('\n'), secret).not.toContain(secret)
    expect(filesOf(folder)).toEqual(before)
    rmSync(path.join(folder, '.env'))
  })
})

/** A command that writes nothing leaves nothing to be read. */
function filesOf(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const named = files.map(({ parentPath, name }) => path.join(parentPath, name))
  return named.map(file => `${file} ${statSync(file).size}`).toSorted()
}

/** Of a process and all below it, as Linux shows them to everybody. */
function commandLinesBelow(pid: number): string[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const children = threads.flatMap(thread => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return [line, ...children.filter(Boolean).flatMap(child => commandLinesBelow(Number(child)))]
  } catch {
    // it has ended meanwhile
    return []
  }
}

if ('missing' in types) console.log(`skipped: afn-otel cloudflare as a process: ${types.missing}`)
