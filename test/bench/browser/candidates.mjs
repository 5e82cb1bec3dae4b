// What is measured beside each other, and the files of each as its app's bundler would make them.
import { cpSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundlePage } from '../../support/browser-bundle.mjs'

/** `whole` is what also watches requests, and is compared with what does; the page alone is the first. */
export const candidates = [
  { name: 'nothing', tool: 'nothing' },
  { name: '@afn/otel core and errors', tool: 'afn-errors', ours: true },
  { name: '@opentelemetry/browser-sdk logs and errors', tool: 'otel-errors' },
  { name: '@grafana/faro-web-sdk', tool: 'faro' },
  { name: '@sentry/browser', tool: 'sentry' },
  { name: '@afn/otel initializeMonitor()', tool: 'afn', ours: true, whole: true },
  { name: '@afn/otel everything in one file', tool: 'afn-one-file', ours: true, whole: true },
  { name: '@opentelemetry/browser-sdk, 8 instrumentations, sessions', tool: 'otel', whole: true },
  { name: '@opentelemetry/sdk-trace-web, 4 instrumentations', tool: 'otel-web', whole: true },
  { name: '@grafana/faro-web-sdk and -web-tracing', tool: 'faro-tracing', whole: true },
  { name: '@sentry/browser with tracing', tool: 'sentry-tracing', whole: true },
]

/**
 * @param {string} here folder of the tools
 * @param {string} folder that has the packages
 * @returns {Promise<Record<string, { files: Map<string, string>, needed: string[], first: number, all: number }>>} by tool: the files by
 *   name, `page.js` being the entry, and bytes of gzip -9: of what the entry imports at once, and of all
 */
export async function bundle(here, folder) {
  // beside the packages, so that they are found
  cpSync(here, path.join(folder, 'tools'), { recursive: true })
  return Object.fromEntries(
    await Promise.all(candidates.map(async ({ tool }) => [tool, await bundleOne(path.join(folder, 'tools'), tool)])),
  )
}

async function bundleOne(tools, tool) {
  const { files, metafile } = await bundlePage(path.join(tools, `${tool}.mjs`), tools, {
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  const outputs = Object.fromEntries(
    Object.entries(metafile.outputs).map(([file, { imports }]) => [path.basename(file), imports]),
  )
  const needed = new Set(['page.js'])
  for (const file of needed)
    for (const { path: other, kind } of outputs[file]) if (kind === 'import-statement') needed.add(path.basename(other))
  const weigh = names => names.reduce((sum, name) => sum + gzipSync(files.get(name), { level: 9 }).length, 0)
  return { files, needed: [...needed], first: weigh([...needed]), all: weigh([...files.keys()]) }
}
