// `npm run bench:redact`: what we and five peers find in the public corpus (`test/redact/corpus`), what they change that is
// harmless, there and in real files, and how fast; then the growth of each detector of ours on hostile text, and what they
// weigh in a browser. All in one run, on one thread. `npm run bench:redact -- --against FOLDER`: how fast we are beside another
// checkout of ours, and nothing else; `-- --equal FOLDER`: whether it answers the same on 200,000 texts; `-- --gitleaks FOLDER`: what
// we mask of what the rules of gitleaks find.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { bundleForBrowser } from '../support/browser-bundle.mjs'
import { installOnce } from '../support/install.mjs'
import { printEqual } from './redact/equal.mjs'
import { printGitleaks } from './redact/gitleaks.mjs'
import { printGrowth } from './redact/growth.mjs'
import { printKinds } from './redact/kinds.mjs'
import { peers } from './redact/peers.mjs'
import { printChanged, printRecall } from './redact/recall.mjs'
import { printSpeed } from './redact/speed.mjs'

/** Some peers take time with the square of the length. */
const PEERS_LONGEST = 4096
const PEERS_ROUNDS = 3

const { values } = parseArgs({
  options: { against: { type: 'string' }, equal: { type: 'string' }, gitleaks: { type: 'string' } },
})
const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))
const out = path.join(root, 'test/node_modules/.cache/afn-bench')
const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  outdir: out,
  logLevel: 'warning',
  outExtension: { '.js': '.mjs' },
}
const entryPoints = ['test/bench/redact/alone.ts', 'test/bench/redact/mix.ts', 'src/shared/redact/index.ts']
await build({ ...common, entryPoints: entryPoints.map(file => path.join(root, file)) })
const other = values.against ?? values.equal
if (other) {
  const outfile = path.join(out, 'against.mjs')
  const entry = path.resolve(other, 'src/shared/redact/index.ts')
  await build({ ...common, outdir: undefined, outExtension: {}, entryPoints: [entry], outfile })
  const [ours, theirs] = [await import(path.join(out, 'src/shared/redact/index.mjs')), await import(outfile)]
  if (values.equal) process.exit(printEqual(ours.redact, theirs.redact, other) ? 0 : 1)
  const { mix } = await import(path.join(out, 'test/bench/redact/mix.mjs'))
  const [our, their] = [ours.createRedactor(), theirs.createRedactor()]
  const redactors = new Map(Object.entries({ ours: our.text, [other]: their.text }))
  await printSpeed(redactors, mix())
  process.exit()
}
if (values.gitleaks) {
  const { redact } = await import(path.join(out, 'src/shared/redact/index.mjs'))
  printGitleaks(redact, values.gitleaks)
  process.exit()
}
const { alone, hostile, work } = await import(path.join(out, 'test/bench/redact/alone.mjs'))
const { mix } = await import(path.join(out, 'test/bench/redact/mix.mjs'))
const { redact } = await import(path.join(out, 'src/shared/redact/index.mjs'))

console.warn = () => {}
const folder = installOnce(path.join(here, 'redact/package.json'), 'bench-redact')
const redactors = new Map([['@afn/otel', redact], ...(await peers(folder))])
await printRecall(redactors)
await printChanged(redactors, path.join(root, 'node_modules'))

await printSpeed(new Map([['@afn/otel', redact]]), mix())
await printSpeed(redactors, mix(2026, PEERS_LONGEST), PEERS_ROUNDS)
printKinds(redact)
printGrowth(alone, hostile, work)

const inBrowser = {
  core: await bundleForBrowser(['src/shared/redact/core.ts']),
  engine: await bundleForBrowser(['src/shared/redact/engine.ts']),
  'engine and locales': await bundleForBrowser(['src/shared/redact/engine.ts', 'src/shared/redact/locales/index.ts']),
}
console.log('\n| in a browser | minified bytes | gzip -9 |\n|---|---|---|')
for (const [name, { text, gzip }] of Object.entries(inBrowser)) {
  console.log(`| ${name} | ${Buffer.byteLength(text)} | ${gzip} |`)
}
process.exit()
