// Whether DuckDB's log fits into its file. DuckDB gives up when it does not.
import { statfsSync, statSync } from 'node:fs'
import path from 'node:path'

/** In bytes. */
export function logSize(file: string): number {
  return statSync(`${file}.wal`, { throwIfNoEntry: false })?.size ?? 0
}

export function hasRoom(file: string): boolean {
  const log = logSize(file)
  if (log === 0) return true
  const { bavail, bsize } = statfsSync(path.dirname(file))
  return bavail * bsize >= log
}
