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

const settings = {
  // Each query runs on the thread that asked. A second thread for one query costs a write 50 % more CPU.
  threads: '1',
  memory_limit: '300MB',
  preserve_insertion_order: 'false',
  checkpoint_threshold: '64MB',
}

/** @throws CannotOpen when another process has the file */
export async function openFile({ api }: DuckDB, path: string): Promise<DuckDBInstance> {
  try {
    return await api.DuckDBInstance.create(path, settings)
  } catch (error) {
    if (!/lock/i.test(String(error))) throw error
    throw new CannotOpen(`${path} is in use by another process; stop that one, or choose another folder with --data`)
  }
}
