// The list of subjects who objected. Oracles: openssl's HMAC, and the identifiers and pseudonyms that an erasure looks for.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { emptyList, formatList, HANDLE_PREFIX, handlesBy, parseList, subjectKeys } from '../../../src/app/suppress/list'
import { changeListFile, readListFile } from '../../../src/app/suppress/list-file'
import { identityKeys } from '../../../src/operations/gdpr/person-attributes'
import { keyIdOf } from '../../../src/shared/config/hmac-key'

const KEY = 'k'.repeat(32)
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-list-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('a handle is an HMAC of the value behind a prefix, so that it is no pseudonym', () => {
  const digest = execFileSync('openssl', ['dgst', '-sha256', '-hmac', KEY, '-r'], { input: `${HANDLE_PREFIX}u-1` })
  expect(handlesBy(KEY)('u-1')).toBe(digest.toString().slice(0, 16))
  expect(handlesBy(KEY)('Bob@Example.com')).toBe(handlesBy(KEY)('bob@example.com'))
  expect(handlesBy(KEY)('aB')).not.toBe(handlesBy(KEY)('ab'))
  expect(handlesBy('x'.repeat(32))('u-1')).not.toBe(handlesBy(KEY)('u-1'))
})

it('looks at each attribute in which an erasure looks for an id', () => {
  const keys: readonly string[] = subjectKeys
  expect(identityKeys.filter(key => !keys.includes(key))).toEqual([])
})

it('says neither who is on it nor who came last', () => {
  const handles = ['u-3', 'u-1', 'u-2'].map(handlesBy(KEY))
  const texts = [handles, [...handles].reverse()].map(all => formatList({ keyId: keyIdOf(KEY), handles: new Set(all) }))
  expect(texts[0]).toBe(texts[1])
  expect(texts[0]).not.toMatch(/u-\d/)
  expect([...parseList(texts[0]!).handles].sort()).toEqual([...handles].sort())
})

it.each([
  ['', 'it is no JSON'],
  ['null', 'it is no list of version 1'],
  ['{"v":2,"keyId":"x","handles":[]}', 'it is no list of version 1'],
  ['{"v":1,"handles":[]}', 'it does not say by which key it is made'],
  ['{"v":1,"keyId":"x","handles":["bob@example.com"]}', 'it has handles that are not 16 hexadecimal digits'],
  ['{"v":1,"keyId":"x","handles":{}}', 'it has handles that are not 16 hexadecimal digits'],
])('refuses %s without repeating it', (text, why) => {
  expect(() => parseList(text)).toThrow(new Error(why))
})

it('thirty changes at once are all in the file, which others may read, and beside it is the last lock alone', async () => {
  const file = path.join(folder, 'list.json')
  const handles = Array.from({ length: 30 }, (_, n) => handlesBy(KEY)(`u-${n}`))
  await Promise.all(handles.map(handle => changeListFile(file, KEY, known => known.add(handle))))
  expect(readListFile(file, KEY).handles).toEqual(new Set(handles.sort()))
  await changeListFile(file, KEY, known => known.delete(handles[0]!))
  expect(readListFile(file, KEY).handles.size).toBe(29)
  expect(statSync(file).mode & 0o444).toBe(0o444 & ~process.umask())
  expect(readdirSync(folder)).toEqual(['list.json', 'list.json.31.lock'])
})

it('a list of another key is left as it is: its handles could not be made anew', async () => {
  const file = path.join(folder, 'list.json')
  const text = formatList({ ...emptyList('x'.repeat(32)), handles: new Set([handlesBy('x'.repeat(32))('u-1')]) })
  writeFileSync(file, text)
  await expect(changeListFile(file, KEY, known => known.clear())).rejects.toThrow(
    /keep that key as AFN_SUPPRESSION_KEY_FILE/,
  )
  expect(readFileSync(file, 'utf8')).toBe(text)
})
