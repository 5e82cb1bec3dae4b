import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'

/**
 * Makes a file, and returns when its content is on the disk. Its name is on the disk only when its folder is: see `syncFolder`.
 * @param mode permissions, such as 0o600
 * @throws what the file system throws: EEXIST where something has the name already, also a link. Otherwise nothing is left
 */
export function createFile(file: string, content: string | Uint8Array, mode: number): void {
  const handle = openSync(file, 'wx', mode)
  try {
    const bytes = Buffer.from(content)
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
    fsyncSync(handle)
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
}
