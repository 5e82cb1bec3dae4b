// What file systems promise of rename() is the oracle: who reads sees one of two whole files.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { replaceFile } from '../../../src/shared/files/replace-file'

const folder = () => mkdtempSync(path.join(tmpdir(), 'afn-replace-'))

it('a file that is replaced has the new content and permissions, and no draft is left beside it', () => {
  const file = path.join(folder(), 'state.json')
  writeFileSync(file, 'old')
  chmodSync(file, 0o644)
  replaceFile(file, 'neu: 新', { mode: 0o600, suffix: '.new' })
  expect(readFileSync(file, 'utf8')).toBe('neu: 新')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(path.dirname(file))).toEqual(['state.json'])
})

it('the draft that a killed process left does not stop the next one', () => {
  const file = path.join(folder(), 'state.json')
  writeFileSync(`${file}.new`, 'half of a')
  replaceFile(file, Buffer.from('whole'), { mode: 0o600, suffix: '.new' })
  expect(readFileSync(file, 'utf8')).toBe('whole')
})

it('a file stays as it was where its new content can not take its place, and the error is that of the system', () => {
  const at = folder()
  expect(() => replaceFile(path.join(at, 'absent/state.json'), 'x', { mode: 0o600, suffix: '.new' })).toThrow('ENOENT')
  expect(readdirSync(at)).toEqual([])
})
