/** Reads the entries of an audit log, decrypted as far as keys exist. */

import { linesOf } from '../../shared/files/lines'
import { fieldsOf, isGenuine, readLine } from './entry'
import { filesIn } from './files'
import type { KeyRing } from './keys'
import { type SealedContent, unseal } from './persons'

/** An entry in the form of `afn-otel audit export`: its content and position. */
export interface ReadEntry {
  readonly chain: string
  readonly seq: number
  readonly time: string
  readonly action: string
  /** True if a person in the entry was erased: the content about that person is lost. */
  readonly erased?: true
  readonly [member: string]: unknown
}

export interface ReadOptions {
  readonly folder: string
  readonly keys: KeyRing['keys']
  /** Keys of persons by id. */
  readonly persons: ReadonlyMap<string, Buffer>
  /** ISO 8601; `since` is inclusive, `until` exclusive. */
  readonly since?: string
  readonly until?: string
}

/** Yields only genuine entries, chain by chain; `verifyLog()` reports the others. */
export function* readEntries({ folder, keys, persons, since = '', until = '~' }: ReadOptions): Generator<ReadEntry> {
  for (const file of filesIn(folder)) {
    if (file.date < since.slice(0, 10) || file.date > until.slice(0, 10)) continue
    for (const { bytes, whole } of linesOf(file.path)) {
      const line = whole ? readLine(bytes) : undefined
      const key = line && keys.get(line.key)
      if (!line || !key || !isGenuine(line, key.chain)) continue
      const { v: _, prev: __, key: ___, sealed, ...fields } = fieldsOf(line) as Record<string, unknown> & ReadEntry
      if (fields.time < since || fields.time >= until) continue
      yield { ...fields, ...opened((sealed ?? []) as SealedContent[], persons) }
    }
  }
}

function opened(parts: readonly SealedContent[], persons: ReadonlyMap<string, Buffer>): object {
  const clear = parts.map(part => {
    const key = persons.get(part.person)
    return key ? JSON.parse(unseal(part, key)) : { erased: true }
  })
  return Object.assign({}, ...clear)
}
