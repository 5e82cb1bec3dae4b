// What modules weigh for a browser, as one file made by esbuild. For tests and benches.
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = path.join(import.meta.dirname, '../..')

/**
 * @param {string[]} entries paths from the root, of which one file is made with all that they export
 * @returns {Promise<{ text: string, gzip: number, files: Record<string, number> }>} the file, its bytes by gzip -9, and
 *   the minified bytes of each source file
 */
export async function bundleForBrowser(entries) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: entries.map(entry => `export * from './${entry}'`).join('\n'), resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const { text } = outputFiles[0]
  const inputs = Object.entries(Object.values(metafile.outputs)[0].inputs)
  return {
    text,
    gzip: gzipSync(text, { level: 9 }).length,
    files: Object.fromEntries(inputs.map(([file, { bytesInOutput }]) => [file, bytesInOutput])),
  }
}
