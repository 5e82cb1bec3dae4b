// Reads the body of a request, unpacked and within limits.
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** As the Collector of this project has it. */
export const MAX_BYTES = 16 * 2 ** 20

/** Of all requests that are read, decoded and stored at once: of four that are as large as they may be. */
const MAX_AT_WORK = 4 * MAX_BYTES
/**
 * Only three requests that bring more than this are read on at once, and as many as have room for the largest body; the others wait, unread, for
 * their turn. Without it sixty that come together would fill the memory with their beginnings, and all be refused. One that is read waits for
 * nobody: many of them are one commit.
 */
const SMALL = 256 * 2 ** 10
const MOST_LARGE = 3
/** Requests that wait, and how long at most, in ms; beyond it the client has to send again. */
const MOST_WAITING = 64
const LONGEST_WAIT = 5_000

/** Its status and message are the answer to the client. */
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
  /** Large requests that are read on, and what of the bytes is theirs. */
  #reading = 0
  #readingBytes = 0
  /** What takes a place for a large request that waits, the oldest first. */
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

  /** Each that is read on may become as large as any. */
  get #hasPlace(): boolean {
    const others = this.#bytes - this.#readingBytes
    return this.#reading < MOST_LARGE && others + (this.#reading + 1) * MAX_BYTES <= MAX_AT_WORK
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#hasPlace) this.#waiting.shift()!()
  }

  /** @throws Refused when too many wait already */
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

/** Of one request. */
export interface Share {
  /**
   * @returns a promise where the request has to wait before more of it is read; it rejects with Refused where that takes too long
   * @throws Refused with 503
   */
  take(bytes: number): Promise<void> | undefined
  /** The body is whole. */
  read?(): void
  release(): void
}

/**
 * @returns the body; it is never larger than the limit, and of a gzip bomb no more than that is unpacked
 * @throws Refused with 400, 413, 415 or 503; the rest of the request then runs by unread, so that the client can be answered
 */
export const readBody = (request: IncomingMessage, share: Share): Promise<Buffer> =>
  unpacked(request, request.headers['content-encoding']?.trim().toLowerCase() || 'identity', share)

/** The same of what is left of any stream. */
export async function unpacked(request: Readable, encoding: string, share: Share): Promise<Buffer> {
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
  request.once('close', () => request.readableEnded || gunzip.destroy(gone()))
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
        // the rest of one that is refused runs by unread
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
