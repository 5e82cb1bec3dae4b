// Reads the conversation of a large request from its end, message by message: what an agent did last stands there, and what is before it
// needn't be read.
import { type Doc, doc, parsed } from '../llm/wire/json'
import { Backwards } from './backwards'

/** Characters of messages, without their long strings. */
const MOST = 524_288

const [COMMA, COLON, OPEN_ARRAY, CLOSE_ARRAY, CLOSE_OBJECT] = [0x2c, 0x3a, 0x5b, 0x5d, 0x7d]

/**
 * The members of the list in which a request has its conversation, the last one first, with a digest in the place of long strings. Ends
 * before one that can't be read. Yields undefined between pieces of the work.
 */
export function* lastMessages(body: string | Uint8Array): Generator<Doc | undefined, void> {
  const text = new Backwards(body)
  if (!text.passes(CLOSE_OBJECT)) return
  do {
    if (text.passes(CLOSE_ARRAY)) {
      if (yield* conversationIn(text)) return
    } else if (!(yield* text.value())) return
    if (!text.passes(COLON) || !(yield* text.value())) return
  } while (text.passes(COMMA))
}

/** @returns false where the list was another one, which was passed over */
function* conversationIn(text: Backwards): Generator<Doc | undefined, boolean> {
  if (text.passes(OPEN_ARRAY)) return false
  let isConversation: boolean | undefined
  let size = 0
  do {
    const end = text.at
    if (!(yield* text.value())) return true
    if (isConversation === false) continue
    const json = yield* text.shortened(end)
    const message = doc(parsed(json))
    isConversation ??= message !== undefined && isSaid(message)
    if (!isConversation) continue
    size += json.length
    if (!message || size > MOST) return true
    yield message
  } while (text.passes(COMMA))
  return isConversation || !text.passes(OPEN_ARRAY)
}

/** Whether somebody said it, unlike the description of a tool. */
const isSaid = ({ role, parts, type }: Doc): boolean =>
  typeof role === 'string' || Array.isArray(parts) || /[_.](?:input|output|result)$/.test(String(type))
