// A piece of a body as it is given to `write` or `end`. Called by both mouths of node's clients.

/** Undefined where there is none: `end(callback)`, or what the client will refuse. */
export function pieceOf(chunk: unknown, encoding: unknown): string | Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk !== 'string') return undefined
  const plain = typeof encoding !== 'string' || /^utf-?8$/i.test(encoding)
  return plain ? chunk : Buffer.from(chunk, encoding as BufferEncoding)
}
