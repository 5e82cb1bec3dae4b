// Reads the body of a request, unpacked and within a limit. Called by receiver.ts.
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** As the Collector of this project has it. */
export const MAX_BYTES = 16 * 2 ** 20

/** The client is told so. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/**
 * @returns the body; it is never larger than the limit, and of a gzip bomb no more than that is unpacked
 * @throws Refused with 400, 413 or 415; the rest of the request then runs by unread, so that the client can be answered
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity'
  if (encoding === 'identity') return collect(request)
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
    return await collect(request.pipe(gunzip))
  } finally {
    request.unpipe(gunzip)
    gunzip.destroy()
  }
}

/** By events: iterating over a stream and stopping destroys it, and with the request its connection. */
function collect(body: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let size = 0
    body.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BYTES) chunks.push(chunk)
      else {
        chunks = []
        reject(tooLarge())
      }
    })
    body.once('end', () => resolve(Buffer.concat(chunks)))
    body.once('error', error => {
      reject(error instanceof Refused ? error : new Refused(400, `the body can't be read: ${error.message}`))
    })
  })
}

const tooLarge = () => new Refused(413, `the unpacked body is larger than ${MAX_BYTES} bytes; send smaller batches`)
