// Creates and keeps secrets of `collector run` that the user did not set.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Returns the secret from its file, which it creates if missing, readable only by the owner.
 * @param name of the file in the cache
 * @returns the secret, 64 hexadecimal digits, and the path of its file
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
