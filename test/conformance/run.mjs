// Runs one of the tools beside this file: `node test/conformance/run.mjs TOOL [ARGUMENT …]`, where TOOL.ts exports
// `main(arguments)` that resolves to the exit code.
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { install } from '../../scripts/install.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const [tool = '', ...args] = process.argv.slice(2)
install('test')

/** In a bundle each file still says where it stands in the repository; a string that names the address is left. */
const ownAddress = {
  name: 'own-address',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]test[\\/].*\.m?[jt]s$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replaceAll(
        /(?<!['"])import\.meta\.url/g,
        JSON.stringify(pathToFileURL(file).href),
      ),
      loader: file.endsWith('.ts') ? 'ts' : 'js',
    }))
  },
}

const outfile = path.join(here, `../node_modules/.cache/afn-conformance/${tool}.${process.pid}.mjs`)
await build({
  entryPoints: [path.join(here, `${tool}.ts`)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  // the store looks for DuckDB from where it stands
  define: { __filename: JSON.stringify(outfile) },
  plugins: [ownAddress],
  logLevel: 'error',
})
const { main } = await import(pathToFileURL(outfile).href)
await rm(outfile)
process.exitCode = await main(args).catch(error => {
  console.error(error)
  return 2
})
