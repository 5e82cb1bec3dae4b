import { closeSync, fsyncSync, openSync } from 'node:fs'

/** A new name, or one that is gone, is on the disk only when its folder is. @throws what the file system throws */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
