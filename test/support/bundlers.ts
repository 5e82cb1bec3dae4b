// What the bundlers of apps make of an entry file, with what their users write: a page's first part, and what comes later.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import webpack from 'webpack'

export interface Bundle {
  /** The text of what a page loads at once. */
  readonly atOnce: string
  /** The texts of the chunks that it may load later. */
  readonly later: readonly string[]
}
export type Bundler = (entry: string) => Promise<Bundle>

export const gzip = (text: string): number => gzipSync(text, { level: 9 }).length

interface Chunk {
  readonly isEntry: boolean
  readonly code: string
}
const bundleOf = (chunks: readonly Chunk[]): Bundle => ({
  atOnce: chunks.find(({ isEntry }) => isEntry)!.code,
  later: chunks.filter(({ isEntry }) => !isEntry).map(({ code }) => code),
})

const byEsbuild: Bundler = async entry => {
  const { outputFiles, metafile } = await esbuild({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    outdir: path.dirname(entry),
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const textOf = new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text]))
  const outputOf = new Map(Object.entries(metafile.outputs).map(([file, output]) => [path.basename(file), output]))
  const atOnce = new Set<string>()
  const follow = (file: string) => {
    atOnce.add(file)
    for (const { kind, path: to } of outputOf.get(file)!.imports)
      if (kind === 'import-statement') follow(path.basename(to))
  }
  follow('entry.js')
  return {
    atOnce: [...atOnce].map(file => textOf.get(file)).join(''),
    later: [...textOf].filter(([file]) => !atOnce.has(file)).map(([, text]) => text),
  }
}

const byRollup: Bundler = async entry => {
  const bundle = await rollup({ input: entry, plugins: [nodeResolve({ browser: true }), terser()] })
  const { output } = await bundle.generate({ format: 'es' })
  return bundleOf(output.filter(file => file.type === 'chunk'))
}

const byVite: Bundler = async entry => {
  const result = await vite({
    configFile: false,
    logLevel: 'silent',
    root: path.dirname(entry),
    build: { write: false, target: 'es2022', modulePreload: false, rollupOptions: { input: entry } },
  })
  if (!('output' in result)) throw new Error('vite watches')
  return bundleOf(result.output.filter(output => output.type === 'chunk'))
}

const byWebpack: Bundler = async entry => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-webpack-'))
  const compiler = webpack({
    mode: 'production',
    context: path.dirname(entry),
    entry,
    target: ['web', 'es2022'],
    output: { path: folder, filename: 'entry.js' },
  })!
  await new Promise<void>((resolve, reject) =>
    compiler.run((error, stats) =>
      error || stats!.hasErrors() ? reject(error ?? new Error(stats!.toString())) : compiler.close(() => resolve()),
    ),
  )
  return bundleOf(
    readdirSync(folder)
      .filter(file => file.endsWith('.js'))
      .map(file => ({ isEntry: file === 'entry.js', code: readFileSync(path.join(folder, file), 'utf8') })),
  )
}

export const bundlers: Readonly<Record<string, Bundler>> = {
  esbuild: byEsbuild,
  Vite: byVite,
  Rollup: byRollup,
  'webpack 5': byWebpack,
}
