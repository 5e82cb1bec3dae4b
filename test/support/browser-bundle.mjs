// What an entry weighs for a browser, by esbuild with code splitting as an app would use it. For tests and benches.

import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/**
 * @param {string[]} entries paths from the root; the first is loaded first
 * @param {string} root
 * @returns {Promise<{ entry: string, gzip: number, files: Record<string, number>, outputs: Record<string, string> }[]>}
 *   for each entry what it adds to those before it: gzip -9 in bytes, minified bytes of each source file, the text of the
 *   new files
 */
export async function weigh(entries, root) {
  const { outputFiles, metafile } = await build({
    entryPoints: entries,
    absWorkingDir: root,
    outdir: '/',
    outbase: root,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([name, output]) => {
      const file = path.resolve(root, name)
      return [file, { ...output, text: outputFiles.find(found => found.path === file)?.text ?? '' }]
    }),
  )
  const loaded = new Set()
  return entries.map(entry => {
    const fresh = []
    const load = file => {
      if (loaded.has(file)) return
      loaded.add(file)
      fresh.push(file)
      for (const { path: imported } of outputs.get(file).imports) load(path.resolve(root, imported))
    }
    load([...outputs].find(([, { entryPoint }]) => entryPoint === entry)[0])
    const files = {}
    for (const file of fresh)
      for (const [input, { bytesInOutput }] of Object.entries(outputs.get(file).inputs)) files[input] = bytesInOutput
    const gzip = fresh.reduce((sum, file) => sum + gzipSync(outputs.get(file).text, { level: 9 }).length, 0)
    return { entry, gzip, files, outputs: Object.fromEntries(fresh.map(file => [file, outputs.get(file).text])) }
  })
}
