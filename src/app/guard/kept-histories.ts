// The histories that a provider keeps, as far as this process has seen them: such a request has only what is new, and what the model
// called is in the answer before it. What is remembered are ids, names of tools and digests, no content.
import { ATTR_AFN_LLM_SESSION_ID } from '../../../semconv'
import type { Message, Part } from '../llm/messages'
import type { GuardedCall } from '../llm/observe/options'
import { cutOf } from '../llm/wire/cut-string'
import { type Doc, doc, docs, parsed, text } from '../llm/wire/json'
import { Remembered } from './remembered'
import { NO_RUN, type Run } from './repetition'
import { digest } from './steps'

/** An answer, and what was done before it. */
interface History {
  readonly run: Run
  readonly said: Part[]
}

interface Names {
  /** Of what the request goes on with. */
  readonly before: string | undefined
  /** It names the whole conversation, and so what comes after, too. */
  readonly isConversation?: boolean
  /** Something was said before it that is not in the request. */
  readonly isNew?: boolean
  /** Whether the model waits for no result of a tool. */
  isOver?(answer: Doc): boolean
}

/** Protocols whose providers keep histories, and how a request names one. */
const NAMES: Partial<Record<GuardedCall['protocol'], (request: Doc, call: GuardedCall) => Names>> = {
  'openai-responses': ({ previous_response_id, conversation }) => {
    const id = text(conversation) ?? text(doc(conversation)?.id)
    return { before: text(previous_response_id) ?? id, isConversation: id !== undefined }
  },
  'google-interactions': ({ previous_interaction_id }) => ({ before: text(previous_interaction_id) }),
  'mistral-conversations': (_, { url }) => ({
    // one that is started again from an entry in its middle is a new one
    before: /\/conversations\/([^/]+)$/.exec(url.pathname)?.[1],
    isConversation: true,
  }),
  // one beside the conversation, or a text that was made of speech
  'openai-realtime': ({ conversation, input }, call) =>
    conversation === 'none' || input === undefined ? { before: undefined } : sessionOf(call),
  // a turn that has come to its end had the results of its tools, and was followed by somebody's word that may have been spoken
  'google-live': (_, call) => ({
    ...sessionOf(call),
    isOver: ({ candidates }) => docs(candidates)[0]?.finishReason !== 'tool_call',
  }),
}

/** A connection is one conversation, of which a request has what was said since the last answer. */
const sessionOf = ({ parsed, body }: GuardedCall): Names => ({
  before: text(parsed.attributes[ATTR_AFN_LLM_SESSION_ID]),
  isConversation: true,
  // the provider began the answer, since somebody has spoken
  isNew: body.length === 0,
})

/** Characters of the id or the name of a call, and calls of an answer. */
const [LONGEST_NAME, MOST_CALLS] = [256, 128]
/** Characters of what an answer says, of which the rest may not have been read. */
const LONGEST_READ = 65_536
/** In the place of what can't be compared, as the call of a tool that the provider runs. */
const UNKNOWN: Part = { type: 'server_tool_call' }

/** Whether a provider may keep the history of such a call. */
export const keepsHistory = ({ protocol }: Pick<GuardedCall, 'protocol'>): boolean => NAMES[protocol] !== undefined

export class KeptHistories {
  readonly #answers = new Remembered<History>()
  /** Items of answers that a request may name in place of repeating them. */
  readonly #items = new Remembered<Doc>()

  /** Undefined where the provider keeps nothing that a later request could go on with. */
  of(call: GuardedCall, request: Doc): KeptHistory | undefined {
    const { protocol, url, document: message } = call
    const names = NAMES[protocol]?.(request, call)
    // a connection remembers its last answer itself
    if (!names || (request.store === false && !message)) return undefined
    const { before, isConversation, isNew, isOver } = names
    const known = before === undefined || isNew ? undefined : this.#answers.get(`${url.host} ${before}`)
    return {
      run: known?.run ?? NO_RUN,
      before: known ? [{ role: 'assistant', parts: known.said }] : [],
      request: { ...request, ...(Array.isArray(request.input) && { input: this.#resolved(request.input, url) }) },
      answered: (document, said, run) => {
        const answer = doc(document) ?? {}
        const history = { run, said: isOver?.(answer) ? [UNKNOWN] : remembered(said) }
        for (const id of [text(answer.id), text(answer.conversation_id), isConversation && before])
          if (id) this.#answers.put(`${url.host} ${id}`, history)
        for (const item of docs(answer.output)) this.#remember(item, url)
      },
    }
  }

  /** An answer that was still to come when it was remembered. */
  fetched(url: URL, document: unknown, said: readonly Message[]): void {
    const answer = doc(document) ?? {}
    for (const id of [text(answer.id), text(doc(answer.conversation)?.id)]) {
      const known = id === undefined ? undefined : this.#answers.get(`${url.host} ${id}`)
      if (known) this.#answers.put(`${url.host} ${id}`, { run: known.run, said: remembered(said) })
    }
    for (const item of docs(answer.output)) this.#remember(item, url)
  }

  /** The AI SDK 5 names the items of answers in place of repeating them, and later ones calls of custom tools. */
  #resolved(input: readonly unknown[], { host }: URL): unknown[] {
    return input.map(item => {
      const id = doc(item)?.type === 'item_reference' ? text(doc(item)?.id) : undefined
      return (id !== undefined && this.#items.get(`${host} ${id}`)) || item
    })
  }

  #remember(item: Doc, { host }: URL): void {
    const short = shortItem(item)
    if (short && typeof item.id === 'string') this.#items.put(`${host} ${item.id}`, short)
  }
}

export interface KeptHistory {
  readonly run: Run
  /** What the model said last. */
  readonly before: Message[]
  /** With what it only names. */
  readonly request: Doc
  /** Remembers an answer, and the steps before it. */
  answered(answer: unknown, said: readonly Message[], run: Run): void
}

/** An item of OpenAI's responses, as it would stand in a request. */
function shortItem({ type, call_id, name, arguments: args, input, content }: Doc): Doc | undefined {
  if (type === 'message') return { type, role: 'assistant', content: digest(content) }
  if (!isShort(call_id) || !isShort(name)) return undefined
  if (type === 'custom_tool_call') return isCut(input) ? undefined : { type, call_id, name, input: digest(input) }
  const isRead = type === 'function_call' && typeof args === 'string' && !isCut(args)
  return isRead ? { type, call_id, name, arguments: digest(parsed(args) ?? args) } : undefined
}

function remembered(messages: readonly Message[]): Part[] {
  const parts = messages.flatMap(({ parts }) => parts)
  return parts.length > MOST_CALLS ? [UNKNOWN] : parts.flatMap(part => rememberedPart(part))
}

function rememberedPart({ type, id, name, arguments: args, content }: Part): Part[] {
  switch (type) {
    case 'tool_call':
      return [isShort(id) && isShort(name) && !isCut(args) ? { type, id, name, arguments: digest(args) } : UNKNOWN]
    case 'text':
      return [isCut(content) ? UNKNOWN : { type, content: digest(content) }]
    default:
      return type.startsWith('server_tool_call') ? [UNKNOWN] : []
  }
}

const isShort = (value: unknown) => typeof value === 'string' && value.length <= LONGEST_NAME
const isCut = (value: unknown) =>
  typeof value === 'string' && (value.length >= LONGEST_READ || cutOf(value) !== undefined)
