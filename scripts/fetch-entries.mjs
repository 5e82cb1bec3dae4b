// The entries of `@afn/otel/fetch`, in which nothing of Node's is left: ES modules, which share what two of them need. There is no
// CommonJS of them: the runtimes that they are for have none, and it would be 130 KB of the package.
import { build } from 'esbuild'
import { fetchEntries } from './bundles.mjs'
import { substitute, withoutNode, withoutNodeGlobals } from './substitutions.mjs'

/**
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<import('esbuild').Metafile>}
 */
export async function buildFetchEntries(options) {
  const { metafile } = await build({
    entryPoints: fetchEntries,
    bundle: true,
    // no platform: a module of Node would be an error
    platform: 'neutral',
    target: 'es2022',
    mainFields: ['module', 'main'],
    charset: 'utf8',
    legalComments: 'none',
    minify: true,
    metafile: true,
    logLevel: 'warning',
    external: ['@opentelemetry/api'],
    inject: [withoutNodeGlobals],
    plugins: [substitute('fetch', withoutNode)],
    format: 'esm',
    splitting: true,
    chunkNames: 'shared-[hash]',
    outExtension: { '.js': '.mjs' },
    ...options,
  })
  return metafile
}
