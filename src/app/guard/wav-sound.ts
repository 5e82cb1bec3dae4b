// How long the sound of a WAV file is, by its head and the bytes of the whole file.

/** So much of a file is looked at for its format. */
export const WAV_HEAD = 4_096
/** PCM, floats, and the two laws of telephony: a sample has a fixed size. */
const FIXED = new Set([1, 3, 6, 7])
const EXTENSIBLE = 0xfffe

export interface Sound {
  readonly seconds: number
  readonly channels: number
}

/**
 * The sound is no longer than the file has room for, whatever else its head says.
 * @param head the first bytes, `WAV_HEAD` of them where there are as many
 * @returns undefined where it is no WAV file, or one whose samples are compressed
 */
export function wavSound(head: Buffer, bytes: number): Sound | undefined {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return undefined
  for (let at = 12; at + 24 <= head.length; ) {
    const size = head.readUInt32LE(at + 4)
    if (head.toString('latin1', at, at + 4) === 'fmt ') return soundOf(head.subarray(at + 8, at + 8 + size), bytes)
    at += 8 + size + (size % 2)
  }
  return undefined
}

function soundOf(format: Buffer, bytes: number): Sound | undefined {
  if (format.length < 16) return undefined
  const named = format.readUInt16LE(0)
  const kind = named === EXTENSIBLE && format.length >= 26 ? format.readUInt16LE(24) : named
  const [channels, rate, bits] = [format.readUInt16LE(2), format.readUInt32LE(4), format.readUInt16LE(14)]
  const frame = channels * Math.ceil(bits / 8)
  if (!FIXED.has(kind) || rate * frame === 0) return undefined
  return { seconds: bytes / (rate * frame), channels }
}
