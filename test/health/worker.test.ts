// healthHandler() on workerd, the runtime of Cloudflare's Workers, bundled as wrangler does; and in Next.js routes.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findWorkerd } from '../support/binaries.mjs'
import { makeApp } from '../support/packed'
import { freePorts } from '../support/ports'
import { run } from '../support/run'
import { documentIn } from './document'
import { type Hrana, startHrana } from './hrana'

const workerd = findWorkerd()

describe.runIf('binary' in workerd)('workerd', () => {
  let hrana: Hrana
  let port: number
  let stderr = ''
  let stop = async () => {}

  beforeAll(async () => {
    const folder = makeApp({
      files: {
        'worker.mjs': `
          import { defineCheck, healthHandler } from '@afn/otel/health'
          let asked = 0
          defineCheck({ name: 'own', check: async () => { asked++; await fetch(globalThis.turso + '/v2') } })
          const health = healthHandler()
          export default {
            fetch(request, env, context) {
              globalThis.turso = env.TURSO_DATABASE_URL
              return request.url.endsWith('/asked') ? new Response(String(asked)) : health.fetch(request, env, context)
            },
          }`,
      },
      modules: { '@opentelemetry/api': '@opentelemetry/api' },
    })
    hrana = await startHrana(path.join(folder, 'turso.db'), 'secret')
    ;[port] = (await freePorts(1)) as [number]
    // no platform: a built-in module of Node would be an error here
    await build({
      entryPoints: [path.join(folder, 'worker.mjs')],
      outfile: path.join(folder, 'bundle.mjs'),
      bundle: true,
      format: 'esm',
      conditions: ['workerd', 'worker', 'import'],
      logLevel: 'error',
    })
    const text = (name: string, value: string) => `(name = "${name}", text = "${value}")`
    const bindings = [text('TURSO_DATABASE_URL', hrana.url), text('TURSO_AUTH_TOKEN', 'secret'), text('AFN_HEALTH_TOKEN', 't'), text('AFN_HEALTH_CACHE', '60000')] // biome-ignore format: one line
    writeFileSync(
      path.join(folder, 'config.capnp'),
      `using Workerd = import "/workerd/workerd.capnp";
       const config :Workerd.Config = (
         services = [(name = "main", worker = .main), (name = "internet", network = (allow = ["public", "private", "local"]))],
         sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]);
       const main :Workerd.Worker = (
         modules = [(name = "bundle.mjs", esModule = embed "bundle.mjs")],
         compatibilityDate = "2026-01-01",
         bindings = [${bindings.join(', ')}]);`,
    )
    const child = spawn('binary' in workerd ? workerd.binary : '', ['serve', 'config.capnp'], { cwd: folder })
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    const ended = new Promise(resolve => child.once('close', resolve))
    stop = async () => {
      child.kill('SIGKILL')
      await ended
    }
    for (let n = 0; n < 200; n++) {
      if (await ask('/asked').then(() => true, () => false)) break // biome-ignore format: one line
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  })
  afterAll(async () => {
    await stop()
    hrana?.close()
  })

  const ask = (place: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${place}`, { headers })

  it('answers with what bindings name, and many requests at once share what has been found', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/health/ready')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const { status, headers } = await ask('/health')
    expect([status, headers.get('content-type')]).toEqual([200, 'application/health+json'])
    const { checks } = documentIn(await (await ask('/health', { authorization: 'Bearer t' })).text())
    const found = Object.entries(checks ?? {}).map(([key, [check]]) => [key, check?.status])
    expect(found.sort()).toEqual([
      ['own:responseTime', 'pass'],
      ['turso:responseTime', 'pass'],
    ])
    const before = await (await ask('/asked')).text()
    for (let n = 0; n < 20; n++) await ask('/health')
    expect(await (await ask('/asked')).text()).toBe(before)
    expect((await ask('/elsewhere')).status).toBe(404)
    expect(stderr).toBe('')
  })
})
if ('missing' in workerd) console.log(`skipped: healthHandler() on workerd: ${workerd.missing}`)

it('/api/health of Next.js answers by the checks that there are, to GET and to HEAD', async () => {
  const app = `
    import { healthRoute } from '@afn/otel/next'
    import { createRequire } from 'node:module'
    const { defineCheck } = createRequire(import.meta.url)('@afn/otel/health')
    const { GET, HEAD } = healthRoute()
    const show = async response => console.log(JSON.stringify([response.status, response.headers.get('content-type'), response.headers.get('retry-after'), await response.text()]))
    await show(await GET())
    defineCheck({ name: 'own', required: true, check: () => false })
    await show(await GET())
    await show(await HEAD())`
  const { stdout, stderr } = await run(makeApp({ files: { 'app.mjs': app }, modules: { '@opentelemetry/api': '@opentelemetry/api' } }), ['app.mjs']) // biome-ignore format: one line
  const [well, broken, head] = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const type = 'application/health+json'
  expect([well.slice(0, 3), documentIn(well[3]).status]).toEqual([[200, type, null], 'ok'])
  expect([broken.slice(0, 3), documentIn(broken[3]).status]).toEqual([[503, type, '5'], 'fail'])
  expect(head).toEqual([503, type, '5', ''])
  expect(stderr).toBe('')
})
