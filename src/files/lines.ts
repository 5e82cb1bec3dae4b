/** The lines of a file, as bytes, a piece of the file at a time. */
import { closeSync, openSync, readSync } from 'node:fs'

const PIECE = 1 << 20

/** What stands behind the last line break comes last, with `whole` false. The bytes of a line are its own. */
export function* linesOf(file: string): Generator<{ readonly bytes: Buffer; readonly whole: boolean }> {
  const handle = openSync(file, 'r')
  try {
    let rest: Buffer = Buffer.alloc(0)
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE)
      const read = readSync(handle, piece, 0, PIECE, null)
      if (read === 0) break
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
  } finally {
    closeSync(handle)
  }
}
