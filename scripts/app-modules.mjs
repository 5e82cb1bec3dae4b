// What bundlers of apps read: modules that are not minified, so that they leave out what an app does not use. What the first
// part of the monitor needs is one module, `base.mjs`, since its lazy part needs much of that too: webpack joins modules within
// a chunk, and pays for each one that two chunks share, and for each use of it, about 450 bytes of gzip in all.
import path from 'node:path'
import { build } from 'esbuild'

/** What calls everything of the first part; it imports the lazy part, and stays out: not all who need `base` need that. */
const FIRST = 'src/browser/initialize.ts'
const MONITOR = 'src/browser/monitor.ts'
const BASE = 'dist/modules/browser/base.mjs'

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
  const shared = [...reach(inputs, FIRST), ...reach(inputs, MONITOR)].filter(
    (file, index, all) => file !== FIRST && all.indexOf(file) === index,
  )
  const asModules = { ...options, minify: false, format: 'esm' }
  const contents = await exportsOf(shared)
  const base = await build({ ...asModules, plugins: [], stdin: { contents, resolveDir: '.' }, outfile: BASE })
  const replaced = { base: 0, module: 0 }
  const separate = {
    name: 'separate',
    setup({ onResolve, onEnd }) {
      onResolve({ filter: /^\.\.?\// }, ({ path: to, importer, kind }) => {
        if (kind === 'entry-point' || importer.includes('/node_modules/')) return undefined
        const folder = path.dirname(path.relative('.', importer))
        const isShared = shared.includes(`${path.join(folder, to)}.ts`)
        replaced[isShared ? 'base' : 'module']++
        if (!isShared) return { path: `${to}.mjs`, external: true }
        const toBase = path.relative(folder.replace(/^src/, 'dist/modules'), BASE)
        return { path: toBase.startsWith('.') ? toBase : `./${toBase}`, external: true }
      })
      onEnd(() => ({
        errors: Object.entries(replaced)
          .filter(([, count]) => count === 0)
          .map(([what]) => ({ text: `no import of a ${what} was replaced; adapt scripts/app-modules.mjs` })),
      }))
    },
  }
  const { metafile } = await build({
    ...asModules,
    entryPoints: files.filter(file => !shared.includes(file)),
    outbase: 'src',
    outdir: 'dist/modules',
    outExtension: { '.js': '.mjs' },
    plugins: [...options.plugins, separate],
  })
  return { ...metafile, inputs: { ...metafile.inputs, ...base.metafile.inputs } }
}
