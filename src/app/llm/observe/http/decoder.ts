// Decodes a copy of a compressed body while the application gets the original: node's HTTP clients, other than fetch, give
// bytes as they came. node:zlib works outside of the main thread, so the bytes come a little later.
import * as zlib from 'node:zlib'

export interface Decoder {
  push(bytes: Uint8Array): void
  /** `done` is called when all that was pushed has come out, whole or cut. */
  finish(done: () => void): void
}

/** Bytes that may wait; beyond it the application reads faster than zlib, and the copy is given up. */
const MOST_WAITING = 8 * 1024 * 1024

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants
/** A body that is cut gives what is there. */
const cut = { finishFlush: Z_SYNC_FLUSH }
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => zlib.Gunzip }

/** `none` where nothing is encoded, `unknown` where it can't be decoded. */
export function decoder(encoding: string | undefined, onBytes: (bytes: Buffer) => void): Decoder | 'none' | 'unknown' {
  const name = encoding?.trim().toLowerCase()
  if (!name || name === 'identity') return 'none'
  return Object.hasOwn(makers, name) ? lazily(makers[name]!, onBytes) : 'unknown'
}

type Maker = (first: number) => zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress

const makers: Record<string, Maker> = {
  gzip: () => zlib.createGunzip(cut),
  'x-gzip': () => zlib.createGunzip(cut),
  // Some servers send the bare stream, without the header of zlib's format.
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
