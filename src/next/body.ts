/** Reads the body of a request within a limit, packed or not. Called by `otlp-handler.ts`. */

export class TooLarge extends Error {}

/** @throws TooLarge as soon as more came; of a bomb of gzip no more is unpacked */
export async function readWithin(request: Request, most: number): Promise<string> {
  if (Number(request.headers.get('content-length')) > most) throw new TooLarge()
  const packed = request.headers.get('content-encoding') === 'gzip'
  const body = packed ? request.body?.pipeThrough(new DecompressionStream('gzip')) : request.body
  if (!body) return ''
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength
    if (size > most) {
      reader.cancel().catch(() => {})
      throw new TooLarge()
    }
    text += decoder.decode(read.value, { stream: true })
  }
  return text + decoder.decode()
}
