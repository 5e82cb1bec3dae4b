// `npm run bench:redact`: what we and five peers find in the public corpus (`test/redact/corpus`), what they change that is
// harmless, there and in real files, and how fast; then the growth of each detector of ours on hostile text, and what they
// weigh in a browser. All in one run, on one thread.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { corpus } from '../redact/corpus/generate.mjs'
import { bundleForBrowser } from '../support/browser-bundle.mjs'
import { installOnce } from '../support/install.mjs'
import { peers } from './redact/peers.mjs'
import { printChanged, printRecall } from './redact/recall.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))
const folder = installOnce(path.join(here, 'redact/package.json'), 'bench-redact')
const out = path.join(root, 'node_modules/.cache/afn-bench')
const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  outdir: out,
  logLevel: 'warning',
  outExtension: { '.js': '.mjs' },
}
await build({ ...common, entryPoints: [path.join(here, 'redact/alone.ts'), path.join(root, 'src/redact/index.ts')] })
const { alone } = await import(path.join(out, 'test/bench/redact/alone.mjs'))
const { redact } = await import(path.join(out, 'src/redact/index.mjs'))

console.warn = () => {}
const redactors = new Map([['@afn/otel', redact], ...(await peers(folder))])
await printRecall(redactors)
await printChanged(redactors, path.join(root, 'node_modules'))

console.log('\n| redactor | MB per CPU second, short texts |\n|---|---|')
const texts = corpus().map(({ text }) => text)
const bytes = texts.reduce((sum, text) => sum + text.length, 0)
for (const [name, read] of redactors) {
  let micros = Number.POSITIVE_INFINITY
  for (let round = 0; round < (name === '@afn/otel' ? 5 : 1); round++) {
    const from = process.cpuUsage()
    for (const text of texts)
      await Promise.resolve(text)
        .then(read, () => text)
        .catch(() => text)
    const { user, system } = process.cpuUsage(from)
    micros = Math.min(micros, user + system)
  }
  console.log(`| ${name} | ${(bytes / micros).toFixed(2)} |`)
}

/** CPU microseconds of one call, the least of some rounds. */
function cost(read, text) {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const from = process.cpuUsage()
    for (let call = 0; call < 20; call++) read(text)
    const { user, system } = process.cpuUsage(from)
    least = Math.min(least, (user + system) / 20)
  }
  return Math.max(least, 0.1)
}
console.log('\n| detector | cost of 16 KiB / 4 KiB of its anchors |\n|---|---|')
for (const { name, anchors, read } of alone) {
  const of = length => anchors.repeat(Math.ceil(length / anchors.length)).slice(0, length)
  console.log(`| ${name} | x${(cost(read, of(16384)) / cost(read, of(4096))).toFixed(1)} |`)
}

const inBrowser = {
  core: await bundleForBrowser(['src/redact/core.ts']),
  engine: await bundleForBrowser(['src/redact/engine.ts']),
  'engine and locales': await bundleForBrowser(['src/redact/engine.ts', 'src/redact/locales/index.ts']),
}
console.log('\n| in a browser | minified bytes | gzip -9 |\n|---|---|---|')
for (const [name, { text, gzip }] of Object.entries(inBrowser)) {
  console.log(`| ${name} | ${Buffer.byteLength(text)} | ${gzip} |`)
}
process.exit()
