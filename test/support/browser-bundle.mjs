// What modules weigh for a browser, as one file made by esbuild. For tests and benches.
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = path.join(import.meta.dirname, '../..')

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
    stdin: { contents: code, resolveDir: root },
    plugins: [eager],
    define: { AFN_OTEL_VERSION: '"0.1.0"' },
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
