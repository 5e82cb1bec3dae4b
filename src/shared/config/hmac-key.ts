// The key of the pseudonyms: the redactor and `afn-otel pseudonym` make the same ones with it.
import type * as Crypto from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cipherKey } from './kinds'

const ID_DIGITS = 8

/** @throws an Error that says in words why the file gives no key */
export function readKeyFile(file: string): string {
  const key = cipherKey.parse(readFileSync(file, 'utf8').trim())
  if (key === undefined) throw new Error(`what it holds is not ${cipherKey.allowed}`)
  return key
}

/** HMAC-SHA256 of a text, 64 hexadecimal digits. */
export function hmacOf(key: string | Buffer): (text: string) => string {
  let crypto: typeof Crypto | undefined
  return text => {
    // it takes 2 ms, and most apps have no pseudonyms
    crypto ??= require('node:crypto') as typeof Crypto
    return crypto.createHmac('sha256', key).update(text).digest('hex')
  }
}

/** Names a key without giving it away, 8 hexadecimal digits: `afn.redaction.key_id` of the resource. */
export function keyIdOf(key: string): string {
  return hmacOf(key)('afn.redaction.key_id').slice(0, ID_DIGITS)
}
