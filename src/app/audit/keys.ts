/**
 * The key ring of the audit log: a JSON file that only its owner can read (0600), created by `createKeyRing()` or `afn-otel audit init`.
 *
 * { "current": "2026-11-27", "keys": { "2026-11-27": "base64 of 32 bytes" }, "signing": "PKCS#8 of Ed25519, base64" }
 *
 * HKDF (RFC 5869) derives two keys from each: one for the chain, and one that wraps the keys of persons. A rotation adds a key and makes it
 * `current`; earlier keys remain, because they verify earlier lines.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createFile } from '../../shared/files/create-file'
import { replaceFile } from '../../shared/files/replace-file'
import { AuditError } from './error'

export interface AuditKey {
  readonly id: string
  /** For the chain's authentication codes. */
  readonly chain: Buffer
  /** Wraps the keys of persons. */
  readonly wrap: Buffer
}

export interface KeyRing {
  readonly current: AuditKey
  readonly keys: ReadonlyMap<string, AuditKey>
  readonly signing: KeyObject
  /** Identifies the key of a checkpoint: the first 16 hexadecimal digits of SHA-256 over the public key (SPKI, DER). */
  readonly signer: string
}

interface KeyRingFile {
  current: string
  keys: Record<string, string>
  signing: string
}

const ID = /^[\w.-]{1,64}$/
/** Only for the owner. */
const MODE = 0o600

/**
 * Creates a key ring with one key.
 * @throws AuditError `keys` if the file exists: without the old key ring, earlier lines can no longer be verified
 */
export function createKeyRing(file: string, id: string = today()): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  const stored: KeyRingFile = {
    current: id,
    keys: { [id]: newKey() },
    signing: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  }
  try {
    createFile(file, textOf(stored), MODE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw invalid(file, 'already exists and was not changed')
    throw unwritable(file, error)
  }
}

/** Adds a key and makes it current. Writers use it within seconds. @throws AuditError `keys` */
export function rotateKeyRing(file: string, id: string = new Date().toISOString().replace(/[:.]/g, '-')): void {
  const stored = readStored(file)
  if (Object.hasOwn(stored.keys, id)) throw invalid(file, `already has a key "${id}"; choose another ID`)
  const next = { ...stored, current: id, keys: { ...stored.keys, [id]: newKey() } }
  try {
    replaceFile(file, textOf(next), { mode: MODE, suffix: '.new' })
  } catch (error) {
    throw unwritable(file, error)
  }
}

/** @throws AuditError `keys` with the file, the problem and the remedy */
export function readKeyRing(file: string): KeyRing {
  const stored = readStored(file)
  const keys = new Map(Object.entries(stored.keys).map(([id, key]) => [id, derive(id, Buffer.from(key, 'base64'))]))
  const current = keys.get(stored.current)
  if (!current) throw invalid(file, `names "${stored.current}" as current, but has no such key`)
  try {
    const signing = createPrivateKey({ key: Buffer.from(stored.signing, 'base64'), format: 'der', type: 'pkcs8' })
    if (signing.asymmetricKeyType !== 'ed25519') throw new Error('no Ed25519 key')
    return { current, keys, signing, signer: signerOf(createPublicKey(signing)) }
  } catch {
    throw invalid(file, 'has no Ed25519 key under "signing"')
  }
}

/** The id of a public key in checkpoints. */
export const signerOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16)

function readStored(file: string): KeyRingFile {
  let text: string
  try {
    if (statSync(file).mode & 0o077)
      throw invalid(file, 'is readable by others; run chmod 600 on it, and rotate its keys')
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof AuditError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw invalid(file, `can't be read (${code}); create one: afn-otel audit init --keys ${file}`)
  }
  let stored: KeyRingFile
  try {
    stored = JSON.parse(text)
  } catch {
    throw invalid(file, 'is not JSON; restore it from your backup')
  }
  const keys = Object.entries(stored?.keys ?? {})
  const bad = keys.find(
    ([id, key]) => !ID.test(id) || typeof key !== 'string' || Buffer.from(key, 'base64').length !== 32,
  )
  if (bad) throw invalid(file, `has a key "${bad[0]}" that is not 32 bytes in base64`)
  if (keys.length === 0 || typeof stored.current !== 'string' || typeof stored.signing !== 'string')
    throw invalid(file, 'lacks "current", "keys" or "signing"; restore it from your backup')
  return stored
}

function derive(id: string, secret: Buffer): AuditKey {
  const of = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `afn-otel audit ${purpose}`, 32))
  return { id, chain: of('chain'), wrap: of('wrap') }
}

const newKey = (): string => randomBytes(32).toString('base64')
const today = (): string => new Date().toISOString().slice(0, 10)
const textOf = (stored: KeyRingFile): string => `${JSON.stringify(stored, undefined, 2)}\n`
const unwritable = (file: string, error: unknown): AuditError =>
  invalid(file, `can't be written (${(error as NodeJS.ErrnoException).code})`)
const invalid = (file: string, why: string): AuditError => new AuditError('keys', `the key ring ${file} ${why}`)
