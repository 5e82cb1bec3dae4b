// What modules weigh for a browser, as one file made by esbuild. For tests and benches.
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = path.join(import.meta.dirname, '../..')

const forBrowsers = /** @type {const} */ ({
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  charset: 'utf8',
  write: false,
})

/**
 * What an app's bundler makes of a page's script: `page.js`, and a file of its own for what is imported lazily.
 * @param {string} script its path; a relative one is from `folder`
 * @param {string} folder
 * @param {import('esbuild').BuildOptions} [more]
 * @returns {Promise<{ files: Map<string, string>, metafile: import('esbuild').Metafile }>} texts by the name of their file
 */
export async function bundlePage(script, folder, more) {
  const { outputFiles, metafile } = await build({
    ...forBrowsers,
    entryPoints: { page: script },
    absWorkingDir: folder,
    outdir: '/',
    splitting: true,
    metafile: true,
    ...more,
  })
  return { files: new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text])), metafile }
}

/** @param {string[]} entries paths from the root, of which one file is made with all that they export */
export const bundleForBrowser = entries => bundleCode(entries.map(entry => `export * from './${entry}'`).join('\n'))

/** What is imported lazily stays outside. */
const eager = {
  name: 'eager',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path: name, kind }) =>
      kind === 'dynamic-import' ? { path: name, external: true } : undefined,
    )
  },
}

/**
 * @param {string} code whose paths are relative to the root
 * @returns {Promise<{ text: string, gzip: number, files: Record<string, number> }>} the file, its bytes by gzip -9, and
 *   the minified bytes of each source file
 */
export async function bundleCode(code) {
  const { outputFiles, metafile } = await build({
    ...forBrowsers,
    stdin: { contents: code, resolveDir: root },
    plugins: [eager],
    define: { AFN_OTEL_VERSION: '"0.1.0"' },
    absWorkingDir: root,
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
