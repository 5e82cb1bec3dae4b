/**
 * One key per person, so that a person can be erased from a chain that must not change. Content about a person is encrypted with the
 * person's key (AES-256-GCM), and the chain's codes cover the ciphertext. Deleting the key makes the content unreadable forever, while the
 * chain still verifies (crypto-shredding, NIST SP 800-88 "cryptographic erase").
 *
 * Each key is a file in the folder `persons` next to the key ring. The file's name is an HMAC of the person's id. Its content is a random
 * id, by which the log refers to the key, and the key, wrapped by the key ring. Once the file is deleted, nothing leads from the log to the
 * person.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { syncFolder } from '../../shared/files/sync-folder'
import { systemError } from './error'
import type { AuditKey, KeyRing } from './keys'

/** Encrypted content about a person. Bytes are base64. */
export interface SealedContent {
  /** Id of the person's key. */
  readonly person: string
  readonly iv: string
  /** Ciphertext, followed by the tag of 16 bytes. */
  readonly data: string
}

export interface PersonKey {
  readonly id: string
  readonly key: Buffer
}

export interface Persons {
  /** The person's key, created on first use. @throws AuditError if it cannot be read or stored */
  keyOf(person: string, ring: KeyRing): PersonKey
  /** The person's key if it exists; never creates one. */
  find(person: string, ring: KeyRing): PersonKey | undefined
  /** Deletes the key. @returns its id; undefined if the person has none */
  shred(person: string, ring: KeyRing): string | undefined
  /** All keys by id, for reading encrypted content. */
  all(ring: KeyRing): Map<string, Buffer>
}

const IV = 12
const TAG = 16
/** Maximum number of keys cached in memory, for an app's current users. */
const MOST = 10_000

/** @param folder created if missing, only accessible to the owner */
export function openPersons(folder: string): Persons {
  const kept = new Map<string, PersonKey>()
  const remember = (name: string, key: PersonKey): PersonKey => {
    if (kept.size >= MOST) kept.delete(kept.keys().next().value as string)
    kept.set(name, key)
    return key
  }
  return {
    keyOf(person, ring) {
      const [current, ...earlier] = namesOf(person, ring)
      for (const name of [current!, ...earlier]) {
        const file = path.join(folder, name)
        const known = kept.get(name)
        // another process may have deleted it
        if (known && existsSync(file)) return known
        kept.delete(name)
        const stored = read(file, ring)
        if (stored) return remember(name, stored)
      }
      try {
        return remember(current!, create(folder, current!, ring))
      } catch (error) {
        throw systemError(`the key of a person can't be stored in ${folder}`, error)
      }
    },
    find(person, ring) {
      return namesOf(person, ring)
        .map(name => read(path.join(folder, name), ring))
        .find(key => key !== undefined)
    },
    shred(person, ring) {
      let id: string | undefined
      for (const name of namesOf(person, ring)) {
        kept.delete(name)
        const file = path.join(folder, name)
        id ??= read(file, ring)?.id
        overwriteAndRemove(file)
      }
      return id
    },
    all(ring) {
      const names = existsSync(folder) ? readdirSync(folder) : []
      const keys = names.flatMap(name => read(path.join(folder, name), ring) ?? [])
      return new Map(keys.map(({ id, key }) => [id, key]))
    },
  }
}

export function seal(text: string, { id, key }: PersonKey): SealedContent {
  return { person: id, ...encrypt(Buffer.from(text), key) }
}

/** @throws Error for a wrong key */
export const unseal = (sealed: SealedContent, key: Buffer): string => decrypt(sealed, key).toString()

/** A person's key is wrapped by the key that was current when the person was first recorded. */
function namesOf(person: string, { current, keys }: KeyRing): string[] {
  const others = [...keys.values()].filter(({ id }) => id !== current.id).reverse()
  return [current, ...others].map(({ wrap }) => createHmac('sha256', wrap).update(person).digest('hex').slice(0, 40))
}

function create(folder: string, name: string, ring: KeyRing): PersonKey {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const key = { id: randomBytes(8).toString('hex'), key: randomBytes(32) }
  const stored = JSON.stringify({ id: key.id, under: ring.current.id, ...encrypt(key.key, ring.current.wrap) })
  const [file, draft] = [path.join(folder, name), path.join(folder, `.${name}.${key.id}`)]
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, stored)
    fsyncSync(handle)
    // never replaces a file: if two processes record a person for the first time, only one creates the key
    linkSync(draft, file)
  } catch (error) {
    const theirs = (error as NodeJS.ErrnoException).code === 'EEXIST' ? read(file, ring) : undefined
    if (theirs) return theirs
    throw error
  } finally {
    closeSync(handle)
    rmSync(draft, { force: true })
  }
  syncFolder(folder)
  return key
}

function read(file: string, { keys }: KeyRing): PersonKey | undefined {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as { id: string; under: string; iv: string; data: string }
    const { wrap } = keys.get(stored.under) as AuditKey
    return { id: stored.id, key: decrypt(stored, wrap) }
  } catch {
    return undefined
  }
}

/** Overwrites the bytes before deleting the file. A copy-on-write file system keeps the old ones until it reuses them. */
function overwriteAndRemove(file: string): void {
  try {
    const handle = openSync(file, 'r+')
    try {
      writeSync(handle, randomBytes(readFileSync(file).length), 0, undefined, 0)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw systemError(`the key of a person in ${file} can't be deleted`, error)
  }
  rmSync(file)
  syncFolder(path.dirname(file))
}

function encrypt(clear: Buffer, key: Buffer): { iv: string; data: string } {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const data = Buffer.concat([cipher.update(clear), cipher.final(), cipher.getAuthTag()])
  return { iv: iv.toString('base64'), data: data.toString('base64') }
}

function decrypt({ iv, data }: { iv: string; data: string }, key: Buffer): Buffer {
  const bytes = Buffer.from(data, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'))
  decipher.setAuthTag(bytes.subarray(-TAG))
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG)), decipher.final()])
}
