// What becomes of the files of libraries in a bundle. What runs is held by test/e2e/bundles.test.ts, on real bundlers.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { transform } from '../../../src/app/bundler/transform'

/** As the build of the package has it. */
Object.assign(globalThis, {
  AFN_PATCHED_FILES: {
    lib: ['lib', 'lib/inner.js'],
    '@scope/core': ['@scope/core/dist-cjs/client/index.js'],
    '@scope/sdk/client': ['@scope/sdk/client'],
  },
})

function packageOf(name: string, files: Record<string, string>, manifest: object = {}): (file: string) => string {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'afn-bundler-')), 'node_modules', name)
  const all = { ...files, 'package.json': JSON.stringify({ name, version: '1.2.3', ...manifest }) }
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  return file => path.join(folder, file)
}

const changed = (file: string, code: string) => transform(file, () => code)

describe('a file of CommonJS', () => {
  const at = packageOf('lib', { 'main.js': 'exports.a = 1', 'inner.js': '', 'other.js': '' }, { main: 'main.js' })

  it('keeps its code and its lines, and hands over its exports with name and version', () => {
    const code = changed(at('main.js'), 'exports.a = 1 // end')!
    expect(code.startsWith('exports.a = 1 // end\n')).toBe(true)
    expect(code).toContain('"afn-otel:lib@1.2.3"')
    const module = { exports: {} }
    new Function('module', 'exports', code)(module, module.exports)
    expect(module.exports).toEqual({ a: 1 })
  })

  it('is known by its path when it is no entry', () => {
    expect(changed(at('inner.js'), '')).toContain('"afn-otel:lib/inner.js@1.2.3"')
  })

  it('stays as it is when nobody patches it', () => {
    expect(changed(at('other.js'), 'exports.a = 1')).toBeUndefined()
    expect(changed('/app/src/main.js', 'exports.a = 1')).toBeUndefined()
    expect(changed(packageOf('unknown', { 'index.js': '' })('index.js'), '')).toBeUndefined()
  })
})

describe('an ES module', () => {
  const exports = { '.': { import: './esm/index.js', require: './main.cjs' } }

  it('is replaced by one with all of its exports, those of others included', () => {
    const files = {
      'esm/index.js': `export * from './more'; export { x as y } from './more.js'; export default 1; export const { a, b: [c] } = {}`,
      'esm/more.js': `export * from './index.js'; export class D {}; export default 2; export let x`,
      'main.cjs': '',
    }
    const at = packageOf('lib', files, { type: 'module', exports })
    const code = changed(at('esm/index.js'), files['esm/index.js'])!
    const names = [.../export \{ (.+) \}/.exec(code)![1]!.matchAll(/ as (\w+)/g)].map(([, name]) => name)
    expect(names.sort()).toEqual(['D', 'a', 'c', 'x', 'y'])
    expect(code).toContain('export default patched.default')
    expect(code).toContain('"afn-otel:lib@1.2.3"')
  })

  it('stays as it is when the names of its exports are not known, or only a patched file is behind it', () => {
    const of = (code: string) => {
      const at = packageOf('lib', { 'esm/index.js': code, 'main.cjs': '' }, { type: 'module', exports })
      return changed(at('esm/index.js'), code)
    }
    expect(of(`export * from 'elsewhere'`)).toBeUndefined()
    expect(of(`export * from './missing.js'`)).toBeUndefined()
    expect(of(`export const a = (((`)).toBeUndefined()
    expect(of(`import lib from '../main.cjs'; export default lib`)).toBeUndefined()
  })

  it('is known as its twin for require is', () => {
    const files = { 'dist-es/client/index.js': 'export const a = 1', 'dist-cjs/client/index.js': 'exports.a = 1' }
    const at = packageOf('@scope/core', files)
    for (const file of Object.keys(files) as (keyof typeof files)[])
      expect(changed(at(file), files[file])).toContain('"afn-otel:@scope/core/dist-cjs/client/index.js@1.2.3"')
  })

  it('is known by the subpath of its package, patterns included', () => {
    const files = { 'dist/esm/client.js': 'export const a = 1' }
    const at = packageOf('@scope/sdk', files, { type: 'module', exports: { './*': { import: './dist/esm/*.js' } } })
    expect(changed(at('dist/esm/client.js'), files['dist/esm/client.js'])).toContain(
      '"afn-otel:@scope/sdk/client@1.2.3"',
    )
  })
})
