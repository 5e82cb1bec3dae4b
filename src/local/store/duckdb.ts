// Loads DuckDB, which is an optional peer, and opens the file. Called by session.ts.
import { createRequire } from 'node:module'
import type { DuckDBInstance } from '@duckdb/node-api'
import type bindings from '@duckdb/node-bindings'

export type Bindings = typeof bindings

export interface DuckDB {
  readonly api: typeof import('@duckdb/node-api')
  /** What the API is made of: rows by the ten thousand go in through it. */
  readonly bindings: Bindings
}

/** The one line that a user sees is the message. */
export class CannotOpen extends Error {}

/** @throws CannotOpen when the package is not installed */
export function loadDuckDB(): DuckDB {
  const require = createRequire(__filename)
  try {
    const api = require('@duckdb/node-api')
    return { api, bindings: createRequire(require.resolve('@duckdb/node-api'))('@duckdb/node-bindings') }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new CannotOpen('the embedded backend needs DuckDB, which is not installed: npm i @duckdb/node-api')
  }
}

/** Of the file; with `:memory:` all of it is in memory, and nothing may go to a folder of temporary files. */
function settingsFor(path: string): Record<string, string> {
  const memory = path === ':memory:' ? { temp_directory: '' } : { memory_limit: '200MB' }
  return {
    ...memory,
    threads: '1',
    preserve_insertion_order: 'false',
    // See pace.ts.
    checkpoint_threshold: '1TB',
    // What every DuckDB that is a peer writes: smaller, and with less work, than the default, which DuckDB 0.10 can read.
    storage_compatibility_version: 'v1.5.0',
  }
}

/** @throws CannotOpen when another process has the file */
export async function openFile({ api }: DuckDB, path: string): Promise<DuckDBInstance> {
  try {
    return await api.DuckDBInstance.create(path, settingsFor(path))
  } catch (error) {
    if (!/lock/i.test(String(error))) throw error
    throw new CannotOpen(`${path} is in use by another process; stop that one, or choose another folder with --data`)
  }
}
