/**
 * The receipt by which a controller proves that a request was carried out (Art. 5(2)): counts and dates, no personal data. Anybody with the
 * public key can verify it years later without us: Ed25519 (RFC 8032) over the canonical JSON (RFC 8785) of `receipt`.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { signerOf } from '../../app/audit/keys'
import { type Canonical, canonicalJson } from './canonical'

/** Data that a store cannot erase, or not at once. */
export interface Unerasable {
  /** Such as `blocks that are older than the search reaches`. */
  readonly what: string
  readonly why: string
  /** When it expires, ISO 8601; null if it does not. */
  readonly agesOut: string | null
}

export interface StoreReceipt {
  readonly store: string
  /** Number of records that named the subject before. */
  readonly found: number
  /** Number of records after the last erasure, by a separate query. */
  readonly remaining: number
  /** Traces that name the subject but remain, because they also name other persons and the store only deletes whole traces. */
  readonly sharedTraces: number
  readonly verifiedAt: string
  readonly unerasable: readonly Unerasable[]
}

export interface Receipt {
  readonly version: 1
  readonly action: 'erase'
  /** The request's random id. */
  readonly request: string
  /** ISO 8601. */
  readonly receivedAt: string
  readonly dueAt: string
  readonly completedAt: string
  /** The keys whose pseudonyms were searched for. */
  readonly keyIds: readonly string[]
  readonly stores: readonly StoreReceipt[]
  /** Data that no command can reach: browsers, queues, backups, and companies that receive telemetry. */
  readonly elsewhere: readonly Unerasable[]
  /** Stores that may exist but were not queried. */
  readonly notAsked: readonly Unerasable[]
}

export interface SignedReceipt {
  readonly receipt: Receipt
  /** The first 16 hexadecimal digits of SHA-256 over the public key (SPKI, DER), as in audit log checkpoints. */
  readonly signer: string
  /** Base64. */
  readonly signature: string
}

const bytesOf = (receipt: Receipt): Buffer => Buffer.from(canonicalJson(receipt as unknown as Canonical))

/** @param key private Ed25519 key */
export function signReceipt(receipt: Receipt, key: KeyObject): SignedReceipt {
  const signature = sign(null, bytesOf(receipt), key).toString('base64')
  return { receipt, signer: signerOf(createPublicKey(key)), signature }
}

/**
 * @param keys public keys, current and earlier ones. They must not come from the receipt: a forged receipt could bring its own key.
 * @returns `ok`; `unknown-signer` if none of the keys is the signer's; `forged` if anything was changed or it is no receipt
 */
export function verifyReceipt(signed: unknown, keys: readonly KeyObject[]): 'ok' | 'unknown-signer' | 'forged' {
  try {
    const { receipt, signer, signature } = signed as SignedReceipt
    const key = keys.find(one => signerOf(one) === signer)
    if (!key) return 'unknown-signer'
    const bytes = Buffer.from(signature, 'base64')
    // base64 has several encodings of the same bytes
    if (bytes.toString('base64') !== signature) return 'forged'
    return verify(null, bytesOf(receipt), key, bytes) ? 'ok' : 'forged'
  } catch {
    return 'forged'
  }
}

/** Identifies a receipt: SHA-256 over its canonical JSON with the signature, hexadecimal. */
export const hashOf = (signed: SignedReceipt): string =>
  createHash('sha256')
    .update(canonicalJson(signed as unknown as Canonical))
    .digest('hex')
