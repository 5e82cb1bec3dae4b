// The explorer's page, by Vite, into dist/explorer. `node scripts/explorer.mjs` builds it alone.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** @returns the modules that are in it, as esbuild's metafile names them: paths from the root */
export async function buildExplorer(outDir = path.join(root, 'dist/explorer')) {
  const { output } = await build({
    root: path.join(root, 'src/backend/explorer'),
    base: './',
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      // under the page's policy, nothing may be inline
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  })
  const modules = output.flatMap(({ moduleIds = [] }) => moduleIds.map(id => path.relative(root, id.split('?')[0])))
  return { inputs: Object.fromEntries(modules.map(id => [id, {}])), output }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { output } = await buildExplorer()
  const sizes = output.map(({ fileName, code, source }) => [fileName, (code ?? source).length])
  for (const [name, size] of sizes) console.log(`${String(size).padStart(8)} ${name}`)
  const script = sizes.filter(([name]) => name.endsWith('.js')).reduce((sum, [, size]) => sum + size, 0)
  console.log(`${String(script).padStart(8)} bytes of script`)
}
