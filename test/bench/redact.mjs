// `npm run bench:redact`: what we and five peers find in a labelled corpus, what they change that is harmless, and how
// fast; then the growth of each detector of ours on hostile text, and what they weigh in a browser. All in one run, on one thread.
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { bundleForBrowser } from '../support/browser-bundle.mjs'
import { installOnce } from '../support/install.mjs'

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
await build({ ...common, entryPoints: [path.join(here, 'redact/corpus.ts'), path.join(root, 'src/redact/index.ts')] })
const { corpus, alone } = await import(path.join(out, 'test/bench/redact/corpus.mjs'))
const { redact } = await import(path.join(out, 'src/redact/index.mjs'))

const resolve = createRequire(path.join(folder, 'package.json')).resolve
const peer = name => import(pathToFileURL(resolve(name)))

/** Each makes a function from a text to the text that is left; what a peer only lists is cut out. */
const makers = {
  '@afn/otel': async () => redact,
  'redact-pii': async () => {
    const { SyncRedactor } = await peer('redact-pii')
    const redactor = new SyncRedactor()
    return text => redactor.redact(text)
  },
  '@openai/guardrails': async () => {
    const { pii, PIIConfig, PIIEntity } = await peer('@openai/guardrails')
    const entities = Object.values(PIIEntity).filter(entity => entity !== 'NRP')
    const config = PIIConfig.parse({ entities, block: false })
    return async text => {
      const { info } = await pii({}, text, config)
      return Object.values(info.detected_entities ?? {})
        .flat()
        .reduce((left, value) => left.replaceAll(value, ''), text)
    }
  },
  openredaction: async () => {
    const { OpenRedaction } = await peer('openredaction')
    const redactor = new OpenRedaction()
    return async text => (await redactor.detect(text)).redacted
  },
  '@redactpii/node': async () => {
    const { Redactor } = await import(pathToFileURL(path.join(folder, 'node_modules/@redactpii/node/lib/index.js')))
    const redactor = new Redactor()
    return text => redactor.redact(text)
  },
  '@secretlint/*': async () => {
    const at = name => import(pathToFileURL(path.join(folder, 'node_modules/@secretlint', name, 'module/index.js')))
    const [{ lintSource }, { creator }] = [await at('core'), await at('secretlint-rule-preset-recommend')]
    const options = { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] } }
    return async text => {
      const source = { filePath: '/text.txt', content: text, contentType: 'text', ext: '.txt' }
      const { messages } = await lintSource({ source, options: { ...options, noPhysicFilePath: true } })
      return messages.reduceRight((left, { range: [from, to] }) => left.slice(0, from) + left.slice(to), text)
    }
  },
}

/** Undefined when the redactor throws. */
function leftOf(read, text) {
  try {
    const left = read(text)
    return typeof left === 'string' ? left : left.catch(() => undefined)
  } catch {
    return undefined
  }
}

const percent = (part, all) => (all === 0 ? '-' : ((100 * part) / all).toFixed(1))
const texts = corpus()
const chars = texts.reduce((sum, { text }) => sum + text.length, 0)
const recall = {}
const summary = []
console.warn = () => {}
for (const [name, make] of Object.entries(makers)) {
  let read
  try {
    read = await make()
  } catch (error) {
    console.log(`not measured: ${name}: ${error.message.split('\n')[0]}`)
    continue
  }
  let [changed, harmless, failed] = [0, 0, 0]
  let micros = Number.POSITIVE_INFINITY
  for (let round = 0; round < (name === '@afn/otel' ? 5 : 1); round++) {
    const from = process.cpuUsage()
    for (const one of texts) {
      const left = await leftOf(read, one.text)
      if (round > 0) continue
      if (left === undefined) failed++
      if (one.value === undefined) {
        harmless++
        if (left !== one.text) changed++
      } else {
        recall[one.type] ??= {}
        const row = recall[one.type]
        row[name] ??= [0, 0]
        row[name][1]++
        if (left !== undefined && !left.includes(one.value)) row[name][0]++
      }
    }
    const { user, system } = process.cpuUsage(from)
    micros = Math.min(micros, user + system)
  }
  summary.push({ name, changed: percent(changed, harmless), speed: (chars / micros).toFixed(2), failed })
}

const names = summary.map(({ name }) => name)
console.log(
  `values gone, % of ${texts.length} texts, ${chars} characters\n| type | ${names.join(' | ')} |\n|---|${names.map(() => '---').join('|')}|`,
)
for (const [type, row] of Object.entries(recall)) {
  console.log(`| ${type} | ${names.map(name => percent(...row[name])).join(' | ')} |`)
}
const total = name =>
  Object.values(recall).reduce(([gone, all], row) => [gone + row[name][0], all + row[name][1]], [0, 0])
console.log(`| all | ${names.map(name => percent(...total(name))).join(' | ')} |`)
console.log('\n| redactor | harmless texts changed, % | MB per CPU second, short texts | threw |\n|---|---|---|---|')
for (const { name, changed, speed, failed } of summary) console.log(`| ${name} | ${changed} | ${speed} | ${failed} |`)

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
