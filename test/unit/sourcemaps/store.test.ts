// Maps of real bundles into the store and out of it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { findMaps } from '../../../src/backend/sourcemaps/find'
import { buildIdOf, putBuild, SourceMaps } from '../../../src/backend/sourcemaps/store'
import { symbolicate } from '../../../src/backend/sourcemaps/symbolicate'
import { bundleShop, throwing } from '../../support/shop'

let folder: string
let store: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-maps-'))
  store = path.join(folder, 'store')
})

/** @returns where the bundle is, and its build id */
async function uploaded(name: string, options: Parameters<typeof bundleShop>[1] = {}) {
  const dist = path.join(folder, name)
  await bundleShop(dist, options)
  const { maps } = findMaps(dist)
  const id = buildIdOf(maps)
  putBuild(store, id, maps)
  return { dist, id }
}

const shown = (stack: string, build?: string) => {
  const maps = new SourceMaps(store)
  return symbolicate(stack, file => maps.mapOf(build, file))
}

describe('a stack', () => {
  it('says files, lines and names of the sources, and keeps what no map knows', async () => {
    const { dist, id } = await uploaded('one')
    const stack = throwing(dist)
    expect(stack).not.toContain('priceOf')
    expect(shown(`${stack}\nCaused by: Error: deeper\n    at x (other.js:1:1)`, id).split('\n')).toEqual([
      "TypeError: Cannot read properties of undefined (reading 'price')",
      '    at priceOf (src/cart.ts:5:15)',
      expect.stringMatching(/^ {4}at totalOf \(src\/cart\.ts:10:\d+\)$/),
      expect.stringMatching(/^ {4}at checkout \(src\/main\.ts:3:\d+\)$/),
      ...Array(stack.split('\n').length - 4).fill(expect.anything()),
      'Caused by: Error: deeper',
      '    at x (other.js:1:1)',
    ])
  })

  it.each([
    ['Firefox', (name: string, place: string) => `${name}@${place}`],
    ['Safari, without a name', (_: string, place: string) => place],
  ])('of %s is read too', async (_, write) => {
    const { dist, id } = await uploaded('one')
    const [first, second] = [...throwing(dist).matchAll(/at (\w+) \((.*)\)$/gm)]
    const stack = [first!, second!].map(([, name, place]) =>
      write(name!, place!.replace(dist, 'https://shop.example/assets')),
    )
    expect(shown(stack.join('\n'), id).split('\n')[0]).toBe('    at priceOf (src/cart.ts:5:15)')
  })

  it('of another build, or of a file without a map, stays as it is', async () => {
    const { dist, id } = await uploaded('one')
    const stack = throwing(dist)
    expect(shown(stack, '0123456789abcdef')).toBe(stack)
    expect(shown(stack, '../one')).toBe(stack)
    const elsewhere = stack.replaceAll(/main-\w+\.js/g, 'vendor.js')
    expect(shown(elsewhere, id)).toBe(elsewhere)
    const nowhere = stack.replaceAll(/:\d+:\d+/g, ':999999999:999999999')
    expect(shown(nowhere, id)).toBe(nowhere)
  })

  it('of an unknown build is found by a name with a hash, and by no other', async () => {
    const hashed = await uploaded('one')
    expect(shown(throwing(hashed.dist))).toContain('at priceOf (src/cart.ts:5:15)')
    const plain = await uploaded('two', { hashed: false })
    const stack = throwing(plain.dist)
    expect(shown(stack)).toBe(stack)
    expect(shown(stack, plain.id)).toContain('at priceOf (src/cart.ts:5:15)')
  })

  it('takes of files with one name the one in the same folders', async () => {
    const one = await uploaded('all/en', { hashed: false })
    await bundleShop(path.join(folder, 'all/de'), { hashed: false, moved: true })
    putBuild(store, 'both', findMaps(path.join(folder, 'all')).maps)
    const stack = throwing(one.dist)
    expect(shown(stack, 'both')).toContain('src/cart.ts:5:15')
    const ambiguous = stack.replaceAll(`${one.dist}/`, 'https://shop.example/')
    expect(shown(ambiguous, 'both')).toBe(ambiguous)
  })

  it('stays as it is when the map has gone', async () => {
    const { dist, id } = await uploaded('one', { moved: true })
    rmSync(path.join(store, 'maps'), { recursive: true })
    expect(shown(throwing(dist), id)).toBe(throwing(dist))
  })
})

describe('the folder of a build', () => {
  const js = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  const map = JSON.stringify({ version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA' })

  it('has maps that are named, inside, or beside', () => {
    js('named.js', '1\n//# sourceMappingURL=maps/n%20n.map\n')
    js('maps/n n.map', `)]}'\n${map}`)
    js('inside.mjs', `1\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`)
    js('beside.js', '1')
    js('beside.js.map', map)
    js('sections.cjs', '1')
    js(
      'sections.cjs.map',
      JSON.stringify({ version: 3, sections: [{ offset: { line: 0, column: 0 }, map: JSON.parse(map) }] }),
    )
    js('none.js', '1')
    js('node_modules/x/x.js', `1\n//# sourceMappingURL=x.map`)
    const found = findMaps(folder)
    expect(found).toMatchObject({ files: 5, missing: [] })
    expect(found.maps.map(({ file }) => file)).toEqual(['beside.js', 'inside.mjs', 'named.js', 'sections.cjs'])
  })

  it('may name maps that are not there, elsewhere, or outside', () => {
    js('dist/gone.js', '1\n//# sourceMappingURL=gone.map')
    js('dist/far.js', '1\n//# sourceMappingURL=https://maps.example/far.map')
    js('dist/out.js', '1\n//# sourceMappingURL=../out.map')
    js('out.map', map)
    const { maps, missing } = findMaps(path.join(folder, 'dist'))
    expect(maps).toEqual([])
    expect(missing).toEqual([
      expect.stringMatching(/far\.js: its map is at https:\/\/maps\.example\/far\.map/),
      expect.stringMatching(/gone\.js: its map gone\.map is not there/),
      expect.stringMatching(/out\.js: its map \.\.\/out\.map is outside/),
    ])
  })

  it.each(['', '{}', '{"version":2}', '{"version":3,"mappings":7}', 'null', '<html>'])('has no map in %j', text => {
    js('bad.js', '1')
    js('bad.js.map', text)
    expect(() => findMaps(folder)).toThrow(/bad\.js\.map has no source map of version 3; build again/)
  })

  it('is kept once, whatever builds have the same files', async () => {
    const { dist, id } = await uploaded('one')
    const { maps } = findMaps(dist)
    expect(buildIdOf(maps)).toBe(id)
    expect(putBuild(store, id, maps)).toEqual({ added: 0, replaced: 0 })
    expect(putBuild(store, 'again', maps)).toEqual({ added: maps.length, replaced: 0 })
    expect(readdirSync(path.join(store, 'maps'))).toHaveLength(1)
    expect(readdirSync(path.join(store, 'builds')).sort()).toEqual([`${id}.json`, 'again.json'].sort())
    await bundleShop(path.join(folder, 'next'), { moved: true, hashed: false })
    const [other] = findMaps(path.join(folder, 'next')).maps
    expect(putBuild(store, 'again', [{ ...other!, file: maps[0]!.file }])).toEqual({ added: 0, replaced: 1 })
    expect(JSON.parse(readFileSync(path.join(store, 'builds/again.json'), 'utf8'))).not.toEqual(
      JSON.parse(readFileSync(path.join(store, `builds/${id}.json`), 'utf8')),
    )
  })
})
