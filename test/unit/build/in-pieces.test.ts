// Chunks whose modules are evaluated one by one, as the build makes them.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { bundles } from '../../../scripts/bundles.mjs'
import { inPieces } from '../../../scripts/in-pieces.mjs'

interface InPieces {
  /** Goes on where whoever asked before has stopped. */
  readonly pieces: () => Generator<unknown, Record<string, unknown>>
  readonly whole: () => Record<string, unknown>
}

const codeOf = (name: string) => bundles().find(({ file }) => file === `chunks/${name}-pieces.cjs`)?.code as string

async function make(code: string, folder: string) {
  const outfile = path.join(mkdtempSync(path.join(tmpdir(), 'in-pieces-')), 'chunk.cjs')
  const { metafile } = await build({
    stdin: { contents: code, resolveDir: folder, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    lineLimit: 160,
    metafile: true,
    plugins: [inPieces],
    outfile,
  })
  const load = (): InPieces => {
    const require = createRequire(outfile)
    delete require.cache[outfile]
    return require(outfile)
  }
  const inputs = Object.entries(Object.values(metafile.outputs)[0]!.inputs)
  const modules = inputs.filter(([file, { bytesInOutput }]) => file.startsWith('src/') && bytesInOutput > 12).length
  return { load, modules }
}

it('each piece evaluates one module, after those that it needs, and the whole evaluates what is left, once', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'in-pieces-'))
  const evaluated: string[] = []
  Object.assign(globalThis, { evaluated })
  const module = (name: string, code: string) =>
    writeFileSync(path.join(folder, `${name}.ts`), `${code}\nglobalThis.evaluated.push('${name}')\n`)
  module('a', 'export const one: number = 1')
  module('b', "import { one } from './a'\nexport const two = one + 1")
  module('c', "import { two } from './b'\nexport const three = two + 1")
  const { load } = await make("export * from './c'", folder)
  const { pieces, whole } = load()
  expect(evaluated).toEqual([])
  const some = pieces()
  const after = Array.from({ length: 3 }, () => {
    some.next()
    return evaluated.join('')
  })
  expect(after).toEqual(['', 'a', 'ab'])
  expect(whole().three).toBe(3)
  for (const _ of pieces());
  expect(evaluated).toEqual(['a', 'b', 'c'])
})

/** The pieces until the chunk is there. */
function count(generator: Generator): number {
  let pieces = 0
  while (!generator.next().done) pieces++
  return pieces
}

it.each([
  ['redact', 100],
  ['prices', 8],
])('the chunk %s has a piece for each module of ours', async (name, least) => {
  const { load, modules } = await make(codeOf(name), process.cwd())
  const pieces = count(load().pieces())
  expect(modules).toBeGreaterThan(least)
  // of packages no module is a piece of its own, and to make what comes early is one
  expect(pieces).toBeGreaterThanOrEqual(modules)
})

it('the redactor that was loaded in pieces is the one that is loaded at once', async () => {
  const { load } = await make(codeOf('redact'), process.cwd())
  const [slowly, atOnce] = [load(), load()]
  count(slowly.pieces())
  const text = 'From: Bob Smith <bob@example.com>, tel. +49 30 901820, api_key_prod=9f8a7b6c5d4e3f2a1b0c'
  const found = [slowly, atOnce].map(({ whole }) => (whole().redact as (text: string) => string)(text))
  expect(found[0]).toContain('[EMAIL]')
  expect(found[1]).toBe(found[0])
})
