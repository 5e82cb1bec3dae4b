/** The end of an audit file: the last complete line, and what follows it after a power failure. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { type Line, readLine } from './entry'

export interface Tail {
  readonly last: Line | undefined
  /** Number of bytes up to and including the last line break. */
  readonly whole: number
  /** An incomplete line after it, which was never acknowledged. */
  readonly torn: { readonly bytes: number; readonly sha256: string } | undefined
}

/** Maximum length of a line, in bytes: entries are limited (`LONGEST` in fields.ts). */
const WINDOW = 1 << 20

/** @throws errors of the file system */
export function tailOf(file: string): Tail {
  const handle = openSync(file, 'r')
  try {
    const { size } = fstatSync(handle)
    const from = Math.max(0, size - WINDOW)
    const bytes = Buffer.alloc(size - from)
    readSync(handle, bytes, 0, bytes.length, from)
    const end = bytes.lastIndexOf(0x0a) + 1
    const begin = end < 2 ? 0 : bytes.lastIndexOf(0x0a, end - 2) + 1
    const rest = bytes.subarray(end)
    return {
      last: end === 0 ? undefined : readLine(bytes.subarray(begin, end - 1)),
      whole: from + end,
      torn:
        rest.length === 0 ? undefined : { bytes: rest.length, sha256: createHash('sha256').update(rest).digest('hex') },
    }
  } finally {
    closeSync(handle)
  }
}

/** The first line of a file. */
export function headOf(file: string): Line | undefined {
  const handle = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(WINDOW)
    const read = readSync(handle, bytes, 0, WINDOW, 0)
    const end = bytes.subarray(0, read).indexOf(0x0a)
    return end < 0 ? undefined : readLine(bytes.subarray(0, end))
  } finally {
    closeSync(handle)
  }
}

/** Removes everything after the last line break. */
export function cutTail(file: string, { whole }: Tail): void {
  const handle = openSync(file, 'r+')
  try {
    ftruncateSync(handle, whole)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
