/**
 * Removes log files that are older than their class is kept. A file is judged by the day in its name: a backup, a copy and `touch`
 * change the time of a file. It goes when the last line that may be in it is as old: from the next day on.
 */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { mayRun, thisProcess } from '../../shared/files/process'
import type { LogClass } from '../../shared/tiers'
import { DAY_MS } from './class-file'
import { filesIn } from './names'

const LOCK = '.sweeping'

/**
 * One process of a folder sweeps at a time; another one leaves it to that.
 * @param now in ms
 * @param daysOf how long a class is kept
 * @returns the names of the files that it removed
 * @throws Error of the system
 */
export async function sweep(
  folder: string,
  now: number,
  daysOf: (logClass: LogClass) => number,
): Promise<readonly string[]> {
  const lock = path.join(folder, LOCK)
  if (!take(lock)) return []
  try {
    const files = expired(folder, now, daysOf)
    for (const file of files) await rm(file, { force: true })
    return files.map(file => path.basename(file))
  } finally {
    rmSync(lock, { force: true })
  }
}

/** The same for a process that ends. */
export function sweepAtOnce(folder: string, now: number, daysOf: (logClass: LogClass) => number): void {
  const lock = path.join(folder, LOCK)
  if (!take(lock)) return
  try {
    for (const file of expired(folder, now, daysOf)) rmSync(file, { force: true })
  } finally {
    rmSync(lock, { force: true })
  }
}

function expired(folder: string, now: number, daysOf: (logClass: LogClass) => number): string[] {
  return filesIn(folder).flatMap(({ path, date, logClass }) => {
    const oldest = new Date(now - daysOf(logClass) * DAY_MS).toISOString().slice(0, 10)
    return date < oldest ? path : []
  })
}

/** What a process left that has ended is taken over. Should two do so at once, both sweep, which removes nothing more. */
function take(lock: string): boolean {
  for (const isLast of [false, true]) {
    try {
      const handle = openSync(lock, 'wx', 0o640)
      writeSync(handle, JSON.stringify(thisProcess()))
      closeSync(handle)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || isLast) throw error
    }
    if (isHeld(lock)) return false
    rmSync(lock, { force: true })
  }
  return false
}

function isHeld(lock: string): boolean {
  try {
    return mayRun(JSON.parse(readFileSync(lock, 'utf8')))
  } catch {
    return false
  }
}
