// What a request has of its conversation: of a small one all, of a large one the last messages, read in turns of the event loop.
import type { Attributes } from '@opentelemetry/api'
import { ATTR_GEN_AI_CONVERSATION_ID, ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID } from '../../../semconv'
import { InPieces } from '../in-pieces'
import type { GuardedCall } from '../llm/observe/options'
import { type Doc, doc, parsed } from '../llm/wire/json'
import { SMALL } from '../llm/wire/json-reader'
import { lastMessages } from './last-messages'
import { FEWEST } from './repetition'

/** Bytes of a request that can't be read from its end. To read a larger one takes longer than a turn of the event loop may. */
const LARGEST = 524_288
/** Messages, of which a loop needs no more, and so many are read first. */
const [RECENT, FIRST] = [128, 16]
/** Milliseconds of one turn of the event loop. */
const LONGEST_TURN = 2
/** Where the model spoke, in any protocol; a few more are found where a text quotes one, or a member is called so. */
const MODEL_SPOKE = /"(?:assistant|model|CHATBOT|function_call|custom_tool_call)"/g
/** The members in which protocols have a conversation. */
const LISTS = ['messages', 'input', 'contents', 'inputs', 'prompt']

// Taken now: an application's fake timers must not decide whether a call is sent.
const { setImmediate } = globalThis
const now = performance.now.bind(performance)

/** @param isPart the rest of the history is not in it. @returns undefined where there can be no loop, or it is not read */
export function wholeRequest({ body, document }: GuardedCall, isPart: boolean): Doc | undefined {
  if (document) return recentOf(document)
  if (body.length > LARGEST) return undefined
  const text = typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
  if (!isPart && (text.match(MODEL_SPOKE)?.length ?? 0) < FEWEST) return undefined
  const request = doc(parsed(text))
  return request && recentOf(request)
}

/** The list in which a large request has its conversation; undefined for a small one, or where a protocol has it elsewhere. */
export function listToReadBack({ body, document, reader }: GuardedCall): string | undefined {
  if (document || body.length <= SMALL) return undefined
  return LISTS.find(name => reader.requestContentFields[name] === true)
}

/**
 * Looks at the last messages, and at more of them as long as that may tell more.
 * @param look gets the request with these alone, and what names a history at the provider
 */
export async function readBack<Looked extends object>(
  { body, parsed: { attributes } }: GuardedCall,
  list: string,
  look: (request: Doc) => Generator<undefined, Looked>,
  isEnough: (looked: Looked) => boolean,
): Promise<Looked> {
  const reading = lastMessages(body)
  const messages: Doc[] = []
  let began = now()
  const pause = async () => {
    if (now() - began < LONGEST_TURN) return
    await new Promise(resolve => setImmediate(resolve))
    began = now()
  }
  let isOver = false
  for (let wanted = FIRST; ; wanted *= 2) {
    while (!isOver && messages.length < wanted) {
      await pause()
      const { done, value } = reading.next()
      isOver = done === true
      if (value) messages.unshift(value)
    }
    const looking = new InPieces(() => look({ [list]: messages, ...namesIn(attributes) }))
    while (looking.next()) await pause()
    if (isOver || wanted >= RECENT || isEnough(looking.whole)) return looking.whole
  }
}

/** By what a request names a history that the provider keeps, it was read before. */
const namesIn = (attributes: Attributes): Doc => ({
  conversation: attributes[ATTR_GEN_AI_CONVERSATION_ID],
  previous_response_id: attributes[ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID],
  previous_interaction_id: attributes[ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID],
})

/** Every protocol has its messages in a list of the document; what else is in a list is of no matter here. */
const recentOf = (document: Doc): Doc =>
  Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name, Array.isArray(value) ? value.slice(-RECENT) : value]),
  )
