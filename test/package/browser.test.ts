// The browser SDK as an app's bundler gets it from the package: what is not named is left out, what is lazy is a chunk.
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build as esbuild } from 'esbuild'
import { build as vite } from 'vite'
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { run } from '../support/run'

const few = `import { captureError, errors, startMonitor } from '@afn/otel/browser/core'
  startMonitor({}, [errors]); globalThis.captureError = captureError`
const all = `import { initializeMonitor, monitor } from '@afn/otel/browser'
  initializeMonitor(); globalThis.monitor = monitor`

interface Bundle {
  /** Bytes of gzip of what a page loads at once, and of what comes later. */
  readonly atOnce: number
  readonly later: number
}
const gzip = (text: string) => gzipSync(text, { level: 9 }).length

async function byEsbuild(entry: string): Promise<Bundle> {
  const { outputFiles, metafile } = await esbuild({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    outdir: path.dirname(entry),
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const all = new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), gzip(text)]))
  const outputs = Object.entries(metafile.outputs).map(([file, output]) => [path.basename(file), output] as const)
  const outputOf = new Map(outputs)
  const atOnce = new Set<string>()
  const follow = (file: string) => {
    atOnce.add(file)
    for (const { kind, path: to } of outputOf.get(file)!.imports)
      if (kind === 'import-statement') follow(path.basename(to))
  }
  follow('entry.js')
  const sum = (names: Iterable<string>) => [...names].reduce((total, name) => total + all.get(name)!, 0)
  return { atOnce: sum(atOnce), later: sum(all.keys()) - sum(atOnce) }
}

async function byVite(entry: string): Promise<Bundle> {
  const result = await vite({
    configFile: false,
    logLevel: 'silent',
    root: path.dirname(entry),
    build: { write: false, target: 'es2022', modulePreload: false, rollupOptions: { input: entry } },
  })
  if (!('output' in result)) throw new Error('vite watches')
  const chunks = result.output.filter(output => output.type === 'chunk')
  const sum = (isEntry: boolean) =>
    chunks.filter(chunk => chunk.isEntry === isEntry).reduce((total, { code }) => total + gzip(code), 0)
  return { atOnce: sum(true), later: sum(false) }
}

describe.each([
  ['esbuild', byEsbuild],
  ['vite', byVite],
])('%s', (_, bundle) => {
  const make = (code: string) => bundle(path.join(makeApp({ files: { 'entry.js': code } }), 'entry.js'))

  it('core and errors: 4.5 KB, and nothing later', async () => {
    const { atOnce, later } = await make(few)
    expect(atOnce).toBeLessThanOrEqual(4.5 * 1024)
    expect(later).toBe(0)
  })

  it('everything: 8.5 KB at once, the rest as a chunk', async () => {
    const { atOnce, later } = await make(all)
    expect(atOnce).toBeLessThanOrEqual(8.5 * 1024)
    expect(later).toBeGreaterThan(6000)
    expect(later).toBeLessThanOrEqual(8 * 1024)
  })
})

it('on a server it loads, and does nothing', async () => {
  const app = `const { initializeMonitor, monitor } = require('@afn/otel/browser')
    initializeMonitor(); monitor.setConsent(true); monitor.captureError(new Error('x'))
    console.log(monitor.withSpan('work', span => span.context.traceId.length))
    monitor.flush().then(() => console.log('flushed'))`
  const folder = makeApp({ files: { 'app.cjs': app } })
  expect(await run(folder, ['app.cjs'])).toEqual({ code: 0, signal: null, stdout: '32\nflushed\n', stderr: '' })
})
