// What esbuild makes in `dist`: one table, which the build carries out and knip takes its entries from. The chunks stand in
// `src/app/chunks.ts`, where the loader has their types, and those of instrumentations in `src/app/instrument/sources.ts`.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * @typedef {object} Bundle
 * @property {string} file below `dist`
 * @property {string} [entry] source file, from the root
 * @property {string} [code] TypeScript in the place of an entry, whose imports are from the root
 * @property {'alone' | 'shared' | 'app' | 'bundler'} kind
 * - `alone`: holds a copy of all that it needs.
 * - `shared`: requires the chunks `api` and `instrumentation`, of which a process has one copy.
 * - `app`: for bundlers of apps, with OpenTelemetry's API as a peer.
 * - `bundler`: a plugin, which requires `bundler.cjs`.
 * @property {boolean} [inPieces] its modules are evaluated one by one: see `in-pieces.mjs`
 * @property {object} [options] of esbuild
 */

/** Entry files that apps resolve, each as CommonJS and as an ES module. */
export const publicEntries = {
  api: 'src/app/api.ts',
  redact: 'src/shared/redact/index.ts',
  semconv: 'semconv/index.ts',
}

/** What bundlers of apps read: [name of the CommonJS file, entry]. */
export const appEntries = [
  ['browser', 'src/browser/index.ts'],
  ['browser-core', 'src/browser/core.ts'],
  ['browser-otel', 'src/browser/otel.ts'],
  ['next', 'src/app/next/index.ts'],
  ['health-worker', 'src/app/health/worker.ts'],
]

/** For runtimes without Node's modules, by their name below `dist/fetch`: ES modules that share what they both need. */
export const fetchEntries = {
  index: 'src/app/fetch/index.ts',
  protocols: 'src/app/fetch/every-protocol.ts',
  prices: 'src/app/fetch/prices.ts',
  'durable-objects': 'src/app/fetch/durable-objects.ts',
}

/** Bundlers that have a plugin. */
export const bundlers = ['esbuild', 'rollup', 'webpack']

const external = ['import-in-the-middle']

/**
 * Chunks that take longer than a turn of the event loop may. What is in one is in a file `NAME-pieces.cjs` beside it, which evaluates its modules one by one for who
 * asks for that (`in-pieces.mjs`); each with the modules that it offers besides its own.
 */
const inPieces = {
  // the CLI says which rule found what
  redact: ['src/shared/redact/explain', 'src/shared/redact/early'],
  prices: [],
}

/** @type {Bundle[]} */
const fixed = [
  {
    file: 'index.cjs',
    entry: 'src/app/preload/require.cts',
    kind: 'alone',
    options: { target: 'node10', external: ['./api.cjs'] },
  },
  { file: 'index.mjs', entry: 'src/app/preload/import.mts', kind: 'alone' },
  {
    file: 'loader.mjs',
    entry: 'src/app/instrument/loader.mts',
    kind: 'alone',
    options: { external: ['import-in-the-middle/hook.mjs'] },
  },
  { file: 'lambda.mjs', entry: 'src/app/lambda/handler.mts', kind: 'alone' },
  ...Object.entries(publicEntries).flatMap(([name, entry]) =>
    ['cjs', 'mjs'].map(format => ({ file: `${name}.${format}`, entry, kind: 'alone' })),
  ),
  {
    file: 'sdk.cjs',
    entry: 'src/app/sdk.ts',
    kind: 'alone',
    options: { external: [...external, '@opentelemetry/sdk-node'] },
  },
  {
    file: 'cli.cjs',
    entry: 'src/cli/main.ts',
    kind: 'alone',
    options: {
      banner: { js: '#!/usr/bin/env node' },
      external: [...external, '@duckdb/node-api', '@modelcontextprotocol/server'],
    },
  },
  ...appEntries.map(([name, entry]) => ({ file: `${name}.cjs`, entry, kind: 'app' })),
  // of this package nobody imports it: it is uploaded as it is
  {
    file: 'cloudflare-worker.mjs',
    entry: 'src/operations/cloudflare/worker/index.ts',
    kind: 'alone',
    options: { platform: 'neutral', conditions: ['workerd', 'worker', 'import'] },
  },
  // in each process of an app that `afn-otel replay` starts
  { file: 'replay.cjs', entry: 'src/app/llm/replay/preload.ts', kind: 'alone' },
  { file: 'start.cjs', entry: 'src/app/preload/start.ts', kind: 'shared' },
  {
    file: 'chunks/api.cjs',
    code: "export * from './src/app/opentelemetry-api'\nexport * from '@opentelemetry/core'",
    kind: 'shared',
    // esbuild exports by functions that give the values; other chunks read these several times for each span
    options: { footer: { js: 'module.exports={__esModule:true,...module.exports}' } },
  },
  // one copy for the port of the preload and for the app's own server
  {
    file: 'health-parts.cjs',
    code: "export * from './src/app/health/index'\nexport * from './src/app/health/server'",
    kind: 'shared',
  },
  { file: 'audit.cjs', entry: 'src/app/audit/index.ts', kind: 'shared' },
  { file: 'logs.cjs', entry: 'src/app/logs/index.ts', kind: 'shared' },
  { file: 'middleware.cjs', entry: 'src/app/middleware/index.ts', kind: 'shared' },
  ...[...bundlers, 'webpack-loader'].map(name => ({
    file: `${name}.cjs`,
    entry: `src/app/bundler/${name}.ts`,
    kind: 'bundler',
  })),
]

/** Of the bundlers' plugins what they share; it holds a table that is made of the chunks of instrumentations. */
export const transform = { file: 'bundler.cjs', entry: 'src/app/bundler/transform.ts', kind: 'alone' }

const reexport = (file, names) =>
  `import { createRequire } from 'node:module'\nexport const { ${names} } = createRequire(import.meta.url)('./${file}')\n`

/**
 * Files that only pass on what is in another one, by their path below `dist`. Chunks are CommonJS, and of the classes in
 * them one copy has to serve both module systems.
 */
export const texts = {
  'sdk.mjs': reexport('sdk.cjs', 'afnNodeSDK'),
  'chunks/health.cjs': "exports.serveHealth = require('../health-parts.cjs').serveHealth\n",
  'health.cjs':
    "const { defineCheck, healthHandler } = require('./health-parts.cjs')\nmodule.exports = { defineCheck, healthHandler }\n",
  // the same code as the chunk, which is a third of a megabyte, and has what the CLI asks for besides
  'redact.cjs':
    "const { createRedactor, defineDetector, redact } = require('./chunks/redact.cjs')\nmodule.exports = { createRedactor, defineDetector, redact }\n",
  ...Object.fromEntries(
    Object.keys(inPieces).map(name => [
      `chunks/${name}.cjs`,
      `module.exports = require('./${name}-pieces.cjs').whole()\n`,
    ]),
  ),
  'health.mjs': reexport('health.cjs', 'defineCheck, healthHandler'),
  'audit.mjs': reexport('audit.cjs', 'auditLog, AuditError'),
  'logs.mjs': reexport('logs.cjs', 'createLogger, setupObservabilityLogging, winstonTransport'),
  'middleware.mjs': reexport('middleware.cjs', 'observability, requestFields'),
  ...Object.fromEntries(bundlers.map(name => [`${name}.mjs`, reexport(`${name}.cjs`, 'openTelemetryPlugin')])),
}

/** Of packages that are chunks what the code of this repository uses. */
const used = {
  yaml: "export { Document, isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parse, parseAllDocuments, parseDocument, stringify, visit, YAMLMap } from 'yaml'",
}

/**
 * The members of the interface `Chunks`: names and the modules that type them, from `src/app`.
 * @param {string} source of `src/app/chunks.ts`
 * @returns {[name: string, module: string][]}
 */
export function readChunks(source) {
  const body = /^export interface Chunks \{\n(.*?)^\}/ms.exec(source)?.[1]
  if (body === undefined) throw new Error('src/app/chunks.ts has no interface Chunks')
  const lines = body.split('\n').filter(line => /^ {2}[\w']/.test(line))
  return lines.map(line => {
    const member = /^ {2}(?:(\w+)|'([\w-]+)'): typeof import\('([^']+)'\)$/.exec(line)
    if (!member) throw new Error(`src/app/chunks.ts: no chunk can be made of "${line.trim()}"`)
    return [member[1] ?? member[2], member[3]]
  })
}

const sourceOf = stem => [`${stem}.ts`, `${stem}/index.ts`].find(existsSync)

function chunkBundle([name, module]) {
  const file = `chunks/${name}.cjs`
  if (used[module]) return { file, code: used[module], kind: 'shared' }
  const stem = path.posix.join('src/app', module)
  const entry = sourceOf(stem)
  if (!entry) throw new Error(`src/app/chunks.ts: ${module} of the chunk ${name} is no file of src`)
  if (!inPieces[name]) return { file, entry, kind: 'shared' }
  const code = [stem, ...inPieces[name]].map(module => `export * from './${module}'`).join('\n')
  return { file: `chunks/${name}-pieces.cjs`, code, kind: 'shared', inPieces: true }
}

/** All but the instrumentations and `transform`. The working directory is the root. @returns {Bundle[]} */
export function bundles() {
  const chunks = readChunks(readFileSync('src/app/chunks.ts', 'utf8'))
  return [...fixed, ...chunks.map(chunkBundle)].filter(({ file }) => !texts[file])
}

/** @param {Readonly<Record<string, readonly [string, string]>>} sources @returns {Bundle[]} */
export function instrumentations(sources) {
  return Object.entries(sources).map(([name, [module, class_]]) => ({
    file: `chunks/instrument-${name}.cjs`,
    code: `import { ${class_} as Instrumentation } from '${module}'\nexport const create = (config: object) => new Instrumentation(config)`,
    kind: 'shared',
  }))
}

/** Source files that nothing imports, since a bundle begins with them. @returns {string[]} */
export function entries() {
  const ofCode = code => [...code.matchAll(/from '\.\/(src\/[^']+)'/g)].map(([, stem]) => sourceOf(stem))
  const ofBundles = [transform, ...bundles()].flatMap(({ entry, code }) => (entry ? [entry] : ofCode(code)))
  return [...ofBundles, ...Object.values(fetchEntries)]
}
