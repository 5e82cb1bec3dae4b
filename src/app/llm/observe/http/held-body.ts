// Holds the body of an undici request until it is complete and a guard has decided. An error thrown while undici reads a body fails the
// request; its head is sent with the first bytes, so nothing has been sent by then.
import type { Admission } from '../options'
import { bytesOf } from './piece'

type Body = Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

export function isIterable(body: unknown): body is Exclude<Body, Uint8Array> {
  return typeof body === 'object' && body !== null && (Symbol.asyncIterator in body || Symbol.iterator in body)
}

/** @param opened called with the whole body; undefined if no decision is needed */
export async function* heldBody(
  body: Body,
  opened: (whole: Uint8Array) => Admission | undefined,
  request: { readonly aborted: boolean },
): AsyncGenerator<Uint8Array> {
  const whole = body instanceof Uint8Array ? body : await wholeOf(body)
  const admission = opened(whole)
  const refusal = await admission?.decision
  if (refusal) throw refusal
  if (!request.aborted) admission?.sent()
  yield whole
}

async function wholeOf(body: Exclude<Body, Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(bytesOf(piece))
  return Buffer.concat(pieces)
}
