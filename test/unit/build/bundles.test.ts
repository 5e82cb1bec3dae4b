// One table says what is in `dist`: the build carries it out, knip takes its entries from it, and the chunks of it are those
// that the loader has types for.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bundles, entries, readChunks, texts } from '../../../scripts/bundles.mjs'

const source = readFileSync('src/app/chunks.ts', 'utf8')

describe('the chunks', () => {
  it('are the members of the interface by which the loader is typed', () => {
    const files = [...bundles().map(({ file }) => file), ...Object.keys(texts)]
    const names = readChunks(source).map(([name]) => name)
    expect(names).toContain('otlp')
    expect(names.length).toBe([...source.matchAll(/typeof import\(/g)].length)
    expect(names.filter(name => !files.includes(`chunks/${name}.cjs`))).toEqual([])
  })

  it.each([
    ['a type that names no module', 'otlp: Otlp'],
    ['a function', 'otlp(): void'],
    ['an optional member', "otlp?: typeof import('./otlp')"],
  ])('are refused with %s', (_, member) => {
    expect(() => readChunks(`export interface Chunks {\n  ${member}\n}\n`)).toThrow(
      `no chunk can be made of "${member}"`,
    )
  })

  it('are refused without the interface', () => {
    expect(() => readChunks('export type Chunks = {}')).toThrow('has no interface Chunks')
  })
})

describe('the table', () => {
  it('has each file once', () => {
    const files = [...bundles().map(({ file }) => file), ...Object.keys(texts)]
    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([])
  })

  it('has entries that are source files', () => {
    expect(entries().filter(entry => !existsSync(entry))).toEqual([])
    expect(entries().length).toBeGreaterThan(40)
  })
})

it('names all parts for one that does not exist, and leaves what is built', () => {
  const before = existsSync('dist')
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs', '--only', 'nothing'], {
    encoding: 'utf8',
  })
  expect({ status, first: stderr.split('\n')[0] }).toEqual({ status: 1, first: 'there is no part nothing; there are:' })
  expect(stderr).toMatch(/^chunks\/otlp\.cjs$/m)
  expect(stderr).toMatch(/^chunks\/instrument-http\.cjs$/m)
  expect(existsSync('dist')).toBe(before)
})
