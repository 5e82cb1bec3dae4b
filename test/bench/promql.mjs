// `npm run bench:promql [-- POINTS]`: how fast the embedded backend answers what panels of boards ask, over 30 days: 100,000 data points
// (or POINTS) of each of three metrics, a counter, a gauge and a histogram of 14 buckets, of 20 series each. One process, the API without a
// socket; each question five times, one at a time. `-- rules [DAYS [delta]]`: what the rules of objectives cost after a start, and each minute.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = path.dirname(fileURLToPath(import.meta.url))
const out = path.join(here, '../node_modules/.cache/afn-bench/promql')
await build({
  entryPoints: ['ask', 'rules'].map(name => path.join(here, `promql/${name}.ts`)),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  external: ['@duckdb/node-api'],
  outdir: out,
  logLevel: 'warning',
})
const [what, days = 30, temporality = 'cumulative'] = process.argv.slice(2)
const { main } = await import(path.join(out, what === 'rules' ? 'rules.js' : 'ask.js'))
await (what === 'rules' ? main(Number(days), temporality) : main(Number(what ?? 100_000)))
