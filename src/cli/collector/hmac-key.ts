// Called by launch.ts for `collector run`.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * The key of the pseudonyms on a machine where nobody set AFN_HMAC_KEY: made once, readable by its owner alone.
 * @returns the key, 64 hexadecimal digits, and the file that holds it
 */
export function hmacKey(cache: string): { key: string; file: string; isNew: boolean } {
  const file = path.join(cache, 'hmac.key')
  mkdirSync(cache, { recursive: true })
  try {
    const key = randomBytes(32).toString('hex')
    writeFileSync(file, key, { mode: 0o600, flag: 'wx' })
    return { key, file, isNew: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { key: readFileSync(file, 'utf8').trim(), file, isNew: false }
  }
}
