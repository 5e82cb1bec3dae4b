// Checks whether a folder can be written to: free space, inodes, and a writable file system.
import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Reading } from '../check'

/** Used shares, as `df` computes them: space reserved for root is not free. */
const warnAt = 0.85
const failAt = 0.97

/**
 * @param folder if it does not exist yet, its nearest existing parent is checked
 * @throws EACCES, EROFS and similar errors
 */
export async function checkDisk(folder: string): Promise<Reading> {
  const place = await nearest(folder)
  const { blocks, bfree, bavail, files, ffree } = await statfs(place)
  await access(place, constants.W_OK)
  const space = usedShare(blocks - bfree, bavail)
  // file systems with dynamic inodes report no number
  const inodes = files > 0 ? usedShare(files - ffree, ffree) : 0
  const worst = Math.max(space, inodes)
  const status = worst >= failAt ? 'fail' : worst >= warnAt ? 'warn' : 'pass'
  return {
    status,
    ...(status !== 'pass' && { output: space >= inodes ? 'space' : 'inodes' }),
    measurement: 'utilization',
    observedValue: Math.round(worst * 1_000) / 10,
    observedUnit: 'percent',
  }
}

const usedShare = (used: number, available: number): number => (used + available > 0 ? used / (used + available) : 0)

async function nearest(folder: string): Promise<string> {
  try {
    await access(folder)
    return folder
  } catch (error) {
    const above = path.dirname(path.resolve(folder))
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error
    return nearest(above)
  }
}
