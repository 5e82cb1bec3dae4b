/**
 * Exports a person's data from all stores in portable formats (Art. 15 and 20), one record per line, with a description. Other persons in
 * the same conversation are masked, because access must not affect their rights (Art. 15(4)).
 */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { OTHER, withoutOthers } from './mask-other-persons'
import { writeParquet } from './parquet'
import type { SubjectStore, Target } from './stores/store'
import type { Identity } from './subject'

export interface ExportedFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

export interface Manifest {
  readonly version: 1
  readonly createdAt: string
  /** Number of records per store; a problem if it could not be queried, so that records may be missing. */
  readonly stores: Readonly<Record<string, { readonly records: number; readonly problem?: string }>>
  readonly files: readonly ExportedFile[]
  /** A format that could not be written; the others have the same records. */
  readonly missing?: { readonly name: string; readonly why: string }
}

export interface ExportOptions {
  /** Created here; must not exist. */
  readonly folder: string
  readonly stores: readonly SubjectStore[]
  readonly identity: Identity
  readonly now: () => number
}

/** Exceeds the response time of any store. */
const PATIENCE_MS = 600_000
const patienceFor = ({ patienceMs = 0 }: SubjectStore) => AbortSignal.timeout(Math.max(PATIENCE_MS, patienceMs))
const PARQUET = 'records.parquet'

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A line of records.jsonl, and the columns of records.csv and records.parquet',
  type: 'object',
  required: ['store', 'signal', 'record'],
  properties: {
    store: { type: 'string', description: 'Where the record was found.' },
    signal: { enum: ['span', 'log', 'metric', 'audit'], description: 'OpenTelemetry signal of the record.' },
    record: { description: 'The record as stored.' },
  },
  additionalProperties: false,
}

const guide = `# What is in this folder

Everything that our telemetry has recorded about you.

- \`records.csv\` opens in a spreadsheet: one record per row, with its store and kind. Excel cuts cells after 32,767
  characters; the other files contain long records in full.
- \`records.jsonl\` has the same data for programs: one JSON object per line, described by \`schema.json\`.
- \`records.parquet\` has the same data for databases and data frames, in three columns; \`record\` is JSON text. If the file is missing,
  \`manifest.json\` states why.
- \`manifest.json\` lists the number of records from each store, and the SHA-256 of each file.

A \`span\` is a step of what a program did, with its start and end times. A \`log\` is a message that a program wrote. A \`metric\`
is a measured number. An \`audit\` record shows who did what to your data.

Names, addresses and IDs of other persons are replaced, for example by \`${OTHER}\` or \`[EMAIL]\`. Where you appear as \`[EMAIL:0123456789abcdef]\`
or similar, the program replaced your ID before storing it.
`

/**
 * The export continues if a store is unavailable; the manifest then reports it.
 * @throws Error of the file system, such as EEXIST if the folder exists
 */
export async function exportSubject({ folder, stores, identity, now }: ExportOptions): Promise<Manifest> {
  mkdirSync(folder, { mode: 0o700 })
  const clean = withoutOthers(identity)
  const found: Record<string, { records: number; problem?: string }> = {}
  const lines = openSync(path.join(folder, 'records.jsonl'), 'wx', 0o600)
  const rows = openSync(path.join(folder, 'records.csv'), 'wx', 0o600)
  let longest = 0
  try {
    // without a byte order mark, spreadsheets guess the wrong encoding
    writeSync(rows, '\ufeffstore,signal,record\r\n')
    const { target, problems } = await targetOf(stores, identity)
    for (const store of stores) {
      const counted: { records: number; problem?: string } = { records: 0 }
      found[store.name] = counted
      const problem = problems.get(store.name)
      if (problem !== undefined) counted.problem = problem
      try {
        for await (const { signal, record } of store.export(target, patienceFor(store))) {
          const line = { store: store.name, signal, record: clean(record) }
          const bytes = writeSync(lines, `${JSON.stringify(line)}\n`)
          longest = Math.max(longest, bytes)
          writeSync(rows, `${[store.name, signal, JSON.stringify(line.record)].map(cell).join(',')}\r\n`)
          counted.records++
        }
      } catch (error) {
        counted.problem = (error as Error).message
      }
    }
    for (const handle of [lines, rows]) fsyncSync(handle)
  } finally {
    for (const handle of [lines, rows]) closeSync(handle)
  }
  writeFileSync(path.join(folder, 'schema.json'), `${JSON.stringify(schema, undefined, 2)}\n`, { mode: 0o600 })
  writeFileSync(path.join(folder, 'README.md'), guide, { mode: 0o600 })
  const why = await parquetOf(folder, longest)
  const names = ['records.jsonl', 'records.csv', ...(why === undefined ? [PARQUET] : []), 'schema.json', 'README.md']
  const files = names.map(name => {
    const bytes = readFileSync(path.join(folder, name))
    return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
  const manifest: Manifest = {
    version: 1,
    createdAt: new Date(now()).toISOString(),
    stores: found,
    files,
    ...(why !== undefined && { missing: { name: PARQUET, why } }),
  }
  writeFileSync(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 })
  return manifest
}

/** @returns why there is no Parquet file: the export is complete without it */
async function parquetOf(folder: string, longest: number): Promise<string | undefined> {
  const file = path.join(folder, PARQUET)
  try {
    await writeParquet(path.join(folder, 'records.jsonl'), longest, file)
    chmodSync(file, 0o600)
    return undefined
  } catch (error) {
    rmSync(file, { force: true })
    return (error as Error).message
  }
}

/** Trace ids found in one store are also looked up in the others. */
async function targetOf(stores: readonly SubjectStore[], identity: Identity) {
  const problems = new Map<string, string>()
  const traceIds = new Set<string>()
  for (const store of stores) {
    try {
      const found = await store.find({ identity, traceIds: [...traceIds] }, patienceFor(store))
      for (const id of found.traceIds) traceIds.add(id)
    } catch (error) {
      problems.set(store.name, (error as Error).message)
    }
  }
  const target: Target = { identity, traceIds: [...traceIds] }
  return { target, problems }
}

/** RFC 4180. Also disables formulas, which spreadsheets execute: anybody may have written one into a message. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
