// A program made of TypeScript sources of this repository, as one file that Node runs.
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * @param {string} contents TypeScript, whose imports begin at the root of the repository
 * @param {string} outfile CommonJS
 */
export async function bundleSource(contents, outfile) {
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  })
}

/** `afn-otel collector` alone, with its arguments behind the file: quicker to make than the whole package. @param {string} outfile */
export const bundleCollectorCommand = outfile =>
  bundleSource(
    `import { collector } from './src/cli/collector'
    collector(process.argv.slice(2)).then(code => { process.exitCode = code })`,
    outfile,
  )
