// What bundlers of apps read: modules that are not minified, so that they leave out what an app does not use. What the first
// part of the monitor needs is one module, `base.mjs`, and what its lazy part needs besides is another, `features.mjs`: webpack joins
// modules within a chunk, and pays for each one that two chunks share, and for each use of it, about 450 bytes of gzip in all;
// esbuild without chunks wraps each module that is imported lazily.
import path from 'node:path'
import { build } from 'esbuild'

/** What calls everything of the first part; it imports the lazy part, and stays out: not all who need `base` need that. */
const FIRST = 'src/browser/initialize.ts'
const MONITOR = 'src/browser/monitor.ts'
const BASE = 'dist/modules/browser/base.mjs'
/** What calls everything of the lazy part, and imports the seldom ones. */
const LATE = 'src/browser/late.ts'
const FEATURES = 'dist/modules/browser/features.mjs'

/** The modules that a module needs at once, itself included. */
function reach(inputs, entry, seen = new Set()) {
  if (seen.has(entry) || entry.includes('node_modules')) return seen
  seen.add(entry)
  for (const { path: to, kind } of inputs[entry].imports) if (kind === 'import-statement') reach(inputs, to, seen)
  return seen
}

/** A module that passes on all that the modules export, by name: the same name twice is an error, as `*` would not be. */
async function exportsOf(files) {
  const { metafile } = await build({ entryPoints: files, format: 'esm', outdir: 'dist', write: false, metafile: true })
  return Object.values(metafile.outputs)
    .map(({ exports, entryPoint }) => `export { ${exports} } from './${entryPoint}'`)
    .join('\n')
}

/**
 * @param {object} options of esbuild, for all modules
 * @param {Record<string, { imports: { path: string, kind: string }[] }>} inputs of a metafile: modules by path from the root
 * @returns the metafile of what was made
 */
export async function buildAppModules(options, inputs) {
  const files = Object.keys(inputs).filter(file => file.startsWith('src/'))
  const parts = new Map([...reach(inputs, FIRST), ...reach(inputs, MONITOR)].map(file => [file, BASE]))
  for (const file of reach(inputs, LATE)) if (!parts.has(file)) parts.set(file, FEATURES)
  parts.delete(FIRST)
  parts.delete(LATE)
  const asModules = { ...options, minify: false, format: 'esm' }
  const replaced = { [BASE]: 0, [FEATURES]: 0, modules: 0 }
  /** Imports of other parts, and of modules, stay imports. */
  const separate = {
    name: 'separate',
    setup({ onResolve, initialOptions: { outfile } }) {
      onResolve({ filter: /^\.\.?\// }, ({ path: to, importer, kind }) => {
        if (kind === 'entry-point' || importer.includes('/node_modules/')) return undefined
        const folder = path.dirname(path.relative('.', importer))
        const part = parts.get(`${path.join(folder, to)}.ts`)
        if (outfile && (!part || outfile === part)) return undefined
        replaced[part ?? 'modules']++
        if (!part) return { path: `${to}.mjs`, external: true }
        const from = outfile ? path.dirname(outfile) : folder.replace(/^src/, 'dist/modules')
        const toPart = path.relative(from, part)
        return { path: toPart.startsWith('.') ? toPart : `./${toPart}`, external: true }
      })
    },
  }
  const partInputs = []
  for (const outfile of [BASE, FEATURES]) {
    const contents = await exportsOf([...parts.keys()].filter(file => parts.get(file) === outfile))
    const { metafile } = await build({
      ...asModules,
      plugins: [separate],
      stdin: { contents, resolveDir: '.' },
      outfile,
    })
    partInputs.push(metafile.inputs)
  }
  const { metafile } = await build({
    ...asModules,
    entryPoints: files.filter(file => !parts.has(file)),
    outbase: 'src',
    outdir: 'dist/modules',
    outExtension: { '.js': '.mjs' },
    plugins: [...options.plugins, separate],
  })
  for (const [what, count] of Object.entries(replaced))
    if (count === 0) throw new Error(`no import of ${what} was replaced; adapt scripts/app-modules.mjs`)
  return { ...metafile, inputs: Object.assign({}, metafile.inputs, ...partInputs) }
}
