// `@afn/otel/esbuild`.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ORIGINAL, transform } from './transform'

interface File {
  readonly path: string
  readonly resolveDir?: string
}

interface LoadResult {
  contents: string
  loader: 'js'
  resolveDir: string
}

/** What this plugin uses of esbuild's. */
interface Build {
  onResolve(options: { filter: RegExp }, callback: (args: { path: string; resolveDir: string }) => object): void
  onLoad(options: { filter: RegExp; namespace?: string }, callback: (args: File) => LoadResult | undefined): void
}

/**
 * For esbuild's `plugins`: the libraries in a bundle have the spans that they have in `node_modules`, once the process is
 * started with `--require @afn/otel` or `--import @afn/otel`. Without that the bundle behaves as one without the plugin.
 */
export function openTelemetryPlugin(): { name: string; setup(build: Build): void } {
  const loaded = (file: string, contents: string): LoadResult => ({
    contents,
    loader: 'js',
    resolveDir: path.dirname(file),
  })
  return {
    name: '@afn/otel',
    setup({ onResolve, onLoad }) {
      const namespace = 'afn-otel-original'
      onResolve({ filter: /\?afn-otel-original$/ }, ({ path: specifier, resolveDir }) => ({
        path: path.resolve(resolveDir, specifier.slice(0, -ORIGINAL.length)),
        namespace,
      }))
      onLoad({ filter: /.*/, namespace }, ({ path: file }) => loaded(file, readFileSync(file, 'utf8')))
      onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/, namespace: 'file' }, ({ path: file }) => {
        const code = transform(file, () => readFileSync(file, 'utf8'))
        return code === undefined ? undefined : loaded(file, code)
      })
    },
  }
}
