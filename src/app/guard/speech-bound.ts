// The bound of what is spoken: it is charged by the character of its text, which is all in the request.
import { MAX_STRING } from '../llm/observe/response'
import type { Bound, BoundedRequest, Unbounded } from './bounded-request'

export function boundOfSpeech({ parsed: { model, usage }, body }: BoundedRequest): Bound | Unbounded {
  const told = usage?.characters
  if (told === undefined)
    return { problem: `${model ?? 'the model'} is charged by the length of its sound, which no document bounds` }
  // of a long text not all was read
  const characters = body.length > MAX_STRING ? Math.max(told, body.length) : told
  return { usage: { characters }, hasLongCache: false, hasMedia: false }
}
