// Reads a request body, decompressed and within limits.
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** The same limit as in this project's Collector configuration. */
export const MAX_BYTES = 16 * 2 ** 20

/** The limit for all bodies that are being read, decoded and stored: enough for four of maximum size. */
const MAX_AT_WORK = 4 * MAX_BYTES
/**
 * At most three bodies larger than this are read at once, and only if there is room for the largest body. The others pause until their
 * turn. Otherwise, sixty concurrent requests would fill the memory with incomplete bodies and all be refused. A complete body does not
 * wait, because many of them share one commit.
 */
const SMALL = 256 * 2 ** 10
const MOST_LARGE = 3
/** The maximum number of waiting requests and their maximum wait in ms; beyond either, the client has to retry. */
const MOST_WAITING = 64
const LONGEST_WAIT = 5_000

/** The client gets its status and message as the answer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Seconds after which the client may retry. */
    readonly retryAfter?: number,
  ) {
    super(message)
  }
}

/** The body bytes that all requests of a server hold together. */
export class Load {
  #bytes = 0
  /** Large requests that are being read, and their share of the bytes. */
  #reading = 0
  #readingBytes = 0
  /** Callbacks that admit waiting large requests, oldest first. */
  readonly #waiting: (() => void)[] = []

  share(): Share {
    let mine = 0
    let isReading = false
    let leave = () => {}
    const enter = () => {
      isReading = true
      this.#reading++
      this.#readingBytes += mine
    }
    const end = () => {
      if (!isReading) return
      isReading = false
      this.#reading--
      this.#readingBytes -= mine
    }
    return {
      take: bytes => {
        if (this.#bytes + bytes > MAX_AT_WORK) throw tooMuch()
        this.#bytes += bytes
        mine += bytes
        if (isReading) this.#readingBytes += bytes
        if (isReading || mine <= SMALL) return undefined
        if (!this.#hasPlace) {
          const turn = this.#turn(enter)
          leave = turn.leave
          return turn.come
        }
        enter()
        return undefined
      },
      read: () => {
        end()
        this.#admit()
      },
      release: () => {
        end()
        this.#bytes -= mine
        mine = 0
        leave()
        this.#admit()
      },
    }
  }

  /** Assumes that each request in progress may grow to the maximum size. */
  get #hasPlace(): boolean {
    const others = this.#bytes - this.#readingBytes
    return this.#reading < MOST_LARGE && others + (this.#reading + 1) * MAX_BYTES <= MAX_AT_WORK
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#hasPlace) this.#waiting.shift()!()
  }

  /** @throws Refused if too many requests wait already */
  #turn(enter: () => void): { come: Promise<void>; leave: () => void } {
    if (this.#waiting.length >= MOST_WAITING) throw tooMuch()
    let leave = () => {}
    const come = new Promise<void>((resolve, reject) => {
      const mine = () => {
        clearTimeout(limit)
        enter()
        resolve()
      }
      leave = () => {
        clearTimeout(limit)
        const place = this.#waiting.indexOf(mine)
        if (place >= 0) this.#waiting.splice(place, 1)
      }
      const limit = setTimeout(() => {
        leave()
        reject(tooMuch())
      }, LONGEST_WAIT)
      this.#waiting.push(mine)
    })
    return { come, leave }
  }
}

const tooMuch = () => new Refused(503, 'too much at once; come again', 1)

/** The share of one request. */
export interface Share {
  /**
   * @returns a promise if the request has to wait before more is read; it rejects with Refused after the maximum wait
   * @throws Refused with 503
   */
  take(bytes: number): Promise<void> | undefined
  /** Call it once the body is complete. */
  read?(): void
  release(): void
}

/**
 * @returns the body, which never exceeds the limit; a gzip bomb is decompressed only up to it
 * @throws Refused with 400, 413, 415 or 503; the rest of the request is then discarded, so that the client reads the answer
 */
export const readBody = (request: IncomingMessage, share: Share): Promise<Buffer> =>
  unpacked(request, request.headers['content-encoding']?.trim().toLowerCase() || 'identity', share)

/** Reads the rest of any stream in the same way. */
export async function unpacked(request: Readable, encoding: string, share: Share): Promise<Buffer> {
  if (encoding === 'identity') return collect(request, share)
  if (encoding !== 'gzip') throw new Refused(415, `content-encoding ${encoding} is not read; send gzip or none`)
  const gunzip = createGunzip()
  // Compressed bytes count too, because a stream of empty gzip members decompresses to nothing.
  let packed = 0
  request.on('data', (chunk: Buffer) => {
    packed += chunk.length
    if (packed > MAX_BYTES) gunzip.destroy(tooLarge())
  })
  request.once('error', error => gunzip.destroy(error))
  request.once('close', () => request.readableEnded || gunzip.destroy(gone()))
  try {
    return await collect(request.pipe(gunzip), share)
  } finally {
    request.unpipe(gunzip)
    gunzip.destroy()
  }
}

/** Uses events, because leaving an iteration over a stream destroys the request with its connection. */
function collect(body: Readable, share: Share): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let size = 0
    let isOver = false
    const refuse = (error: unknown) => {
      isOver = true
      chunks = []
      reject(error)
    }
    body.on('data', (chunk: Buffer) => {
      if (isOver) return
      size += chunk.length
      try {
        if (size > MAX_BYTES) throw tooLarge()
        const turn = share.take(chunk.length)
        chunks.push(chunk)
        if (!turn) return
        body.pause()
        // the rest of a refused body is discarded
        turn.catch(refuse).finally(() => body.resume())
      } catch (error) {
        refuse(error)
      }
    })
    body.once('end', () => {
      const whole = Buffer.concat(chunks)
      chunks = []
      share.read?.()
      resolve(whole)
    })
    body.once('close', () => reject(gone()))
    body.once('error', error => {
      reject(error instanceof Refused ? error : new Refused(400, `the body can't be read: ${error.message}`))
    })
  })
}

const gone = () => new Refused(400, 'the client has gone')
const tooLarge = () => new Refused(413, `the unpacked body is larger than ${MAX_BYTES} bytes; send smaller batches`)
