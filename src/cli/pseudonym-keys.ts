// The keys of pseudonyms, as the commands that look for a person take them.
import { readKeyFile } from '../shared/config/hmac-key'
import type { Settings } from '../shared/config/settings'

/**
 * Today's key first.
 * @param earlier files of earlier keys
 * @throws Error where one can't be used
 */
export function keysOf({ hmacKey, hmacKeyFile }: Settings, earlier: readonly string[]): string[] {
  const today = hmacKey ? [hmacKey] : hmacKeyFile ? [readKey(hmacKeyFile)] : []
  return [...today, ...earlier.map(readKey)]
}

/** @throws Error that names the file */
export function readKey(file: string): string {
  try {
    return readKeyFile(file)
  } catch (error) {
    throw new Error(`the key in ${file} can't be used: ${(error as Error).message}`)
  }
}
