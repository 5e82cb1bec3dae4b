// Whether a folder can take what is going to be written into it: space, inodes, and a file system that can be written.
import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Reading } from '../check'

/** Used shares, as `df` counts them: what only root may use is no free space. */
const warnAt = 0.85
const failAt = 0.97

/**
 * @param folder one that is not there yet is going to be made: what counts is the nearest one above it
 * @throws EACCES, EROFS and their kind
 */
export async function checkDisk(folder: string): Promise<Reading> {
  const place = await nearest(folder)
  const { blocks, bfree, bavail, files, ffree } = await statfs(place)
  await access(place, constants.W_OK)
  const space = usedShare(blocks - bfree, bavail)
  // file systems that make inodes as they need them have none to count
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
