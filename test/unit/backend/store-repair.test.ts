// A damaged file, repaired: what is whole is there, as it was, and what is not is named.
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadDuckDB } from '../../../src/backend/store/duckdb'
import { repair } from '../../../src/backend/store/repair'
import { openStore, type Store } from '../../../src/backend/store/store'
import type { Document } from '../../../src/shared/otlp/schema'
import { openWithEveryRow, storedAt } from '../../support/every-row'
import { Random } from '../../support/random'

const count = 70_000
const at = `${storedAt}000000`

let original: string
let size: number
let folder: string
let file: string

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')

function write(store: Store, from: number, many: number): Promise<unknown> {
  const random = new Random(from)
  const spans = Array.from({ length: many }, (_, n) => ({
    traceId: hex(from + n + 1, 32),
    spanId: hex(from + n + 1, 16),
    name: `span ${from + n}`,
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    attributes: [
      { key: 'text', value: { stringValue: Array.from({ length: 8 }, () => hex(random.below(2 ** 30), 8)).join('') } },
    ],
  }))
  return store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] } as Document)
}

const open = (path: string) => openStore({ path, now: () => storedAt })
/** What each span says, by its name. */
async function said(store: Store): Promise<Map<string, string>> {
  const rows = await store.query(`SELECT s.name, s.attr_s['text'] || s.trace_id::VARCHAR || s.start_ns::VARCHAR AS text
    FROM spans s JOIN resources r ON r.id = s.resource JOIN scopes c ON c.id = s.scope WHERE s.name LIKE 'span %'`)
  return new Map(rows.map(({ name, text }) => [name as string, text as string]))
}
let whole: Map<string, string>

beforeAll(async () => {
  original = mkdtempSync(path.join(tmpdir(), 'afn-damaged-'))
  const store = await openWithEveryRow(path.join(original, 'file'))
  for (let n = 0; n < count; n += 10_000) await write(store, n, 10_000)
  whole = await said(store)
  await store.query('CHECKPOINT')
  // in both of DuckDB's headers: one that is lost takes with it what came since the checkpoint before
  for (const change of ['CREATE TABLE again (n INTEGER)', 'DROP TABLE again']) {
    await store.query(change)
    await store.query('CHECKPOINT')
  }
  await store.close()
  size = statSync(path.join(original, 'file')).size
}, 120_000)
afterAll(() => rmSync(original, { recursive: true }))

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-repair-'))
  file = path.join(folder, 'file')
  copyFileSync(path.join(original, 'file'), file)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Writes over what is there. */
function damage(...places: readonly { at: number; bytes: Uint8Array }[]) {
  const handle = openSync(file, 'r+')
  for (const { at, bytes } of places) writeSync(handle, bytes, 0, bytes.length, at)
  closeSync(handle)
}

const repaired = () => repair(loadDuckDB(), file)

/** All that is there is as it was. @returns how many of the spans are lost */
async function lostOf(): Promise<number> {
  const store = await open(file)
  const left = await said(store)
  for (const [name, text] of left) if (whole.get(name) !== text) expect.fail(`${name} is not what it was`)
  await write(store, count, 10)
  expect((await said(store)).size).toBe(left.size + 10)
  await store.close()
  return whole.size - left.size
}

it('a file that is whole stays as it is', async () => {
  const before = readFileSync(file)
  expect(await repaired()).toEqual([`${file} is not damaged; the file is unchanged`])
  expect(readFileSync(file).equals(before)).toBe(true)
  expect(readdirSync(folder)).toEqual(['file'])
})

describe.each([
  ['its first header', 0],
  ['the second', 4096],
  ['the third', 8192],
])('a file without %s', (_, at) => {
  it('loses nothing, and the old one is kept', async () => {
    damage({ at, bytes: Buffer.alloc(4096) })
    const before = readFileSync(file)
    await expect(open(file)).rejects.toThrow()
    expect(await repaired()).toEqual([
      `${file} was repaired; the damaged file is now ${file}.damaged-1`,
      'its header was unreadable and has been rebuilt',
    ])
    expect(readFileSync(`${file}.damaged-1`).equals(before)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['file', 'file.damaged-1'])
    expect(await lostOf()).toBe(0)
  })
})

it('of a block that is overwritten only what stands in it is lost, and it is said of which table', async () => {
  damage({ at: Math.floor(size / 2), bytes: Buffer.alloc(65_536, 7) })
  const lines = await repaired()
  const lost = await lostOf()
  expect(lost).toBeGreaterThan(0)
  expect(lost).toBeLessThan(count / 4)
  expect(lines.slice(1)).toEqual([expect.stringMatching(/^lost: at most \d+ rows of spans$/)])
  expect(Number(/\d+/.exec(lines[1]!)![0])).toBeGreaterThanOrEqual(lost)
})

/** As `kill -9` leaves it: what came last stands in the log. */
async function killed() {
  const store = await open(file)
  await write(store, count + 1_000, 500)
  await write(store, count + 2_000, 500)
  copyFileSync(`${file}.wal`, `${file}.kept`)
  await store.close()
  copyFileSync(path.join(original, 'file'), file)
  renameSync(`${file}.kept`, `${file}.wal`)
}

async function spansAfter() {
  const store = await open(file)
  const spans = (await said(store)).size
  await store.close()
  return spans - whole.size
}

it('of a damaged log only what stood in it is lost', async () => {
  await killed()
  const log = readFileSync(`${file}.wal`)
  const quarter = Math.floor(log.length / 4)
  log.fill(9, quarter, quarter + 100)
  writeFileSync(`${file}.wal`, log)
  await expect(open(file)).rejects.toThrow()
  expect(await repaired()).toContain(`lost: the ${log.length} bytes received last, which are in ${file}.damaged-1.wal`)
  expect(readFileSync(`${file}.damaged-1.wal`).equals(log)).toBe(true)
  expect(await spansAfter()).toBe(0)
})

it('a log that is none at all is kept and told, where DuckDB says nothing', async () => {
  const none = Buffer.alloc(5_000, 9)
  writeFileSync(`${file}.wal`, none)
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(await spansAfter()).toBe(0)
  expect(told.mock.calls.join()).toMatch(
    /^afn-otel up: the latest data is lost \(.*a copy is .*file\.damaged-1\.wal\)$/,
  )
  told.mockRestore()
  expect(readFileSync(`${file}.damaged-1.wal`).equals(none)).toBe(true)
  writeFileSync(`${file}.wal`, none)
  expect(await repaired()).toContain(`lost: the 5000 bytes received last, which are in ${file}.damaged-2.wal`)
  expect(await spansAfter()).toBe(0)
})

it('what is in a log that is whole is saved, beside a file that is not', async () => {
  await killed()
  damage({ at: Math.floor(size / 2), bytes: Buffer.alloc(100, 7) })
  await repaired()
  const store = await open(file)
  const names = (await store.query(`SELECT name FROM spans WHERE seq >= (SELECT max(seq) FROM spans) - 999`)).length
  expect(names).toBe(1_000)
  await store.close()
})

it('it says that what is in the log is lost where only the header says whose log it is', async () => {
  await killed()
  damage({ at: 0, bytes: Buffer.alloc(4096) })
  expect(await repaired()).toContainEqual(expect.stringMatching(/^lost: the \d+ bytes received last/))
  expect(await spansAfter()).toBe(0)
})

it('a file that is none is left as it is, and the sentence says what to do', async () => {
  writeFileSync(file, 'something else')
  await expect(repaired()).rejects.toThrow(/can't be repaired, because nothing in it is readable.*--data$/)
  expect(readFileSync(file, 'utf8')).toBe('something else')
  expect(readdirSync(folder)).toEqual(['file'])
})

it('a file that was cut gives what it can, or says that it can not', async () => {
  truncateSync(file, Math.floor(size / 2))
  const lines = await repaired().catch(error => [(error as Error).message])
  expect(lines.join()).toMatch(/was repaired.*lost|nothing in it is readable/)
  if (lines[0]!.includes('was repaired')) await lostOf()
})

it("wherever it is damaged, rows are lost that the damage spared, or lost rows aren't reported", {
  timeout: 300_000,
}, async () => {
  const random = new Random(11)
  for (let round = 0; round < 4; round++) {
    copyFileSync(path.join(original, 'file'), file)
    const places = Array.from({ length: 1 + random.below(3) }, () => ({
      at: random.below(size - 100),
      bytes: Buffer.alloc(1 + random.below(100), random.below(256)),
    }))
    damage(...places)
    const lines = await repaired().catch(error => [(error as Error).message])
    const isSaved = /was repaired|is not damaged/.test(lines[0]!)
    // what a table has where is in few blocks, without which there is no table
    if (!isSaved) expect(lines[0]).toMatch(/nothing in it is readable/)
    else {
      const lost = await lostOf()
      const told = lines.join('\n')
      if (lost > 0) expect(told).toMatch(/lost: (at most \d+|all) rows of spans/)
    }
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name))
  }
})
