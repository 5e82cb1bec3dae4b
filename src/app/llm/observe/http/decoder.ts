// Decodes a copy of a compressed body while the app gets the original: unlike fetch, Node's HTTP clients return encoded bytes. node:zlib
// works outside of the main thread, so the decoded bytes arrive a little later.
import * as zlib from 'node:zlib'

export interface Decoder {
  push(bytes: Uint8Array): void
  /** `done` is called once all pushed bytes are decoded, complete or truncated. */
  finish(done: () => void): void
}

/** Maximum bytes that wait. If there are more, the app reads faster than zlib decodes, and the copy is abandoned. */
const MOST_WAITING = 8 * 1024 * 1024

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants
/** A truncated body is decoded as far as it goes. */
const cut = { finishFlush: Z_SYNC_FLUSH }
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => zlib.Gunzip }

/** `none` if the body is not encoded, `unknown` if the encoding is not supported. */
export function decoder(encoding: string | undefined, onBytes: (bytes: Buffer) => void): Decoder | 'none' | 'unknown' {
  const name = encoding?.trim().toLowerCase()
  if (!name || name === 'identity') return 'none'
  return Object.hasOwn(makers, name) ? lazily(makers[name]!, onBytes) : 'unknown'
}

type Maker = (first: number) => zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress

const makers: Record<string, Maker> = {
  gzip: () => zlib.createGunzip(cut),
  'x-gzip': () => zlib.createGunzip(cut),
  // Some servers send a raw deflate stream, without the zlib header.
  deflate: first => ((first & 0x0f) === 8 ? zlib.createInflate(cut) : zlib.createInflateRaw(cut)),
  br: () => zlib.createBrotliDecompress({ finishFlush: BROTLI_OPERATION_FLUSH }),
  ...(createZstdDecompress && { zstd: () => createZstdDecompress() }),
}

function lazily(make: Maker, onBytes: (bytes: Buffer) => void): Decoder {
  let stream: ReturnType<Maker> | undefined
  let broken = false
  return {
    push(bytes) {
      if (broken || bytes.length === 0) return
      stream ??= make(bytes[0]!)
        .on('data', onBytes)
        .on('error', () => {
          broken = true
        })
      if (stream.writableLength + bytes.length > MOST_WAITING) {
        broken = true
        stream.destroy()
      } else stream.write(Buffer.from(bytes)) // a copy: the bytes are the application's
    },
    finish(done) {
      if (!stream || broken || stream.destroyed) return done()
      stream.once('close', done).end()
    },
  }
}
