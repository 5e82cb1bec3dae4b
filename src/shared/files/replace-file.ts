import { renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { createFile } from './create-file'
import { syncFolder } from './sync-folder'

export interface ReplaceOptions {
  /** Permissions of the new file, such as 0o600. */
  readonly mode: number
  /** What the file's name gets while it is written, such as `.new`. Who replaces the file is the only writer of that name. */
  readonly suffix: string
}

/**
 * Gives a file a new content. After a kill or a power failure it has the old one or the new one, whole; a draft may be left then, which the
 * next call with the same suffix takes away.
 * @throws what the file system throws; the file is as it was
 */
export function replaceFile(file: string, content: string | Uint8Array, { mode, suffix }: ReplaceOptions): void {
  const draft = `${file}${suffix}`
  rmSync(draft, { force: true })
  createFile(draft, content, mode)
  renameSync(draft, file)
  syncFolder(path.dirname(file))
}
