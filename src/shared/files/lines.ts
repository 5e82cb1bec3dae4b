/** The lines of a file, as bytes, a piece of the file at a time. */
import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs'

const PIECE = 1 << 20

export interface Line {
  /** The bytes of a line are its own. */
  readonly bytes: Buffer
  /** False for what stands behind the last line break, which comes last. */
  readonly whole: boolean
}

export function* linesOf(file: string): Generator<Line> {
  const handle = openSync(file, 'r')
  try {
    yield* linesFrom(handle, 0)
  } finally {
    closeSync(handle)
  }
}

function* linesFrom(handle: number, start: number): Generator<Line> {
  let rest: Buffer = Buffer.alloc(0)
  for (let at = start; ; ) {
    const piece = Buffer.allocUnsafe(PIECE)
    const read = readSync(handle, piece, 0, PIECE, at)
    if (read === 0) break
    at += read
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece.subarray(0, read)]) : piece.subarray(0, read)
    let begin = 0
    // what is left over of the piece before has no line break
    for (let end = bytes.indexOf(0x0a, rest.length); end >= 0; end = bytes.indexOf(0x0a, begin)) {
      yield { bytes: bytes.subarray(begin, end), whole: true }
      begin = end + 1
    }
    rest = bytes.subarray(begin)
  }
  if (rest.length > 0) yield { bytes: rest, whole: false }
}

/**
 * Writes lines over where they stand. Who appends to the file meanwhile loses nothing, and who gives it another name and begins a new one neither:
 * what is read and what is written are one file.
 * @param change what stands there afterwards, as long as the line was; undefined for a line that stays
 * @param start of the first line that is looked at, in bytes
 */
export function changeLines(file: string, change: (line: Line) => Buffer | undefined, start = 0): void {
  const handle = openSync(file, 'r+')
  try {
    let offset = start
    let isChanged = false
    for (const line of linesFrom(handle, start)) {
      const left = change(line)
      for (let at = 0; left && at < left.length; ) at += writeSync(handle, left, at, left.length - at, offset + at)
      isChanged ||= left !== undefined
      offset += line.bytes.length + 1
    }
    if (isChanged) fdatasyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** A text as long as the line that it stands for: JSON takes any number of spaces behind it. Undefined where it is longer. */
export function padded(text: string, length: number): Buffer | undefined {
  if (Buffer.byteLength(text) > length) return undefined
  const bytes = Buffer.alloc(length, ' ')
  bytes.write(text)
  return bytes
}
