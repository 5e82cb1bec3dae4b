/**
 * What a controller shows to prove that a request was carried out (Art. 5(2)): counts and dates, and nothing of the person. Whoever
 * has the public key verifies it, years later and without us: Ed25519 (RFC 8032) over the canonical JSON (RFC 8785) of `receipt`.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { signerOf } from '../../app/audit/keys'
import { type Canonical, canonicalJson } from './canonical'

/** What a store can't erase, or not at once. */
export interface Unerasable {
  /** Such as `blocks that are older than the search reaches`. */
  readonly what: string
  readonly why: string
  /** When it is gone by itself, ISO 8601; null where nothing ends it. */
  readonly agesOut: string | null
}

export interface StoreReceipt {
  readonly store: string
  /** Records that named the subject before. */
  readonly found: number
  /** And after the last erasure, by a question of its own. */
  readonly remaining: number
  /** Traces that name the subject and stay, since other persons are in them and the store deletes whole traces alone. */
  readonly sharedTraces: number
  readonly verifiedAt: string
  readonly unerasable: readonly Unerasable[]
}

export interface Receipt {
  readonly version: 1
  readonly action: 'erase'
  /** Of the request, random. */
  readonly request: string
  /** ISO 8601. */
  readonly receivedAt: string
  readonly dueAt: string
  readonly completedAt: string
  /** Under which pseudonyms were looked for. */
  readonly keyIds: readonly string[]
  readonly stores: readonly StoreReceipt[]
  /** What no command reaches: browsers, queues, backups, and companies to which telemetry is sent. */
  readonly elsewhere: readonly Unerasable[]
  /** Stores that may have been there, and were not asked. */
  readonly notAsked: readonly Unerasable[]
}

export interface SignedReceipt {
  readonly receipt: Receipt
  /** The first 16 hexadecimal digits of SHA-256 over the public key (SPKI, DER), as in the checkpoints of the audit log. */
  readonly signer: string
  /** Base64. */
  readonly signature: string
}

const bytesOf = (receipt: Receipt): Buffer => Buffer.from(canonicalJson(receipt as unknown as Canonical))

/** @param key Ed25519, private */
export function signReceipt(receipt: Receipt, key: KeyObject): SignedReceipt {
  const signature = sign(null, bytesOf(receipt), key).toString('base64')
  return { receipt, signer: signerOf(createPublicKey(key)), signature }
}

/**
 * @param keys public keys of today and of earlier years. Not from the receipt: one that brought its key would verify when forged.
 * @returns `ok`; `unknown-signer` where no key is the signer's; `forged` where anything was changed, or it is no receipt
 */
export function verifyReceipt(signed: unknown, keys: readonly KeyObject[]): 'ok' | 'unknown-signer' | 'forged' {
  try {
    const { receipt, signer, signature } = signed as SignedReceipt
    const key = keys.find(one => signerOf(one) === signer)
    if (!key) return 'unknown-signer'
    const bytes = Buffer.from(signature, 'base64')
    // base64 has several spellings of the same bytes
    if (bytes.toString('base64') !== signature) return 'forged'
    return verify(null, bytesOf(receipt), key, bytes) ? 'ok' : 'forged'
  } catch {
    return 'forged'
  }
}

/** Names a receipt: SHA-256 over its canonical JSON with the signature, hexadecimal. */
export const hashOf = (signed: SignedReceipt): string =>
  createHash('sha256')
    .update(canonicalJson(signed as unknown as Canonical))
    .digest('hex')
