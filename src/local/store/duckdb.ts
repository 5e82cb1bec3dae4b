// Loads DuckDB, which is an optional peer, and opens the file. Called by store.ts.
import type { DuckDBInstance } from '@duckdb/node-api'

export type DuckDB = typeof import('@duckdb/node-api')

/** The one line that a user sees is the message. */
export class CannotOpen extends Error {}

/** @throws CannotOpen when the package is not installed */
export async function loadDuckDB(): Promise<DuckDB> {
  try {
    return await import('@duckdb/node-api')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND' && !isMissing(error)) throw error
    throw new CannotOpen('the embedded backend needs DuckDB, which is not installed: npm i @duckdb/node-api')
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'

const settings = {
  threads: '2',
  memory_limit: '300MB',
  preserve_insertion_order: 'false',
}

/** @throws CannotOpen when another process has the file */
export async function openFile({ DuckDBInstance: instance }: DuckDB, path: string): Promise<DuckDBInstance> {
  try {
    return await instance.create(path, settings)
  } catch (error) {
    if (!/lock/i.test(String(error))) throw error
    throw new CannotOpen(`${path} is in use by another process; stop that one, or choose another folder with --data`)
  }
}
