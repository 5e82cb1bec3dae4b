// A setting that no code reads is a promise that nobody keeps. The oracle is TypeScript: in a copy of the sources the
// settings have other names, and what the compiler misses is what is read.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { settings } from '../../../src/shared/config/settings'
import { root } from '../../support/packed'

const cache = path.join(root, 'node_modules/.cache')
mkdirSync(cache, { recursive: true })
const copy = mkdtempSync(path.join(cache, 'afn-settings-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** They list settings, and obey none: the table itself, the commands, and what afnNodeSDK() refuses. */
const listed = /^src\/(shared\/config\/settings|cli\/|pipeline\/doctor\/|app\/sdk\.ts)/

function readNames(): Set<string> {
  const table = path.join(copy, 'src/shared/config/settings.ts')
  const text = readFileSync(path.join(root, 'src/shared/config/settings.ts'), 'utf8')
  writeFileSync(table, text.replace(/^ {2}(\w+): (?=setting|optional|secret)/gm, '  renamed_$1: '))
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-b', 'src', '--pretty', 'false'], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  const errors = stdout.split('\n').filter(line => /^src\//.test(line) && !listed.test(line))
  const missed = errors.flatMap(line => [...line.matchAll(/["'`](\w+)["'`]/g)].map(([, name]) => name as string))
  return new Set(missed.filter(name => Object.hasOwn(settings, name)))
}

it('every setting is read by code that obeys it', () => {
  for (const folder of ['src', 'semconv', 'tsconfig.base.json', 'package.json'])
    cpSync(path.join(root, folder), path.join(copy, folder), { recursive: true })
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
  const read = readNames()
  expect(Object.keys(settings).filter(name => !read.has(name))).toEqual([])
})

it('a setting that is read no more is found by this test', () => {
  const guard = path.join(copy, 'src/app/preload/guard.ts')
  const text = readFileSync(guard, 'utf8')
  expect(text).toContain('settings.workers')
  writeFileSync(guard, text.replace('settings.workers', 'false'))
  const read = readNames()
  expect(Object.keys(settings).filter(name => !read.has(name))).toEqual(['workers'])
})
