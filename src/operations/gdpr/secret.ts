/**
 * The key file of requests: an Ed25519 key that signs receipts. Other keys are derived from it: those that encrypt the identifiers of open
 * requests, and the one that recognises a repeated request.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createFile } from '../../shared/files/create-file'
import { type Canonical, canonicalJson } from './canonical'
import type { Identifier } from './subject'

const IV = 12
const TAG = 16

export interface SealedText {
  readonly iv: string
  /** Ciphertext and tag, base64. */
  readonly data: string
}

export interface GdprSecret {
  readonly signing: KeyObject
  /** The handle of a request in its file name: 40 hexadecimal digits that match no store's pseudonym. */
  handleOf(identifiers: readonly Identifier[]): string
  seal(request: string, value: Canonical): SealedText
  /** @throws Error if it was sealed with another key or for another request */
  unseal(request: string, sealed: SealedText): unknown
}

/** @throws Error if the file exists: overwriting the key would make open requests unreadable and change the signer */
export function createSecretFile(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  createFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), 0o600)
}

/** @throws Error for the user, with what is wrong with the file */
export function readSecretFile(file: string): GdprSecret {
  if (statSync(file).mode & 0o077) throw new Error(`${file} is readable by others; run chmod 600 on it`)
  const signing = createPrivateKey(readFileSync(file))
  if (signing.asymmetricKeyType !== 'ed25519')
    throw new Error(`${file} is not an Ed25519 key; create one: afn-otel gdpr init`)
  return secretOf(signing)
}

/** @param signing private Ed25519 key */
export function secretOf(signing: KeyObject): GdprSecret {
  const material = signing.export({ format: 'der', type: 'pkcs8' })
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', material, '', `afn-otel gdpr ${purpose}`, 32))
  const handles = derive('handle')
  const keyOf = (request: string) => derive(`request ${request}`)
  return {
    signing,
    handleOf: identifiers =>
      createHmac('sha256', handles)
        .update(canonicalJson(identifiers.map(({ kind, value }) => ({ kind, value }))))
        .digest('hex')
        .slice(0, 40),
    seal(request, value) {
      const iv = randomBytes(IV)
      const cipher = createCipheriv('aes-256-gcm', keyOf(request), iv)
      const data = Buffer.concat([cipher.update(canonicalJson(value)), cipher.final(), cipher.getAuthTag()])
      return { iv: iv.toString('base64'), data: data.toString('base64') }
    },
    unseal(request, { iv, data }) {
      const bytes = Buffer.from(data, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', keyOf(request), Buffer.from(iv, 'base64'))
      decipher.setAuthTag(bytes.subarray(-TAG))
      const clear = Buffer.concat([decipher.update(bytes.subarray(0, -TAG)), decipher.final()])
      return JSON.parse(clear.toString())
    },
  }
}
