/** Removes audit files whose retention has passed, by the day in their name. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { linesOf } from '../../shared/files/lines'
import { isGenuine, type Line, readLine } from './entry'
import { type AuditFile, filesIn } from './files'
import { isHeld } from './hold'
import type { KeyRing } from './keys'

/** What the log keeps about a removed file: enough to verify the following ones. */
export interface SweptFile {
  readonly file: string
  readonly chain: string
  /** Numbers of its first and last line; -1 for a file without lines. */
  readonly from: number
  readonly to: number
  /** Code of its last line. */
  readonly mac: string
}

export interface Sweep {
  readonly removed: readonly SweptFile[]
  /** Expired files that were kept: because of a legal hold, or because they contain something that is not genuine. */
  readonly kept: readonly { readonly file: string; readonly why: 'hold' | 'not genuine' }[]
}

/**
 * @param before removes files of earlier days, `2026-11-27`
 * @param record records what will be removed, beforehand
 */
export async function sweep(
  folder: string,
  before: string,
  { keys }: KeyRing,
  record: (files: readonly SweptFile[]) => Promise<void>,
): Promise<Sweep> {
  const old = filesIn(folder).filter(({ date }) => date < before)
  const nameOf = ({ path: file }: AuditFile) => path.basename(file)
  if (isHeld(folder)) return { removed: [], kept: old.map(file => ({ file: nameOf(file), why: 'hold' as const })) }
  const looked = old.map(file => ({ file, swept: look(file, keys) }))
  const removed = looked.flatMap(({ swept }) => swept ?? [])
  if (removed.length > 0) await record(removed)
  for (const { file, swept } of looked) if (swept) rmSync(file.path, { force: true })
  const kept = looked.flatMap(({ file, swept }) => (swept ? [] : [{ file: nameOf(file), why: 'not genuine' as const }]))
  return { removed, kept }
}

/** @returns undefined if a line is not genuine: tampered files are evidence and remain */
function look(file: AuditFile, keys: KeyRing['keys']): SweptFile | undefined {
  let first: Line | undefined
  let last: Line | undefined
  for (const { bytes, whole } of linesOf(file.path)) {
    const line = whole ? readLine(bytes) : undefined
    const key = line && keys.get(line.key)
    if (!line || !key || !isGenuine(line, key.chain)) return undefined
    first ??= line
    last = line
  }
  const name = path.basename(file.path)
  return { file: name, chain: file.chain, from: first?.seq ?? -1, to: last?.seq ?? -1, mac: last?.mac ?? '' }
}
