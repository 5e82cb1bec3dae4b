/** The file of the list, as `afn-otel gdpr suppress` changes it: whole or not at all, and one change after the other. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { keyIdOf } from '../../shared/config/hmac-key'
import { type Lease, takeLease } from '../../shared/files/lease'
import { type ReplaceOptions, replaceFile } from '../../shared/files/replace-file'
import { emptyList, formatList, parseList, type SuppressionList } from './list'

/** Other users may read it: apps, and a web server that hands it out; by it nobody is known. */
export const PUBLIC: ReplaceOptions = { mode: 0o644, suffix: `.${process.pid}.draft` }

/** Another change takes milliseconds. */
const PATIENCE_MS = 10_000

/** @throws Error where it can't be read, or is of another key; an empty list where there is no file yet */
export function readListFile(file: string, key: string): SuppressionList {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyList(key)
    throw error
  }
  const list = parseList(text)
  if (list.keyId !== keyIdOf(key))
    throw new Error(
      `${file} was made with the key ${list.keyId}, and this key is ${keyIdOf(key)}; its handles can't be made anew, so keep that key as AFN_SUPPRESSION_KEY_FILE`,
    )
  return list
}

/**
 * @param change gets a set of its own
 * @returns the list as it is now
 * @throws Error as `readListFile`, or where the file can't be written
 */
export async function changeListFile(
  file: string,
  key: string,
  change: (handles: Set<string>) => void,
): Promise<SuppressionList> {
  const lease = await leaseOf(file)
  try {
    const before = readListFile(file, key)
    const handles = new Set(before.handles)
    change(handles)
    const list = { ...before, handles }
    replaceFile(file, formatList(list), PUBLIC)
    return list
  } finally {
    lease.release()
  }
}

async function leaseOf(file: string): Promise<Lease> {
  for (const until = Date.now() + PATIENCE_MS; ; ) {
    const lease = takeLease(file, 'make its folder writable')
    if (lease) return lease
    if (Date.now() > until) throw new Error(`another process changes ${file}; try again`)
    await sleep(50)
  }
}
