/** Reads the body of a request within a limit, packed or not. */

/** Bytes of all requests that are being read or passed on, in this process. */
const MOST_AT_WORK = 16 * 2 ** 20
/** Milliseconds in which a page has to have sent its request. */
const PATIENCE = 10_000

export class TooLarge extends Error {}
export class TooBusy extends Error {}
export class TooSlow extends Error {}

let atWork = 0

/** What a request holds of the memory of all; `release` it when the request is answered. */
export class Share {
  #bytes = 0

  /** @throws TooBusy when all requests together hold too much */
  take(bytes: number): void {
    if (atWork + bytes > MOST_AT_WORK) throw new TooBusy()
    atWork += bytes
    this.#bytes += bytes
  }

  release(): void {
    atWork -= this.#bytes
    this.#bytes = 0
  }
}

/**
 * @throws TooLarge as soon as more came, packed or unpacked: of a bomb of gzip no more is unpacked, and of gzip that
 *   unpacks to nothing no more is read; TooBusy; TooSlow
 */
export async function readWithin(request: Request, most: number, share: Share): Promise<string> {
  if (Number(request.headers.get('content-length')) > most) throw new TooLarge()
  let body = request.body
  if (body && request.headers.get('content-encoding') === 'gzip')
    body = body.pipeThrough(atMost(most)).pipeThrough(new DecompressionStream('gzip'))
  if (!body) return ''
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlow()), PATIENCE)
  })
  late.catch(() => {})
  let text = ''
  let size = 0
  try {
    const next = () => Promise.race([reader.read(), late])
    for (let read = await next(); !read.done; read = await next()) {
      size += read.value.byteLength
      if (size > most) throw new TooLarge()
      share.take(read.value.byteLength)
      text += decoder.decode(read.value, { stream: true })
    }
    return text + decoder.decode()
  } catch (error) {
    reader.cancel().catch(() => {})
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function atMost(most: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let size = 0
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength
      if (size > most) controller.error(new TooLarge())
      else controller.enqueue(chunk)
    },
  })
}
