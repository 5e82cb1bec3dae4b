// Decompresses the messages of one direction (`permessage-deflate`, RFC 7692). Each may refer to what came before it, which
// zlib takes as a dictionary: so each is decompressed by itself, a short one at once, others outside of the main thread.
import { inflateRaw, inflateRawSync, constants as zlib } from 'node:zlib'

/** So far back a message refers. */
const WINDOW = 32_768
/** Bytes, compressed, that may be short. */
const SHORT = 65_536
/** So much is decompressed at once. */
const AT_ONCE = 262_144
/** So much is decompressed at all. */
const MOST = 64 * 1024 * 1024
/** Left out by the sender. */
const TAIL = Buffer.from([0, 0, 0xff, 0xff])

export class Inflater {
  #before: Buffer = Buffer.alloc(0)

  /**
   * @param later called where it takes longer: with the bytes, or with none where they can't be had
   * @returns the bytes, or undefined where `later` gets them
   */
  inflate(pieces: Uint8Array[], later: (bytes: Buffer | undefined) => void): Buffer | undefined {
    const bytes = Buffer.concat([...pieces, TAIL])
    const options = {
      finishFlush: zlib.Z_SYNC_FLUSH,
      ...(this.#before.length > 0 && { dictionary: this.#before }),
    }
    if (bytes.length <= SHORT) {
      try {
        return this.#remembered(inflateRawSync(bytes, { ...options, maxOutputLength: AT_ONCE }))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error
      }
    }
    inflateRaw(bytes, { ...options, maxOutputLength: MOST }, (error, plain) => {
      later(error ? undefined : this.#remembered(plain))
    })
    return undefined
  }

  /** At once, however long it is. @throws where the bytes are not compressed as agreed */
  inflateNow(pieces: readonly Uint8Array[]): Buffer {
    const dictionary = this.#before.length > 0 ? { dictionary: this.#before } : {}
    const options = { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: MOST, ...dictionary }
    return this.#remembered(inflateRawSync(Buffer.concat([...pieces, TAIL]), options))
  }

  #remembered(plain: Buffer): Buffer {
    this.#before =
      plain.length < WINDOW ? Buffer.concat([this.#before, plain]).subarray(-WINDOW) : plain.subarray(-WINDOW)
    return plain
  }
}
