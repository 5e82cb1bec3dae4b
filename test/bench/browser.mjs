// `npm run bench:browser [-- ROUNDS [SLOWDOWN]]`: what monitors cost the main thread of a page, ours beside Faro, OpenTelemetry
// and Sentry, in a real Chromium that is slowed down four times. Each has a browser and a profile of its own for each round,
// one after the other, so that a machine whose speed drifts treats all alike. Every tool is as its
// own guide sets it up, and sends to a server on the page's origin that answers at once.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { install } from '../../scripts/install.mjs'
import { bundle, candidates } from './browser/candidates.mjs'
import { COUNTS, measure } from './browser/measure.mjs'
import { printTables } from './browser/print.mjs'
import { startSite } from './browser/site.mjs'
import { installPeers } from './install.mjs'

const rounds = Number(process.argv[2] ?? 5)
const slowdown = Number(process.argv[3] ?? 4)
const here = path.join(path.dirname(fileURLToPath(import.meta.url)), 'browser')
const root = path.join(here, '../../..')
const out = path.join(root, 'test/node_modules/.cache/afn-bench/browser/chromium.mjs')
install('test')
await build({
  entryPoints: [path.join(root, 'test/browser/chromium.ts')],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  outfile: out,
  logLevel: 'warning',
})
const { hasChromium, startChromium } = await import(out)
if (!hasChromium) process.exit(1)
const folder = installPeers(path.join(here, 'package.json'), 'bench-browser')
const bundles = await bundle(path.join(here, 'tools'), folder)
const site = await startSite(path.join(here, 'tools'), bundles)

const results = candidates.map(() => [])
try {
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, tool }] of candidates.entries()) {
      console.error(`round ${round + 1} of ${rounds}: ${name}`)
      results[index].push(await measure(startChromium, site, tool, slowdown))
    }
  }
} finally {
  site.close()
}
console.log(`Chromium slowed down ${slowdown} times, ${rounds} rounds interleaved, Node ${process.versions.node}.`)
printTables(candidates, bundles, results, COUNTS)
