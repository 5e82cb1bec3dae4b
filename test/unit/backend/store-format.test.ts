// A file of each format that a version has written is read, and what is in it is what a new file would have.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FORMAT } from '../../../src/backend/store/migrations'
import { openStore, type Store } from '../../../src/backend/store/store'
import { openWithEveryRow, storedAt } from '../../support/every-row'

const fixtures = path.join(import.meta.dirname, '../../fixtures/store')
const ofFormat = (format: number) => path.join(fixtures, `format-${format}.duckdb.gz`)

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-format-'))
  file = path.join(folder, 'afn.duckdb')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Statements on the file, while no store has it open. */
async function change(...statements: string[]) {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

const tables = { resources: 'id', scopes: 'id', spans: 'seq', logs: 'seq', metric_points: 'seq' }

/** All rows of OTLP with the names of their columns, in an order of names. */
async function rowsOf(store: Store) {
  const all = Object.entries(tables).map(async ([table, key]) => {
    const rows = await store.query(`FROM ${table} ORDER BY ${key}`)
    return [table, rows.map(row => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))]
  })
  return Object.fromEntries(await Promise.all(all))
}

async function rowsOfNew() {
  const store = await openWithEveryRow(path.join(folder, 'new.duckdb'))
  const rows = await rowsOf(store)
  await store.close()
  return rows
}

it('there is a file of each format', async () => {
  if (!existsSync(ofFormat(FORMAT))) {
    const store = await openWithEveryRow(file)
    await store.query('CHECKPOINT')
    await store.close()
    writeFileSync(ofFormat(FORMAT), gzipSync(readFileSync(file), { level: 9 }))
    expect.fail(`${ofFormat(FORMAT)} is made: commit it`)
  }
  expect(readdirSync(fixtures).length).toBe(FORMAT + 1)
})

describe.each(readdirSync(fixtures))('%s', name => {
  it('has what a new file would have, twice in a row, and takes more', async () => {
    const expected = await rowsOfNew()
    writeFileSync(file, gunzipSync(readFileSync(path.join(fixtures, name))))
    for (let time = 0; time < 2; time++) {
      const store = await openStore({ path: file, now: () => storedAt })
      expect(await rowsOf(store)).toEqual(expected)
      await store.close()
    }
    const store = await openStore({ path: file, now: () => storedAt })
    const span = {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      name: 'new',
      startTimeUnixNano: `${storedAt}000000`,
    }
    await store.write('traces', {
      resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, endTimeUnixNano: span.startTimeUnixNano }] }] }],
    })
    expect(
      await store.query(`SELECT count(*)::INTEGER AS n FROM spans WHERE name = 'new' AND user_id IS NULL`),
    ).toEqual([{ n: 1 }])
    await store.close()
  })
})

it('a file of a newer version is refused with both versions and the remedy, and left as it is', async () => {
  await (await openStore({ path: file })).close()
  await change(`UPDATE meta SET format = ${FORMAT + 1}, written_by = '99.0.0'`, 'CHECKPOINT')
  const before = readFileSync(file)
  const refusal = await openStore({ path: file }).then(
    () => '',
    error => error.message as string,
  )
  expect(refusal).toMatch(
    new RegExp(
      `${file} has format ${FORMAT + 1}, of afn-otel 99\\.0\\.0, and this is \\d.*up to ${FORMAT}: npm i @afn/otel@latest`,
    ),
  )
  expect(readFileSync(file).equals(before)).toBe(true)
})

describe('other promoted attributes', () => {
  const columnsOf = async (store: Store) =>
    (await store.query(`SELECT name FROM promoted_columns ORDER BY name`)).map(({ name }) => name)

  it('of an older version get their columns, and of a newer one go back into the maps: no value is lost', async () => {
    const expected = await rowsOfNew()
    const made = await openWithEveryRow(file)
    const today = await columnsOf(made)
    await made.close()
    await change(
      // an older one had fewer, in the maps
      `UPDATE spans SET attr_s = map_concat(attr_s, MAP {'user.id': user_id}) WHERE user_id IS NOT NULL`,
      `UPDATE spans SET attr_f = map_concat(attr_f, MAP {'afn.llm.cost.total': afn_llm_cost_total}) WHERE afn_llm_cost_total IS NOT NULL`,
      'ALTER TABLE spans DROP COLUMN user_id',
      'ALTER TABLE spans DROP COLUMN afn_llm_cost_total',
      // and others, one of which has the name of one of today's
      'ALTER TABLE spans ADD COLUMN span_int BIGINT',
      `UPDATE spans SET span_int = attr_i['span.int'], attr_i = MAP {} WHERE attr_i['span.int'] IS NOT NULL`,
      `INSERT INTO promoted_columns VALUES ('span_int', 'span.int', 'int')`,
      `DELETE FROM promoted_columns WHERE name IN ('user_id', 'afn_llm_cost_total')`,
      `UPDATE promoted_columns SET key = 'route.http' WHERE name = 'http_route'`,
      `UPDATE spans SET http_route = 'value of another key' WHERE seq = 1`,
    )
    const store = await openStore({ path: file, now: () => storedAt })
    expect(await columnsOf(store)).toEqual(today)
    const rows = await rowsOf(store)
    const [first, second] = rows.spans
    expect(second.attr_s).toEqual([{ key: 'route.http', value: 'value of another key' }])
    expect(first.attr_s).toContainEqual({ key: 'route.http', value: 'a value' })
    const without = { attr_s: undefined, http_route: undefined }
    expect(rows.spans.map((row: object) => ({ ...row, ...without }))).toEqual(
      expected.spans.map((row: object) => ({ ...row, ...without })),
    )
    expect(first).toMatchObject({ user_id: 'a value', afn_llm_cost_total: 0.25, http_route: null })
    await store.close()
  })
})

it('a DuckDB that lays out its rows otherwise is refused before anything is written', async () => {
  const { Bytes } = await import('../../../src/backend/store/vectors')
  const { set } = Bytes.prototype
  Bytes.prototype.set = function (index, byte) {
    set.call(this, index, byte ^ 1)
  }
  try {
    await expect(openStore({ path: file })).rejects.toThrow(
      /DuckDB v\S+ uses another row layout.*npm i @duckdb\/node-api@1\./,
    )
  } finally {
    Bytes.prototype.set = set
  }
  await change()
  expect(readFileSync(file).length).toBeLessThan(20_000)
})
