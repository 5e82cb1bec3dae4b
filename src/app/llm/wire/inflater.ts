// Decompresses the messages of one direction (`permessage-deflate`, RFC 7692). A message may refer to earlier bytes, which zlib accepts as
// a dictionary. So each message is decompressed separately: a short one synchronously, others outside of the main thread.
import { inflateRaw, inflateRawSync, constants as zlib } from 'node:zlib'

/** Maximum distance in bytes to which a message refers back. */
const WINDOW = 32_768
/** Maximum compressed bytes of a short message. */
const SHORT = 65_536
/** Maximum bytes decompressed synchronously. */
const AT_ONCE = 262_144
/** Maximum bytes decompressed at all. */
const MOST = 64 * 1024 * 1024
/** The bytes that the sender omits. */
const TAIL = Buffer.from([0, 0, 0xff, 0xff])

export class Inflater {
  #before: Buffer = Buffer.alloc(0)

  /**
   * @param later called if decompression takes longer: with the bytes, or undefined if it failed
   * @returns the bytes, or undefined if `later` receives them
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

  /** Decompresses synchronously, whatever the size. @throws if the bytes are not valid */
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
