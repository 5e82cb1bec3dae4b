// The secret of `collector run`, which the user did not set: it is made once and kept.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * A secret of this machine, for what nobody has set: made once, readable by its owner alone.
 * @param name of its file in the cache
 * @returns the secret, 64 hexadecimal digits, and the file that holds it
 */
export function ownSecret(cache: string, name: string): { value: string; file: string; isNew: boolean } {
  const file = path.join(cache, name)
  mkdirSync(cache, { recursive: true })
  try {
    const value = randomBytes(32).toString('hex')
    writeFileSync(file, value, { mode: 0o600, flag: 'wx' })
    return { value, file, isNew: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { value: readFileSync(file, 'utf8').trim(), file, isNew: false }
  }
}
