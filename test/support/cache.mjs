// Where the tests keep what is slow to get. The same folder as the CLI's.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

export const cacheFolder = () => process.env.AFN_CACHE_DIR || path.join(homedir(), '.cache', 'afn-otel')

/**
 * Makes a folder once for all test files that run at the same time: whoever comes second waits for the first one.
 * @param {string} folder is there in full, or not at all
 * @param {(unfinished: string) => void} make fills the folder that then gets that name
 */
export function makeOnce(folder, make) {
  mkdirSync(path.dirname(folder), { recursive: true })
  const lock = `${folder}.lock`
  while (!existsSync(folder)) {
    if (!take(lock)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
      continue
    }
    const unfinished = `${folder}.${process.pid}`
    try {
      if (existsSync(folder)) return
      mkdirSync(unfinished, { recursive: true })
      make(unfinished)
      renameSync(unfinished, folder)
    } finally {
      rmSync(unfinished, { recursive: true, force: true })
      rmSync(lock, { force: true })
    }
  }
}

/** @param {unknown} error */
const codeOf = error => /** @type {NodeJS.ErrnoException} */ (error).code

/** @param {string} lock a file with the id of the process that has it; of one that has ended, nobody has it */
function take(lock) {
  try {
    const file = openSync(lock, 'wx')
    writeSync(file, `${process.pid}`)
    closeSync(file)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    try {
      const owner = Number(readFileSync(lock, 'utf8'))
      // between its making and its writing it is empty
      if (owner > 0) process.kill(owner, 0)
    } catch (why) {
      if (codeOf(why) === 'ESRCH') rmSync(lock, { force: true })
    }
    return false
  }
}
