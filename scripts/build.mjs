// `npm run build`: types by tsc, code by esbuild, into dist/. One start chunk, everything else in chunks that are loaded
// when they are needed; `bundles.mjs` has the table. `node scripts/build.mjs --only NAME`, once or several times, makes parts in a
// `dist` that is there: a bundle by its file (`chunks/otlp.cjs`, or `otlp`), `modules`, `explorer` or `types`.
import { execFile } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { build } from 'esbuild'
import { buildAppModules } from './app-modules.mjs'
import {
  appEntries,
  bundlers,
  bundles,
  fetchEntries,
  instrumentations,
  publicEntries,
  texts,
  transform,
} from './bundles.mjs'
import { buildExplorer } from './explorer.mjs'
import { buildFetchEntries } from './fetch-entries.mjs'
import { inPieces } from './in-pieces.mjs'
import { inlineSemconv } from './inline-semconv.mjs'
import { priceData } from './price-data-plugin.mjs'
import { billOfMaterials } from './sbom.mjs'
import { apiCopy, chunksOfCli, ownParts, redactionFile, requiredFiles, substitute } from './substitutions.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const dist = path.join(root, 'dist')
const metafilesFile = path.join(dist, '.meta/metafiles.json')
process.chdir(root)

/** Packages of which one copy serves all chunks. */
const sharedChunks = {
  '@opentelemetry/api': 'api',
  '@opentelemetry/core': 'api',
  '@opentelemetry/instrumentation': 'instrumentation',
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

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

const forApps = {
  ...common,
  target: 'es2022',
  charset: 'utf8',
  external: ['@opentelemetry/api'],
  define: { AFN_OTEL_VERSION: JSON.stringify(version) },
}

/** Options of esbuild by kind of a bundle. */
const kinds = {
  alone: file => ({ ...common, plugins: [substitute(file, file === 'cli.cjs' ? chunksOfCli : apiCopy)] }),
  app: file => ({ ...forApps, plugins: [substitute(file, [redactionFile('./redact.cjs', 'next.cjs')])] }),
  bundler: file => ({ ...common, plugins: [substitute(file, requiredFiles)] }),
  shared: (file, isInPieces) => ({
    ...common,
    // they are compiled by `src/app/preload/module-loader.ts`, where an import() rejects; LangFuse's client has one that nobody awaits
    supported: { 'dynamic-import': false },
    plugins: [
      substitute(file, ownParts),
      substitute(file, requiredFiles),
      sharedPackages(file),
      substitute(file, apiCopy),
      inlineSemconv,
      ...(file === 'chunks/prices-pieces.cjs' ? [priceData] : []),
      ...(isInPieces ? [inPieces] : []),
    ],
  }),
}

/** Requires the chunk that holds the one copy of a package. */
const sharedPackages = file => ({
  name: 'shared-packages',
  setup({ onResolve }) {
    onResolve({ filter: /^@opentelemetry\/(api|core|instrumentation)$/ }, ({ path: name }) => {
      const chunk = `chunks/${sharedChunks[name]}.cjs`
      if (chunk === file) return undefined
      const relative = path.posix.relative(path.posix.dirname(file), chunk)
      return { path: relative.startsWith('.') ? relative : `./${relative}`, external: true }
    })
  },
})

/** Makes one bundle. @returns esbuild's metafile */
async function make({ file, entry, code, kind, inPieces: isInPieces, options }) {
  const outfile = path.join('dist', file)
  // where functions of the preload come from: `npm run count:call` reads the maps, which are no part of the package
  const isMapped = kind === 'shared' || file === 'index.cjs'
  const { metafile } = await build({
    ...kinds[kind](file, isInPieces),
    format: file.endsWith('.mjs') ? 'esm' : 'cjs',
    outfile,
    ...(isMapped && { sourcemap: 'external' }),
    ...(entry ? { entryPoints: [entry] } : { stdin: { contents: code, resolveDir: root, loader: 'ts' } }),
    ...options,
  })
  if (isMapped) renameSync(`${outfile}.map`, path.join(dist, '.meta', `${path.basename(file)}.map`))
  return metafile
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

async function types() {
  await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { maxBuffer: 1e8 }).catch(
    ({ stdout, stderr }) => {
      throw new Error(`tsc -b:\n${stdout}${stderr}`)
    },
  )
  // who has not installed the optional peer compiles all the same: what is of it is `any` there
  for (const [name, peer] of [
    ['app/sdk', /^import type .* from '@opentelemetry\/sdk-node';$/gm],
    ['app/logs/index', /^import type .* from 'pino';$/gm],
    ['app/logs/options', /^import type .* from 'pino';$|^export type Pino = typeof import\('pino'\);$/gm],
  ]) {
    const file = `dist/types/src/${name}.d.ts`
    const declared = readFileSync(file, 'utf8')
    if (!declared.match(peer)) throw new Error(`${file} does not import the peer as expected`)
    writeFileSync(file, declared.replace(peer, '// @ts-ignore\n$&'))
  }
  // the declarations are those of a CommonJS package; ES modules get a file each that passes them on
  for (const entry of [
    ...Object.values(publicEntries),
    'src/app/sdk.ts',
    'src/app/health/index.ts',
    'src/app/audit/index.ts',
    'src/app/logs/index.ts',
    'src/app/middleware/index.ts',
    ...bundlers.map(name => `src/app/bundler/${name}.ts`),
    ...appEntries.map(([, entry]) => entry),
    ...Object.values(fetchEntries),
  ]) {
    const stem = path.join('dist/types', entry.replace(/\.ts$/, ''))
    writeFileSync(`${stem}.d.mts`, `export * from './${path.basename(stem)}.js'\n`)
  }
}

/** The two tables are TypeScript: bundle them and look. */
async function readInstrumentations() {
  const outfile = path.join(root, 'node_modules/.cache/afn-build/instrumentations.mjs')
  await build({
    stdin: {
      contents: "export * from './src/app/instrument/catalogue'; export * from './src/app/instrument/sources'",
      resolveDir: root,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
  })
  return await import(outfile)
}

/** What is copied or written as it is. */
function files() {
  for (const [file, text] of Object.entries(texts)) writeFileSync(path.join('dist', file), text)
  for (const schema of [
    'app/logs/logging-config',
    'monitoring/alerts/alerts-config',
    'shared/config/monitoring-config',
    'monitoring/slo/slo',
  ])
    copyFileSync(`src/${schema}.schema.json`, `dist/${path.basename(schema)}.schema.json`)
}

/** The packages whose code is in a bundle, by folder. */
function bundledPackages(metafiles) {
  const inputs = Object.values(metafiles).flatMap(metafile => Object.keys(metafile.inputs))
  const folders = inputs.flatMap(input => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? [])
  return [...new Set(folders)].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    return { folder, name, version, license }
  })
}

/** The licences of what is bundled, as they ask for. */
function notices(packages) {
  const texts = packages.map(({ folder, name, version, license }) => {
    const file = readdirSync(folder).find(file => /^(licen[cs]e|copying)/i.test(file))
    const text = file ? readFileSync(path.join(folder, file), 'utf8').trim() : `Licence: ${license}`
    return { name: `${name} ${version}`, text }
  })
  // most carry the same Apache licence: print each text once
  const byText = new Map()
  for (const { name, text } of texts) byText.set(text, [...(byText.get(text) ?? []), name])
  const body = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`)
  body.push(readFileSync('src/shared/redact/detectors/person/names/LICENCES.txt', 'utf8'))
  body.push(readFileSync('src/shared/redact/prose/LICENCES.txt', 'utf8'))
  body.push(readFileSync('src/app/llm/report/cost/LICENCE-litellm.txt', 'utf8'))
  const rule = `\n${'-'.repeat(80)}\n\n`
  writeFileSync('THIRD_PARTY_NOTICES', `This package contains the following software.\n${rule}${body.join(rule)}`)
}

/**
 * Everything that is made, by name: functions that return a metafile, or nothing. They run side by side; one that needs
 * what another one makes awaits that.
 */
function parts({ catalogue, sources }, isAlone) {
  const ofInstrumentations = instrumentations(sources)
  const needed = ['chunks/api.cjs', 'chunks/instrumentation.cjs', ...ofInstrumentations.map(({ file }) => file)]
  const all = {}
  const add = (name, run) => {
    let started
    all[name] = () => {
      started ??= run()
      return started
    }
  }
  add('types', types)
  for (const bundle of [...bundles(), ...ofInstrumentations]) add(bundle.file, () => make(bundle))
  // alone it takes what an earlier build made
  const made = name => (isAlone ? undefined : all[name]())
  add(transform.file, async () => {
    await Promise.all(needed.map(made))
    return make({ ...transform, options: { define: { AFN_PATCHED_FILES: JSON.stringify(patchedFiles(catalogue)) } } })
  })
  add('modules', async () => {
    const metafiles = await Promise.all(appEntries.map(([name]) => all[`${name}.cjs`]()))
    const plugins = [substitute('modules', [redactionFile('../../../redact.mjs', 'modules')])]
    return buildAppModules({ ...forApps, plugins }, Object.assign({}, ...metafiles.map(({ inputs }) => inputs)))
  })
  add('fetch', () => buildFetchEntries({ define: forApps.define, outdir: 'dist/fetch' }))
  add('explorer', async () => ({ inputs: (await buildExplorer()).inputs }))
  return all
}

/** A part by its name, or by that of its file. */
const isNamed = (part, name) =>
  part === name || path.parse(part).name.replace(/-pieces$/, '') === name || part === `${name}.cjs`

const { only } = parseArgs({ options: { only: { type: 'string', multiple: true } } }).values
const all = parts(await readInstrumentations(), only !== undefined)
const unknown = only?.filter(one => !Object.keys(all).some(name => isNamed(name, one))) ?? []
if (unknown.length > 0) {
  console.error(`there is no part ${unknown.join(', ')}; there are:\n${Object.keys(all).join('\n')}`)
  process.exit(1)
}
const names = Object.keys(all).filter(name => only === undefined || only.some(one => isNamed(name, one)))
if (only === undefined) rmSync(dist, { recursive: true, force: true })
for (const folder of ['chunks', '.meta']) mkdirSync(path.join(dist, folder), { recursive: true })
const metafiles = existsSync(metafilesFile) ? JSON.parse(readFileSync(metafilesFile, 'utf8')) : {}
await Promise.all(
  names.map(async name => {
    const metafile = await all[name]()
    if (metafile) metafiles[name] = metafile
  }),
)
files()
writeFileSync(metafilesFile, JSON.stringify(metafiles))
if (only === undefined) {
  const packages = bundledPackages(metafiles)
  notices(packages)
  writeFileSync('sbom.cdx.json', billOfMaterials(new Set(packages.map(({ name, version }) => `${name}@${version}`))))
} else console.log(`made ${names.join(', ')}`)
