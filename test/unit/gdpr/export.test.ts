// What a person gets. Oracles: ajv for the schema, sha256sum for the manifest, Python's reader for the table, and Apache Arrow's for Parquet
// where Python has it (`pip install pyarrow`); DuckDB's own reader always.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import Ajv2020 from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { openStore } from '../../../src/backend/store/store'
import { exportSubject } from '../../../src/operations/gdpr/export'
import { embeddedStore } from '../../../src/operations/gdpr/stores/embedded'
import type { SubjectStore } from '../../../src/operations/gdpr/stores/store'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
import { hmacOf } from '../../../src/shared/config/hmac-key'

const key = 'first-key-of-32-characters-at-least'
const identity = identityOf(parseSubject(['person-0001', 'ann@example.com']), [key])
const pseudonymOf = (name: string) => `[EMAIL:${hmacOf(key)(name).slice(0, 16)}]`
const text = (name: string, value: string) => ({ key: name, value: { stringValue: value } })
const now = BigInt(Date.now()) * 1_000_000n
const span = (n: number, attributes: object[]) => ({
  traceId: '1'.padStart(32, '0'),
  spanId: n.toString(16).padStart(16, '0'),
  name: 'chat',
  startTimeUnixNano: String(now),
  endTimeUnixNano: String(now),
  attributes,
})

const away: SubjectStore = {
  name: 'away',
  flushWindowMs: 0,
  find: () => Promise.reject(new Error('it does not answer')),
  export: () => {
    throw new Error('it does not answer')
  },
  erase: async () => {},
  verify: async () => 0,
  unerasable: () => [],
}

type Row = readonly [store: string, signal: string, record: string]
const lineOf = ([store, signal, record]: Row) => ({ store, signal, record: JSON.parse(record) })

async function rowsIn(file: string) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const answer = await connection.runAndReadAll(`SELECT store, signal, record FROM read_parquet('${file}')`)
  connection.closeSync()
  return (answer.getRows() as unknown as Row[]).map(lineOf)
}

const hasArrow = spawnSync('python3', ['-c', 'import pyarrow.parquet']).status === 0
if (!hasArrow) writeSync(1, "skipped: Apache Arrow's reader of the export's Parquet: python3 has no pyarrow\n")

function arrowRowsIn(file: string) {
  const script =
    'import json,sys,pyarrow.parquet as p;t=p.read_table(sys.argv[1]);print(json.dumps([[r["store"],r["signal"],r["record"]] for r in t.to_pylist()]))'
  return (JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })) as Row[]).map(lineOf)
}

it("has the person's records and nobody else's names, opens in a spreadsheet, and says what is missing", async () => {
  const store = await openStore({ path: ':memory:' })
  const spans = [
    span(1, [
      text('user.id', 'person-0001'),
      text(
        'gen_ai.input.messages',
        `=SUM(A1) said ann@example.com and Ann@Example.com to bob@example.com, "and"\n${pseudonymOf('bob@example.com')}`,
      ),
      text('to', pseudonymOf('ann@example.com')),
      text('enduser.id', 'person-0002'),
    ]),
    span(2, [text('user.id', 'person-0002'), text('secret', 'of the other')]),
  ]
  await store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'afn-gdpr-export-')), 'ann')
  const options = { folder, stores: [embeddedStore(store), away], identity, now: Date.now }
  const manifest = await exportSubject(options)
  await store.close()
  expect(manifest.stores).toEqual({ embedded: { records: 1 }, away: { records: 0, problem: 'it does not answer' } })
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8')
  const lines = read('records.jsonl')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

  const validate = new Ajv2020().compile(JSON.parse(read('schema.json')))
  for (const line of lines) expect([validate(line), validate.errors]).toEqual([true, null])
  expect(validate({ ...lines[0], more: 1 })).toBe(false)

  const everything = ['records.jsonl', 'records.csv'].map(read).join()
  for (const own of ['person-0001', 'ann@example.com', 'Ann@Example.com', pseudonymOf('ann@example.com')])
    expect(everything).toContain(own)
  for (const other of ['person-0002', 'bob@', pseudonymOf('bob@example.com'), 'of the other'])
    expect(everything).not.toContain(other)

  const sums = manifest.files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')
  writeFileSync(path.join(folder, 'sums'), sums)
  expect(spawnSync('sha256sum', ['--check', '--strict', 'sums'], { cwd: folder }).status).toBe(0)

  const script =
    'import csv,json,sys;print(json.dumps(list(csv.reader(open(sys.argv[1],encoding="utf-8-sig",newline="")))))'
  const rows = JSON.parse(
    execFileSync('python3', ['-c', script, path.join(folder, 'records.csv')], { encoding: 'utf8' }),
  )
  expect(rows[0]).toEqual(['store', 'signal', 'record'])
  expect(
    rows.slice(1).map(([store, signal, record]: string[]) => ({ store, signal, record: JSON.parse(record!) })),
  ).toEqual(lines)
  const parquet = path.join(folder, 'records.parquet')
  expect(await rowsIn(parquet)).toEqual(lines)
  if (hasArrow) expect(arrowRowsIn(parquet)).toEqual(lines)
  expect(manifest.files.map(({ name }) => name)).toContain('records.parquet')
  expect([
    statSync(folder).mode & 0o77,
    statSync(path.join(folder, 'records.jsonl')).mode & 0o77,
    statSync(parquet).mode & 0o77,
  ]).toEqual([0, 0, 0])

  // nothing that is there is written over
  await expect(exportSubject(options)).rejects.toThrow('EEXIST')
})
