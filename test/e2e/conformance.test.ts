// The conformance run as a user starts it, on the recordings of this repository and on the real traffic beside it; and
// what it says of folders that are not as they should be.
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { root } from '../support/packed'

const fixtures = path.join(root, 'test/fixtures/recordings')
const shared = path.join(root, '../shared/recordings')

function conformance(...args: string[]) {
  const command = ['test/conformance/run.mjs', 'conformance', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' })
  return { status, lines: stdout.trim().split('\n'), stderr }
}

const inLargePieces: [string, string[]][] = [
  ['in pieces of one event', []],
  ['in pieces of 1000 bytes', ['--split', '1000']],
]
/** Each piece costs a turn of two event loops: of 1.8 MB of real traffic that is for `npm run test:long`. */
const inSmallPieces: [string, string[]][] = [
  ['in pieces of 1 byte', ['--split', '1']],
  ['in pieces of 7 bytes', ['--split', '7']],
  ['by fetch alone', ['--mouth', 'fetch', '--split', '7']],
  ["by node's http alone", ['--mouth', 'http', '--split', '7']],
  ["by node's http2 alone", ['--mouth', 'http2', '--split', '7']],
]

describe.each([
  ['the fixtures', fixtures, true],
  ['real traffic', shared, isLong('recordings')],
])('%s', (_, dir, whole) => {
  it.skipIf(!existsSync(dir)).each([...inLargePieces, ...(whole ? inSmallPieces : [])])(
    'every recording is recorded exactly, %s',
    { timeout: 300_000 },
    (_, options) => {
      const { status, lines, stderr } = conformance('--dir', dir, ...options)
      expect(lines.filter(line => !/^(extra )?\S+ \d+\/\d+$/.test(line))).toEqual([])
      expect(stderr).toBe('')
      expect(status).toBe(0)
    },
  )
})

describe('a folder that is not right', () => {
  const count = (...folders: string[]) =>
    readdirSync(path.join(fixtures, ...folders), { recursive: true, encoding: 'utf8' }).filter(file =>
      file.endsWith('.json'),
    ).length
  const all = count()
  const chats = count('openai-chat')

  function copy(change: (dir: string) => void): string {
    const dir = mkdtempSync(path.join(tmpdir(), 'afn-recordings-'))
    cpSync(fixtures, dir, { recursive: true })
    change(dir)
    return dir
  }

  it('differs in one field: that field is printed, and it is exit 1', () => {
    const dir = copy(dir => {
      const file = path.join(dir, 'expected.jsonl')
      writeFileSync(file, readFileSync(file, 'utf8').replace('"inputTokens":29', '"inputTokens":null'))
    })
    const { status, lines } = conformance('--dir', dir)
    expect(lines).toContain('chat-plain inputTokens null 29')
    expect(lines).toContain(`openai-chat ${chats - 1}/${chats}`)
    expect([status, lines.at(-1)]).toEqual([1, `sum ${all - 1}/${all}`])
  })

  it('has a protocol that nobody knows: a difference, apart where it is only extra', () => {
    const dir = copy(dir => {
      const file = path.join(dir, 'openai-chat/chat-plain.json')
      const { request, response } = JSON.parse(readFileSync(file, 'utf8'))
      const strange = {
        id: 'strange',
        request: { ...request, url: 'https://llm.example/ask' },
        response,
        stream: false,
      }
      cpSync(path.join(dir, 'openai-chat'), path.join(dir, 'new'), {
        recursive: true,
        filter: from => !from.endsWith('.json'),
      })
      writeFileSync(path.join(dir, 'new/strange.json'), JSON.stringify(strange))
      appendFileSync(path.join(dir, 'expected.jsonl'), `${JSON.stringify({ id: 'strange', scope: 'extra' })}\n`)
    })
    const { status, lines } = conformance('--dir', dir)
    expect(lines).toContain('strange spans 1 0')
    expect(lines.slice(-3)).toEqual(['extra new 0/1', 'extra sum 0/1', `sum ${all}/${all}`])
    expect(status).toBe(0)
  })

  it.each<[string, string, (dir: string) => void]>([
    [
      'a broken recording',
      'openai-chat/bad.json',
      dir => writeFileSync(path.join(dir, 'openai-chat/bad.json'), '{"id"'),
    ],
    [
      'a file that is no recording',
      'openai-chat/x.json',
      dir => writeFileSync(path.join(dir, 'openai-chat/x.json'), '{}'),
    ],
    ['a broken expectation', `line ${all + 1}`, dir => appendFileSync(path.join(dir, 'expected.jsonl'), '{"id": \n')],
  ])('has %s: it is named, the rest runs, and it is exit 2', (_, named, change) => {
    const { status, lines, stderr } = conformance('--dir', copy(change))
    expect(stderr).toMatch(new RegExp(`^can't be read: .*${named}: .+\n$`))
    expect([status, lines.at(-1)]).toEqual([2, `sum ${all}/${all}`])
  })

  it.each([
    ['is not there', ['--dir', '/no/such/folder'], /can't be read: \/no\/such\/folder/],
    ['is empty', ['--dir', mkdtempSync(path.join(tmpdir(), 'afn-empty-'))], /no recording in/],
    ['is not named', [], /usage/],
    ['is split into nothing', ['--dir', fixtures, '--split', '0'], /usage/],
  ])('%s: exit 2', (_, args, said) => {
    const { status, stderr } = conformance(...args)
    expect(status).toBe(2)
    expect(stderr).toMatch(said)
  })
})
