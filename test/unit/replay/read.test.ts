// Recordings of other days: of a version that this command does not read, and of a process that ended while it wrote.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readRecordings } from '../../../src/cli/replay/read'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-recordings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const call = (more: object) =>
  JSON.stringify({ version: 1, startedAt: '2026-12-02T10:00:00.000Z', request: { url: 'https://api.openai.com/v1' }, ...more }) // biome-ignore format: one line

it('a recording of another version is not read as if it were of this one, and each such line is named', () => {
  const file = path.join(folder, 'old.jsonl')
  writeFileSync(file, `${call({ version: 2 })}\n${call({})}\n${call({ version: 3 })}\n`)
  expect(() => readRecordings(file, undefined)).toThrow(
    `${file}:1: version 2 of a recording; this command reads 1: record again\n${file}:3: version 3 of a recording; this command reads 1: record again`,
  )
})

it('a line that its process did not finish takes no other call with it', () => {
  const file = path.join(folder, 'cut.jsonl')
  writeFileSync(file, `${call({ startedAt: '2026-12-02T10:00:01.000Z' })}\n${call({})}\n${call({}).slice(0, 40)}`)
  expect(readRecordings(file, undefined).map(({ startedAt }) => startedAt)).toEqual([
    '2026-12-02T10:00:00.000Z',
    '2026-12-02T10:00:01.000Z',
  ])
})
