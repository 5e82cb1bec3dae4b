// What an app's bundler makes of a page's script, for the sites of this folder.
import path from 'node:path'
import { build } from 'esbuild'
import { root } from '../support/packed'

const made = new Map<string, Promise<Map<string, string>>>()

/**
 * Once for each script, which a suite asks for again with every site.
 * @param script path from the root; what it imports lazily is a file of its own
 * @returns texts by the path of their URL; the script's is `/page.js`
 */
export function bundle(script: string): Promise<Map<string, string>> {
  const files = made.get(script) ?? bundled(script)
  made.set(script, files)
  return files
}

async function bundled(script: string): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: { page: script },
    absWorkingDir: root,
    outdir: '/',
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    write: false,
  })
  return new Map(outputFiles.map(({ path: name, text }) => [`/${path.basename(name)}`, text]))
}
