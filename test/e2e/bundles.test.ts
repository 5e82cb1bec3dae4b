// An app in one file, as esbuild, webpack and Rollup make it with our plugin, has the spans that it has unbundled: the
// oracle is the same app with its node_modules, started in the same way.
import { existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import commonjs from '@rollup/plugin-commonjs'
import json from '@rollup/plugin-json'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as esbuild } from 'esbuild'
import { type Plugin, rollup } from 'rollup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import webpack from 'webpack'
import type { Check } from '../../src/pipeline/doctor/check'
import { makeApp } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { hasPostgres, type Service, startPostgres } from '../support/services'

if (!hasPostgres)
  console.log('skipped: PostgreSQL: no server of Debian’s package postgresql here; its client fails instead')

const source = `
  import express from 'express'
  import pg from 'pg'
  import pino from 'pino'
  import { Hono } from 'hono'
  import { serve } from '@hono/node-server'

  const log = pino()
  const app = express()
  app.get('/users/:id', async (request, response) => {
    log.info({ id: request.params.id }, 'asked')
    const client = new pg.Client({ host: '127.0.0.1', port: Number(process.env.PORT), user: 'app', database: 'postgres' })
    try {
      await client.connect()
      await client.query('select $1::text as id', [request.params.id])
    } catch {
    } finally {
      await client.end()
    }
    response.json({ id: request.params.id })
  })
  const hono = new Hono()
  hono.get('/books/:title', context => context.text(context.req.param('title')))

  const get = async (server, path) => {
    const answer = await fetch('http://127.0.0.1:' + server.address().port + path, { headers: { connection: 'close' } })
    console.log(answer.status, await answer.text())
  }
  const server = app.listen(0, '127.0.0.1', async () => {
    await get(server, '/users/7')
    server.close()
    const books = serve({ fetch: hono.fetch, port: 0, hostname: '127.0.0.1' }, async () => {
      await get(books, '/books/emma')
      books.close()
      setTimeout(() => {}, Number(process.env.STAYS ?? 0))
    })
  })`

const packages = ['express', 'pg', 'pino', 'hono', '@hono/node-server']
const modules = Object.fromEntries(packages.map(name => [name, name]))

const nowhere = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }

type Bundle = (folder: string, options: { minify: boolean; plugin: boolean }) => Promise<void>

/** As a user has it, from the packed package. */
const pluginOf = (folder: string, bundler: string) =>
  createRequire(path.join(folder, 'app.mjs'))(`@afn/otel/${bundler}`).openTelemetryPlugin()

const bundlers: Record<string, Bundle> = {
  async 'esbuild, ES module'(folder, { minify, plugin }) {
    const require = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)`
    await esbuild({
      absWorkingDir: folder,
      entryPoints: ['app.mjs'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: `${require}; const __dirname = import.meta.dirname` },
      external: ['pg-native'],
      outfile: 'bundle/app.mjs',
      minify,
      sourcemap: true,
      logLevel: 'silent',
      plugins: plugin ? [pluginOf(folder, 'esbuild')] : [],
    })
  },
  async esbuild(folder, { minify, plugin }) {
    await esbuild({
      absWorkingDir: folder,
      entryPoints: ['app.mjs'],
      bundle: true,
      platform: 'node',
      external: ['pg-native'],
      outfile: 'bundle/app.cjs',
      minify,
      sourcemap: true,
      logLevel: 'silent',
      plugins: plugin ? [pluginOf(folder, 'esbuild')] : [],
    })
  },
  async webpack(folder, { minify, plugin }) {
    const compiler = webpack({
      mode: minify ? 'production' : 'development',
      devtool: 'source-map',
      target: 'node20',
      context: folder,
      entry: './app.mjs',
      output: { path: path.join(folder, 'bundle'), filename: 'app.cjs' },
      externals: { 'pg-native': 'commonjs pg-native' },
      plugins: plugin ? [pluginOf(folder, 'webpack')] : [],
    })!
    await new Promise<void>((resolve, reject) =>
      compiler.run((error, stats) =>
        error || stats!.hasErrors() ? reject(error ?? new Error(stats!.toString())) : compiler.close(() => resolve()),
      ),
    )
  },
  async rollup(folder, { plugin }) {
    const bundle = await rollup({
      input: path.join(folder, 'app.mjs'),
      external: ['pg-native'],
      onLog() {},
      plugins: [
        ...(plugin ? [pluginOf(folder, 'rollup') as Plugin] : []),
        nodeResolve({ exportConditions: ['node'], preferBuiltins: true }),
        commonjs({ ignoreDynamicRequires: true }),
        json(),
      ],
    })
    await bundle.write({
      file: path.join(folder, 'bundle/app.cjs'),
      format: 'cjs',
      sourcemap: true,
      inlineDynamicImports: true,
    })
  },
}

let postgres: Service | undefined
beforeAll(async () => {
  if (hasPostgres) postgres = await startPostgres()
})
afterAll(() => postgres?.stop())

/** What stands in a span, without what differs from run to run. */
function stablePart({ name, kind, scope, attributes, status, parentSpanId }: ReceivedSpan) {
  const changing = /port|peer|address|url\.full|thread|process|user_agent|code\./
  const stable = Object.entries(attributes).filter(([key]) => !changing.test(key))
  return { name, kind, scope, status, isRoot: parentSpanId === '', attributes: Object.fromEntries(stable.sort()) }
}

async function outcome(folder: string, args: string[]) {
  const receiver = await startReceiver()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, PORT: String(postgres?.port ?? 1) }
  const { code, stdout, stderr } = await run(folder, args, { env })
  await receiver.close()
  const [line = '{}'] = stdout.split('\n')
  const ids = Object.keys(JSON.parse(line)).filter(key => /^(?:trace|span)_/.test(key))
  const spans = receiver.spans().map(stablePart)
  return {
    ran: { code, stderr, answers: stdout.split('\n').slice(1) },
    ids,
    logs: receiver.logs().map(({ body, traceId }) => ({ body, inTrace: traceId !== '' })),
    spans: spans.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  }
}

describe('a bundle', () => {
  let unbundled: Awaited<ReturnType<typeof outcome>>
  let bare: Awaited<ReturnType<typeof outcome>>
  beforeAll(async () => {
    const folder = makeApp({ files: { 'app.mjs': source }, modules })
    bare = await outcome(folder, ['app.mjs'])
    unbundled = await outcome(folder, ['--import', '@afn/otel', 'app.mjs'])
    expect(unbundled.ran).toEqual({ code: 0, stderr: '', answers: ['200 {"id":"7"}', '200 emma', ''] })
    expect(unbundled.spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['GET /users/:id', 'GET /books/:title', 'pg.connect', 'GET']),
    )
    expect(unbundled.ids).toHaveLength(3)
  })

  it.each([
    ['esbuild', true],
    ['esbuild, ES module', false],
    ['webpack', false],
    ['rollup', false],
  ] as const)(
    'of %s has the spans and log records of the app, and without the preload none',
    async (bundler, minify) => {
      const folder = makeApp({ files: { 'app.mjs': source }, modules })
      await bundlers[bundler]!(folder, { minify, plugin: true })
      for (const name of packages) rmSync(path.join(folder, 'node_modules', name), { recursive: true })
      expect(await outcome(folder, preloaded(folder))).toEqual(unbundled)
      expect(await outcome(folder, preloaded(folder).slice(-1))).toEqual(bare)
      expect(await bundleCheckOf(folder)).toMatchObject({
        ok: true,
        detail: expect.stringMatching(/express.*hono.*pg.*pino/),
      })
    },
  )

  it('without the plugin lacks those of its libraries, which doctor and the process say', async () => {
    const folder = makeApp({ files: { 'app.mjs': source }, modules })
    await bundlers.esbuild!(folder, { minify: true, plugin: false })
    const { spans } = await outcome(folder, ['--require', '@afn/otel', 'bundle/app.cjs'])
    expect(spans.map(({ name }) => name)).not.toContain('GET /users/:id')
    const check = await bundleCheckOf(folder)
    expect(check).toMatchObject({ ok: false })
    expect(check!.detail).toMatch(/express, hono, pg, pg-pool, pino .*openTelemetryPlugin/)
    // without its source map nobody can tell
    rmSync(path.join(folder, 'bundle/app.cjs.map'))
    expect(await bundleCheckOf(folder)).toMatchObject({ ok: true, skipped: true })

    await bundlers.esbuild!(folder, { minify: true, plugin: false })
    const env = { ...nowhere, PORT: '1', STAYS: '4000' }
    const { stderr } = await run(folder, ['--require', '@afn/otel', 'bundle/app.cjs'], { env })
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN122 express, hono, pg, pg-pool, pino .*\n$/)
  })

  it('is not assumed of an app with node_modules', async () => {
    const folder = makeApp({ files: { 'app.mjs': source, 'bundle/app.cjs': 'setTimeout(() => {}, 3000)' }, modules })
    expect(await bundleCheckOf(folder)).toBeUndefined()
    expect((await run(folder, ['--require', '@afn/otel', 'bundle/app.cjs'], { env: nowhere })).stderr).toBe('')
  })
})

function preloaded(folder: string): string[] {
  return existsSync(path.join(folder, 'bundle/app.mjs'))
    ? ['--import', '@afn/otel', 'bundle/app.mjs']
    : ['--require', '@afn/otel', 'bundle/app.cjs']
}

async function bundleCheckOf(folder: string): Promise<Check | undefined> {
  const cli = path.join(folder, 'node_modules/@afn/otel/dist/cli.cjs')
  const { stdout } = await run(folder, [cli, 'doctor', '--json', preloaded(folder).at(-1) as string])
  return (JSON.parse(stdout).checks as Check[]).find(({ name }) => name === 'bundle')
}
