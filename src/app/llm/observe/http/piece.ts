// Reads a piece of a body from the arguments of `write` or `end`.

/** Undefined if there is no piece: `end(callback)`, or an argument that the client will reject. */
export function pieceOf(chunk: unknown, encoding: unknown): string | Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk !== 'string') return undefined
  const plain = typeof encoding !== 'string' || /^utf-?8$/i.test(encoding)
  return plain ? chunk : Buffer.from(chunk, encoding as BufferEncoding)
}

export function bytesOf(piece: string | Uint8Array): Uint8Array {
  return typeof piece === 'string' ? Buffer.from(piece) : piece
}
