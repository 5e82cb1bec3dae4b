// Makes the three forms in which applications run from one source.
import path from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { makeApp, root } from '../support/packed'
import type { Client } from './clients'

export const flavours = ['cjs', 'esm', 'bundled'] as const
export type Flavour = (typeof flavours)[number]

interface Command {
  preload: string[]
  file: string
  content: string
  /** By default what the setting is by default. */
  includeUsage?: string
}

/** What Node.js is started with, the preload first. */
export const commands: Record<Flavour, Command> = {
  cjs: { preload: ['--require', '@afn/otel'], file: 'app.cjs', content: 'off' },
  esm: { preload: ['--import', '@afn/otel'], file: 'app.mjs', content: 'full' },
  // modules can't be hooked in a bundle: what is seen is seen on the wire
  bundled: { preload: ['--require', '@afn/otel'], file: 'bundle.cjs', content: 'redacted', includeUsage: 'on' },
}

/** @param modules the client's modules as absolute paths */
export async function makeClientApp({ app }: Client, modules: Record<string, string>, flavour: Flavour) {
  const apart: BuildOptions = { packages: 'external' }
  const options: Record<Flavour, BuildOptions> = {
    cjs: { ...apart, format: 'cjs' },
    esm: { ...apart, format: 'esm' },
    bundled: {
      format: 'cjs',
      minify: true,
      alias: modules,
      // what a bundle in CommonJS has in place of a module's address
      define: { 'import.meta.url': 'importMetaUrl' },
      banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href' },
    },
  }
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'test/clients', app)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'error',
    ...options[flavour],
  })
  return makeApp({ files: { [commands[flavour].file]: outputFiles![0]!.text }, modules })
}
