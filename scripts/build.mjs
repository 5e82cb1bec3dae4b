// `npm run build`: types by tsc, code by esbuild, into dist/. One start chunk, everything else in chunks that are loaded
// when they are needed.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, buildSync } from 'esbuild'
import { buildAppModules } from './app-modules.mjs'
import { buildExplorer } from './explorer.mjs'
import { inlineSemconv } from './inline-semconv.mjs'
import { priceData } from './price-data-plugin.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const dist = path.join(root, 'dist')
process.chdir(root)

/** Packages of which one copy serves all chunks. */
const sharedChunks = {
  '@opentelemetry/api': 'api',
  '@opentelemetry/api-logs': 'api',
  '@opentelemetry/core': 'api',
  '@opentelemetry/instrumentation': 'instrumentation',
}

/** Entry files that apps resolve, each as CommonJS and as an ES module. */
const publicEntries = { api: 'src/api.ts', redact: 'src/redact/index.ts', semconv: 'semconv/index.ts' }

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.6',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  minify: true,
  // an exception can make Node print the line that it left us at
  lineLimit: 160,
  metafile: true,
  logLevel: 'warning',
  external: ['import-in-the-middle'],
}

const metafiles = {}
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

function bundle(outfile, options) {
  const result = buildSync({ ...common, format: 'cjs', outfile: path.join('dist', outfile), ...options })
  metafiles[outfile] = result.metafile
}

/** Bundlers that have a plugin. */
const bundlers = ['esbuild', 'rollup', 'webpack']

/** What bundlers of apps read: [CommonJS file, entry file]. */
const appEntries = [
  ['browser', 'src/browser/index.ts'],
  ['browser-core', 'src/browser/core.ts'],
  ['browser-otel', 'src/browser/otel.ts'],
  ['next', 'src/next/index.ts'],
  ['health-worker', 'src/health/worker.ts'],
]

/** For bundlers of apps, see `app-modules.mjs`. As CommonJS, for tests and servers, one file each. */
async function bundleForApps() {
  const options = {
    ...common,
    target: 'es2022',
    charset: 'utf8',
    external: ['@opentelemetry/api'],
    define: { AFN_OTEL_VERSION: JSON.stringify(version) },
  }
  // the whole of redaction is the file of its own entry
  const elsewhere = redaction => ({
    name: 'elsewhere',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.\/redact$/ }, ({ importer }) =>
        path.basename(path.dirname(importer)) === 'next' ? { path: redaction, external: true } : undefined,
      )
    },
  })
  const inputs = {}
  for (const [name, entry] of appEntries) {
    const outfile = `dist/${name}.cjs`
    const plugins = [elsewhere('./redact.cjs')]
    const { metafile } = await build({ ...options, entryPoints: [entry], format: 'cjs', outfile, plugins })
    metafiles[`${name}.cjs`] = metafile
    Object.assign(inputs, metafile.inputs)
  }
  metafiles.modules = await buildAppModules({ ...options, plugins: [elsewhere('../../redact.mjs')] }, inputs)
}

/**
 * Ours in the place of OpenTelemetry's: how a function is replaced, how the app's own code is run inside a span, and what
 * names a series.
 */
const ownParts = {
  name: 'own-parts',
  setup({ onResolve }) {
    const inPlaceOf = (filter, theirs, ours) =>
      onResolve({ filter }, ({ importer }) =>
        importer.includes(theirs) ? { path: path.join(root, 'src', ours) } : undefined,
      )
    inPlaceOf(/^(\.|\.\.\/\.\.)\/shimmer$/, '/@opentelemetry/instrumentation/build/', 'instrument/wrap.ts')
    inPlaceOf(/^@opentelemetry\/instrumentation$/, '/@opentelemetry/instrumentation-http/', 'instrument/http-base.ts')
    inPlaceOf(/^\.\.\/utils$/, '/@opentelemetry/sdk-metrics/build/esm/state/HashMap.js', 'sdk/hash-attributes.ts')
  },
}

async function bundleShared(outfile, entry, { alias = {}, except } = {}) {
  const here = path.dirname(outfile)
  const shared = {
    name: 'shared-chunks',
    setup({ onResolve }) {
      // the files of entries of their own, of which one copy serves all
      onResolve({ filter: /^\.\.\/(health|logs)$/ }, ({ path: name, importer }) =>
        path.basename(path.dirname(importer)) === 'middleware'
          ? { path: `./${path.basename(name)}.cjs`, external: true }
          : undefined,
      )
      onResolve({ filter: /^@opentelemetry\/(api|api-logs|core|instrumentation)$/ }, ({ path: name }) => {
        const chunk = sharedChunks[name]
        if (chunk === except) return undefined
        const relative = path.posix.relative(here, `chunks/${chunk}.cjs`)
        return { path: relative.startsWith('.') ? relative : `./${relative}`, external: true }
      })
    },
  }
  const entryPoint =
    typeof entry === 'string'
      ? { entryPoints: [entry] }
      : { stdin: { contents: entry.code, resolveDir: root, loader: 'ts' } }
  const result = await build({
    ...common,
    format: 'cjs',
    // they are compiled by `src/preload/load.ts`, where an import() rejects; LangFuse's client has one that nobody awaits
    supported: { 'dynamic-import': false },
    outfile: path.join('dist', outfile),
    sourcemap: 'external',
    plugins: [ownParts, shared, inlineSemconv, priceData],
    alias,
    ...entryPoint,
  })
  metafiles[outfile] = result.metafile
  keepMap(outfile)
}

/** A source map beside the metafile, where it is no part of the package. `npm run count:call` finds files of functions by it. */
function keepMap(outfile) {
  renameSync(`dist/${outfile}.map`, `dist/.meta/${path.basename(outfile)}.map`)
}

/** By name of a module for which an instrumentation waits, what it patches: the module and files of its package. */
function patchedFiles(catalogue) {
  const definitions = instrumentation => [
    ...(instrumentation._modules ?? []),
    ...Object.values(instrumentation).flatMap(value => (value?._modules ? definitions(value) : [])),
  ]
  const table = {}
  for (const { name, targets } of catalogue) {
    const { create } = createRequire(import.meta.url)(path.join(root, `dist/chunks/instrument-${name}.cjs`))
    const all = definitions(create({ enabled: false }))
    for (const target of targets.filter(target => !isBuiltin(target))) {
      const own = all.filter(definition => definition.name === target)
      // one that patches nothing listens to a channel, and is to be loaded in time all the same
      const names =
        own.length === 0
          ? [target]
          : own.flatMap(({ patch, files }) => [...(patch ? [target] : []), ...files.map(file => file.name)])
      table[target] = [...new Set([...(table[target] ?? []), ...names])]
    }
  }
  return table
}

/** The plugins for bundlers, and what they share. */
async function bundleForBundlers() {
  const shared = {
    name: 'shared',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/transform$/ }, () => ({ path: './bundler.cjs', external: true }))
    },
  }
  const define = { AFN_PATCHED_FILES: JSON.stringify(patchedFiles(await readCatalogue())) }
  bundle('bundler.cjs', { entryPoints: ['src/bundler/transform.ts'], define })
  for (const name of [...bundlers, 'webpack-loader']) {
    const [entryPoints, outfile] = [[`src/bundler/${name}.ts`], path.join('dist', `${name}.cjs`)]
    const { metafile } = await build({ ...common, format: 'cjs', entryPoints, outfile, plugins: [shared] })
    metafiles[`${name}.cjs`] = metafile
  }
  for (const name of bundlers)
    writeFileSync(
      `dist/${name}.mjs`,
      `import { createRequire } from 'node:module'\nexport const { openTelemetryPlugin } = createRequire(import.meta.url)('./${name}.cjs')\n`,
    )
}

function types() {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { stdio: 'inherit' })
  // who has not installed the optional peer compiles all the same: what is of it is `any` there
  for (const [name, peer] of [
    ['sdk', /^import type .* from '@opentelemetry\/sdk-node';$/gm],
    ['logs/index', /^import type .* from 'pino';$/gm],
    ['logs/options', /^import type .* from 'pino';$|^export type Pino = typeof import\('pino'\);$/gm],
  ]) {
    const file = `dist/types/src/${name}.d.ts`
    const declared = readFileSync(file, 'utf8')
    if (!declared.match(peer)) throw new Error(`${file} does not import the peer as expected`)
    writeFileSync(file, declared.replace(peer, '// @ts-ignore\n$&'))
  }
  // the declarations are those of a CommonJS package; ES modules get a file each that passes them on
  for (const entry of [
    ...Object.values(publicEntries),
    'src/sdk.ts',
    'src/health/index.ts',
    'src/audit/index.ts',
    'src/logs/index.ts',
    'src/middleware/index.ts',
    ...bundlers.map(name => `src/bundler/${name}.ts`),
    ...appEntries.map(([, entry]) => entry),
  ]) {
    const stem = path.join('dist/types', entry.replace(/\.ts$/, ''))
    writeFileSync(`${stem}.d.mts`, `export * from './${path.basename(stem)}.js'\n`)
  }
}

/** The catalogue is TypeScript: bundle it and look. */
async function readCatalogue() {
  const outfile = path.join(root, 'node_modules/.cache/afn-build/catalogue.mjs')
  await build({ entryPoints: ['src/instrument/catalogue.ts'], bundle: true, format: 'esm', platform: 'node', outfile })
  return (await import(outfile)).catalogue
}

rmSync(dist, { recursive: true, force: true })
for (const folder of ['chunks', '.meta']) mkdirSync(path.join(dist, folder), { recursive: true })
types()

bundle('index.cjs', {
  entryPoints: ['src/preload/require.cts'],
  target: 'node10',
  external: ['./api.cjs'],
  sourcemap: 'external',
})
keepMap('index.cjs')
bundle('index.mjs', { entryPoints: ['src/preload/import.mts'], format: 'esm' })
bundle('loader.mjs', {
  entryPoints: ['src/instrument/loader.mts'],
  format: 'esm',
  external: ['import-in-the-middle/hook.mjs'],
})
for (const [name, entry] of Object.entries(publicEntries)) {
  bundle(`${name}.cjs`, { entryPoints: [entry] })
  bundle(`${name}.mjs`, { entryPoints: [entry], format: 'esm' })
}
await bundleForApps()
const external = [...common.external, '@opentelemetry/api', '@opentelemetry/sdk-node']
bundle('sdk.cjs', { entryPoints: ['src/sdk.ts'], external })
// the same copy for both module systems, and chunks are CommonJS
writeFileSync(
  'dist/sdk.mjs',
  "import { createRequire } from 'node:module'\nexport const { afnNodeSDK } = createRequire(import.meta.url)('./sdk.cjs')\n",
)
bundle('cli.cjs', {
  entryPoints: ['src/cli/main.ts'],
  banner: { js: '#!/usr/bin/env node' },
  external: [...common.external, '@duckdb/node-api'],
})

await bundleShared('start.cjs', 'src/preload/start.ts')
await bundleShared(
  'chunks/api.cjs',
  {
    code: "export * from '@opentelemetry/api'\nexport * from '@opentelemetry/api-logs'\nexport * from '@opentelemetry/core'",
  },
  { except: 'api' },
)
await bundleShared('chunks/instrumentation.cjs', 'src/instrument/safe.ts', {
  except: 'instrumentation',
  alias: {
    'require-in-the-middle': './src/instrument/require-hook.ts',
    'import-in-the-middle': './src/instrument/import-hook.ts',
  },
})
for (const [name, entry] of Object.entries({
  otlp: 'src/delivery/otlp.ts',
  console: 'src/delivery/console.ts',
  prometheus: 'src/delivery/prometheus/endpoint.ts',
  detectors: 'src/sdk/detectors.ts',
  propagators: 'src/sdk/propagators.ts',
  bundle: 'src/instrument/bundle.ts',
  runtime: 'src/sdk/runtime.ts',
  prices: 'src/llm/report/cost/prices.ts',
  dialects: 'src/llm/spans/dialects/index.ts',
  redact: 'src/redact/index.ts',
  slo: 'src/slo/edges.ts',
  langfuse: 'src/sdk/langfuse.ts',
  'ai-sdk': 'src/llm/observe/ai-sdk/spans.ts',
  'llm-http': 'src/llm/observe/http/client-request.ts',
  'llm-http2': 'src/llm/observe/http/client-stream.ts',
  'llm-undici': 'src/llm/observe/http/undici-request.ts',
})) {
  await bundleShared(`chunks/${name}.cjs`, entry)
}
// one copy for the port of the preload and for the app's own server
await bundleShared('health-parts.cjs', {
  code: "export * from './src/health/index'\nexport * from './src/health/server'",
})
writeFileSync('dist/chunks/health.cjs', "exports.serveHealth = require('../health-parts.cjs').serveHealth\n")
writeFileSync(
  'dist/health.cjs',
  "const { defineCheck, healthHandler } = require('./health-parts.cjs')\nmodule.exports = { defineCheck, healthHandler }\n",
)
writeFileSync(
  'dist/health.mjs',
  "import { createRequire } from 'node:module'\nexport const { defineCheck, healthHandler } = createRequire(import.meta.url)('./health.cjs')\n",
)
await bundleShared('audit.cjs', 'src/audit/index.ts')
writeFileSync(
  'dist/audit.mjs',
  "import { createRequire } from 'node:module'\nexport const { auditLog, AuditError } = createRequire(import.meta.url)('./audit.cjs')\n",
)
await bundleShared('logs.cjs', 'src/logs/index.ts')
copyFileSync('src/logs/logging-config.schema.json', 'dist/logging-config.schema.json')
copyFileSync('src/alerts/alerts-config.schema.json', 'dist/alerts-config.schema.json')
copyFileSync('src/config/monitoring-config.schema.json', 'dist/monitoring-config.schema.json')
copyFileSync('src/slo/slo.schema.json', 'dist/slo.schema.json')
writeFileSync(
  'dist/logs.mjs',
  "import { createRequire } from 'node:module'\nexport const { createLogger, setupObservabilityLogging, winstonTransport } = createRequire(import.meta.url)('./logs.cjs')\n",
)
await bundleShared('middleware.cjs', 'src/middleware/index.ts')
writeFileSync(
  'dist/middleware.mjs',
  "import { createRequire } from 'node:module'\nexport const { observability, requestFields } = createRequire(import.meta.url)('./middleware.cjs')\n",
)
await bundleShared('chunks/yaml.cjs', {
  code: "export { isMap, isScalar, LineCounter, parse, parseAllDocuments, parseDocument } from 'yaml'",
})
for (const { name, from } of await readCatalogue()) {
  const [module, class_] = from
  await bundleShared(`chunks/instrument-${name}.cjs`, {
    code: `import { ${class_} as Instrumentation } from '${module}'\nexport const create = (config: object) => new Instrumentation(config)`,
  })
}

await bundleForBundlers()

metafiles.explorer = { inputs: (await buildExplorer()).inputs }

writeFileSync(path.join(dist, '.meta/metafiles.json'), JSON.stringify(metafiles))
notices()

/** The licences of what is bundled, as they ask for. */
function notices() {
  const packages = new Set()
  for (const { inputs } of Object.values(metafiles)) {
    for (const input of Object.keys(inputs)) {
      const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(input)
      if (match) packages.add(match[1])
    }
  }
  const texts = [...packages].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find(file => /^(licen[cs]e|copying)/i.test(file))
    const text = file ? readFileSync(path.join(folder, file), 'utf8').trim() : `Licence: ${license}`
    return { name: `${name} ${version}`, text }
  })
  // most carry the same Apache licence: print each text once
  const byText = new Map()
  for (const { name, text } of texts) byText.set(text, [...(byText.get(text) ?? []), name])
  const body = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`)
  body.push(readFileSync('src/redact/detectors/person/names/LICENCES.txt', 'utf8'))
  const rule = `\n${'-'.repeat(80)}\n\n`
  writeFileSync('THIRD_PARTY_NOTICES', `This package contains the following software.\n${rule}${body.join(rule)}`)
}
