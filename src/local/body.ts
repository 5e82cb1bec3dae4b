// Reads the body of a request, unpacked and within limits.
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** As the Collector of this project has it. */
export const MAX_BYTES = 16 * 2 ** 20

/** Of all requests that are read, decoded and stored at once: of four that are as large as they may be. */
const MAX_AT_WORK = 4 * MAX_BYTES
/**
 * More than this only three requests may bring at once. Without it sixty that come together would fill the memory with their
 * beginnings, and all be refused.
 */
const SMALL = 256 * 2 ** 10
const MOST_LARGE = 3

/** The client is told so. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Seconds after which it may come again. */
    readonly retryAfter?: number,
  ) {
    super(message)
  }
}

/** What all requests of a server hold at once, in bytes of their bodies. */
export class Load {
  #bytes = 0
  #large = 0

  share(): Share {
    let mine = 0
    return {
      take: bytes => {
        const grows = mine <= SMALL && mine + bytes > SMALL
        if (this.#bytes + bytes > MAX_AT_WORK || (grows && this.#large === MOST_LARGE))
          throw new Refused(503, 'too much at once; come again', 1)
        if (grows) this.#large++
        this.#bytes += bytes
        mine += bytes
      },
      release: () => {
        this.#bytes -= mine
        if (mine > SMALL) this.#large--
        mine = 0
      },
    }
  }
}

/** Of one request. */
export interface Share {
  /** @throws Refused with 503 */
  take(bytes: number): void
  release(): void
}

/**
 * @returns the body; it is never larger than the limit, and of a gzip bomb no more than that is unpacked
 * @throws Refused with 400, 413, 415 or 503; the rest of the request then runs by unread, so that the client can be answered
 */
export async function readBody(request: IncomingMessage, share: Share): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity'
  if (encoding === 'identity') return collect(request, share)
  if (encoding !== 'gzip') throw new Refused(415, `content-encoding ${encoding} is not read; send gzip or none`)
  const gunzip = createGunzip()
  // Counted before it is unpacked too: gzip of nothing, again and again, unpacks to nothing.
  let packed = 0
  request.on('data', (chunk: Buffer) => {
    packed += chunk.length
    if (packed > MAX_BYTES) gunzip.destroy(tooLarge())
  })
  request.once('error', error => gunzip.destroy(error))
  try {
    return await collect(request.pipe(gunzip), share)
  } finally {
    request.unpipe(gunzip)
    gunzip.destroy()
  }
}

/** By events: iterating over a stream and stopping destroys it, and with the request its connection. */
function collect(body: Readable, share: Share): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let size = 0
    let isOver = false
    body.on('data', (chunk: Buffer) => {
      if (isOver) return
      size += chunk.length
      try {
        if (size > MAX_BYTES) throw tooLarge()
        share.take(chunk.length)
        chunks.push(chunk)
      } catch (error) {
        isOver = true
        chunks = []
        reject(error)
      }
    })
    body.once('end', () => {
      const whole = Buffer.concat(chunks)
      chunks = []
      resolve(whole)
    })
    body.once('error', error => {
      reject(error instanceof Refused ? error : new Refused(400, `the body can't be read: ${error.message}`))
    })
  })
}

const tooLarge = () => new Refused(413, `the unpacked body is larger than ${MAX_BYTES} bytes; send smaller batches`)
