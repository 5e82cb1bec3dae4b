// `afn-otel up` of this checkout for a bench: bundled with what the bench makes its requests by, and started in a process of its own.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * @param {string} name of the bench
 * @param {readonly string[]} sources relative to the checkout
 * @returns {Promise<string>} the folder that has `main.js`, and the sources by their names
 */
export async function bundle(name, sources) {
  const out = path.join(root, 'test/node_modules/.cache/afn-bench', name)
  await build({
    entryPoints: ['src/cli/main.ts', ...sources].map(source => path.join(root, source)),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@duckdb/node-api'],
    outdir: out,
    entryNames: '[name]',
    logLevel: 'warning',
  })
  return out
}

/**
 * @param {string} main the bundle
 * @param {string} data folder
 * @param {readonly string[]} required modules; with one there is a channel to it
 */
export async function startUp(main, data, required = []) {
  const before = required.flatMap(file => ['--require', file])
  const args = [...before, main, 'up', '--port', '0', '--otlp-port', '0', '--grpc-port', 'none', '--data', data]
  const channel = required.length > 0 ? ['ipc'] : []
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', ...channel] })
  process.once('exit', () => child.kill())
  const urls = {}
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, url] = /^(\w+)\s+(http\S+)/.exec(line) ?? []
    if (name) urls[name] = url
    if (urls.explorer && urls.OTLP) break
  }
  return { child, urls }
}

export function stop(child) {
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  return ended
}
