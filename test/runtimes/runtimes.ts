// The runtimes on which the app of `app.mjs` runs: each gets the bundle as its users' tools make one.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { findBun, findDeno, findWorkerd } from '../support/binaries.mjs'
import { installed, makeApp, root } from '../support/packed'
import { type Binding, startWorkerd, type WorkerOnWorkerd } from '../support/workerd'

export interface Input {
  readonly batch: readonly object[]
  readonly provider: string
  readonly collector: string
  readonly redacts?: boolean
  readonly content?: string
}

export interface Line {
  id: string
  traceId: string
  failure?: string
}

export interface Runtime {
  run(input: Input): Promise<Line[]>
  stop(): Promise<void>
}

/** Runs a module that reads its input from a file and prints its lines. */
async function command(binary: string, args: readonly string[], folder: string, input: Input): Promise<Line[]> {
  writeFileSync(path.join(folder, 'input.json'), JSON.stringify(input))
  const child = spawn(binary, [...args, 'main.mjs'], { cwd: folder, env: { PATH: process.env.PATH, HOME: folder } })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  await new Promise(resolve => child.once('close', resolve))
  if (!stdout.startsWith('[')) throw new Error(`${binary} ended with:\n${stdout}${stderr}`)
  if (stderr.includes('[@afn/otel]')) throw new Error(stderr)
  return JSON.parse(stdout)
}

function appFolder(files: Record<string, string>): string {
  return makeApp({
    files: { 'app.mjs': readFileSync(path.join(root, 'test/runtimes/app.mjs'), 'utf8'), ...files },
    modules: { '@opentelemetry/api': '@opentelemetry/api' },
  })
}

/** As wrangler bundles a Worker, and Next.js a route of the edge: without a platform, so that a module of Node is an error. */
async function bundled(folder: string, format: 'esm' | 'iife', conditions: string[]): Promise<string> {
  const outfile = path.join(folder, 'bundle.js')
  await build({
    entryPoints: [path.join(folder, 'main.mjs')],
    outfile,
    bundle: true,
    external: ['cloudflare:*'],
    keepNames: true,
    format,
    conditions,
    mainFields: ['module', 'main'],
    logLevel: 'error',
  })
  return readFileSync(outfile, 'utf8')
}

type Found = { binary: string } | { missing: string }

async function byCommand(found: Found, args: readonly string[]): Promise<Runtime> {
  const binary = binaryOf(found)
  const folder = appFolder({
    'main.mjs': `import { readFileSync } from 'node:fs'
      import { run } from './app.mjs'
      console.log(JSON.stringify(await run(JSON.parse(readFileSync('input.json', 'utf8')))))`,
  })
  return { run: input => command(binary, args, folder, input), stop: async () => {} }
}

function binaryOf(found: Found): string {
  if ('missing' in found) throw new Error(found.missing)
  return found.binary
}

/** A Worker on workerd, of its source. @param bindings as an upload has them */
export async function startWorker(
  main: string,
  bindings: readonly Binding[] = [],
  flags: readonly string[] = [],
): Promise<WorkerOnWorkerd> {
  const folder = appFolder({ 'main.mjs': main })
  const module = await bundled(folder, 'esm', ['workerd', 'worker', 'import'])
  return startWorkerd(binaryOf(findWorkerd()), { module, bindings, flags }, path.join(folder, 'storage'))
}

async function onWorkerd(): Promise<Runtime> {
  const worker = await startWorker(`import { run } from './app.mjs'
      export default {
        async fetch(request) {
          return request.method === 'POST' ? Response.json(await run(await request.json())) : new Response('ok')
        },
      }`)
  return {
    async run(input) {
      const response = await fetch(worker.url, { method: 'POST', body: JSON.stringify(input) })
      if (!response.ok) throw new Error(`workerd answered ${response.status}: ${worker.stderr()}`)
      if (worker.stderr().includes('[@afn/otel]')) throw new Error(worker.stderr())
      return (await response.json()) as Line[]
    },
    stop: worker.stop,
  }
}

async function onEdge(): Promise<Runtime> {
  const folder = appFolder({ 'main.mjs': "import { run } from './app.mjs'\nglobalThis.run = run" })
  const { EdgeVM } = await import(path.join(installed('@edge-runtime/vm'), 'dist/index.js'))
  const vm = new EdgeVM()
  vm.evaluate(await bundled(folder, 'iife', ['edge-light', 'worker', 'import']))
  return { run: input => vm.evaluate(`run(${JSON.stringify(input)})`), stop: async () => {} }
}

const binaries: Readonly<Record<string, Found>> = { workerd: findWorkerd(), Bun: findBun(), Deno: findDeno() }
for (const [name, found] of Object.entries(binaries))
  if ('missing' in found) writeSync(1, `skipped: @afn/otel/fetch on ${name}: ${found.missing}\n`)

const starts: Readonly<Record<string, () => Promise<Runtime>>> = {
  'Node.js': () => byCommand({ binary: process.execPath }, []),
  workerd: onWorkerd,
  'edge-runtime': onEdge,
  Bun: () => byCommand(findBun(), []),
  Deno: () => byCommand(findDeno(), ['run', '-A']),
}

/** Those that are here. */
export const runtimes = Object.fromEntries(
  Object.entries(starts).filter(([name]) => !(binaries[name] && 'missing' in binaries[name])),
)
