// OpenAI's Realtime API over a WebSocket. Answers are requested by the app, or started by the provider when it detects speech; each has an
// id. Audio input is transcribed by another model, which is a separate call.

import { openaiRealtime } from '../../providers/openai/realtime'
import { openaiTranscriptions } from '../../providers/openai/speech'
import { noHeader } from '../../providers/protocol'
import { type Doc, doc, docs, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import type { Moment, Side } from './messages'
import type { Answer, Conversation, Session } from './session'

const SPOKEN = /^(?:session|response|conversation|transcription_session|(?:in|out)put_audio_buffer)\.|^error$/
const TRANSCRIPTION = /^conversation\.item\.input_audio_transcription\.(delta|completed|failed)$/
const SOUND = /^(?:response\.(?:output_)?audio\.delta|input_audio_buffer\.committed)$/
/** Matches errors of events that do not request an answer. */
const OTHERS_ERROR = /cancel|buffer|item|session|truncat/
/** Maximum items that are kept as input of the next answer, and maximum audio items that wait for their transcript. */
const MOST = 100

interface Asked extends Answer {
  readonly id: string | undefined
  readonly metadata: string
}

export function realtimeFields(isContentRead: boolean): Record<Side, Fields> {
  const { requestFields, requestContentFields, responseFields, responseContentFields } = openaiRealtime
  const envelope = { type: true, event_id: true } as const
  return {
    client: { ...envelope, ...requestFields, ...(isContentRead && requestContentFields) },
    server: { ...envelope, ...responseFields, ...(isContentRead && responseContentFields) },
  }
}

export function realtime(session: Session): Conversation {
  const asked: Asked[] = []
  const answers = new Map<string, Answer>()
  const transcriptions = new Map<string, Answer>()
  /** Time when audio was committed, by the id of its item. */
  const committed = new Map<string, number>()
  let settings: Doc = {}
  let items: Doc[] = []
  let spokenAt: number | undefined
  /** Whether content other than text was sent; a call that also uses another transport, such as WebRTC, may have sent any. */
  let hasSound = session.url.searchParams.has('call_id')

  function open(response: Doc, moment: Moment, bytes?: Buffer): Answer {
    const body = { ...settings, ...response, input: response.input ?? items }
    items = []
    const parsed = openaiRealtime.request(body, session.url, noHeader)!
    const since = moment.side === 'server' ? spokenAt : undefined
    spokenAt = undefined
    return session.open(openaiRealtime, { body, parsed, bytes, moment, since })
  }

  function began(response: Doc, moment: Moment): Answer {
    const metadata = metadataOf(response)
    const same = asked.findIndex(one => one.metadata === metadata)
    const [answer] = asked.splice(Math.max(0, same), 1)
    return answer ?? open({}, moment)
  }

  function done(id: string, event: Doc, moment: Moment): void {
    const response = doc(event.response) ?? {}
    const answer = answers.get(id) ?? began(response, moment)
    answers.delete(id)
    answer.isStopped = response.status === 'cancelled'
    answer.call.event({ ...event, response: { model: settings.model, hasSound, ...response } })
    session.close(answer, { by: answer.isStopped ? 'consumer' : 'server' })
  }

  /** Handles an error of a request for an answer, if it belongs to one. */
  function failed(event: Doc): void {
    const error = doc(event.error) ?? {}
    const id = text(error.event_id)
    const isOthers = OTHERS_ERROR.test(String(error.code)) && error.code !== 'conversation_already_has_active_response'
    const at = id === undefined ? (isOthers ? -1 : 0) : asked.findIndex(one => one.id === id)
    const [answer] = at < 0 ? [] : asked.splice(at, 1)
    if (!answer) return
    answer.call.event(event)
    session.close(answer, { by: 'server' })
  }

  function transcribed(kind: string, event: Doc, moment: Moment): void {
    const item = String(event.item_id)
    const since = committed.get(item)
    const answer =
      transcriptions.get(item) ?? session.open(openaiTranscriptions, transcription(settings, moment, since))
    transcriptions.set(item, answer)
    if (kind === 'delta') return answer.call.event({ type: 'transcript.text.delta', delta: event.delta })
    transcriptions.delete(item)
    committed.delete(item)
    if (kind === 'failed') answer.call.event({ type: 'error', error: event.error })
    else answer.call.event({ type: 'transcript.text.done', text: event.transcript, usage: event.usage })
    session.close(answer, { by: 'server' })
  }

  return {
    isSpokenIn: ({ type }) => typeof type === 'string' && SPOKEN.test(type),

    client(message, moment, bytes) {
      hasSound ||= message.type === 'input_audio_buffer.append' || isMore(message.item)
      if (message.type === 'session.update') settings = { ...settings, ...doc(message.session) }
      else if (message.type === 'conversation.item.create' && session.isContentRead)
        items = [...items, ...docs([message.item])].slice(-MOST)
      else if (message.type === 'response.create') {
        const response = doc(message.response) ?? {}
        const answer = open(response, moment, bytes)
        asked.push(Object.assign(answer, { id: text(message.event_id), metadata: metadataOf(response) }))
      }
    },

    server(event, moment) {
      const type = String(event.type)
      const id = text(event.response_id) ?? text(doc(event.response)?.id)
      const kind = TRANSCRIPTION.exec(type)?.[1]
      hasSound ||= SOUND.test(type)
      if (kind) transcribed(kind, event, moment)
      else if (type === 'error') failed(event)
      else if (type === 'input_audio_buffer.committed') {
        spokenAt = moment.at
        if (committed.size >= MOST) committed.clear()
        committed.set(String(event.item_id), moment.at)
      } else if (/^(?:transcription_)?session\.(?:created|updated)$/.test(type)) {
        settings = { ...settings, ...doc(event.session) }
      } else if (id === undefined) return
      else if (type === 'response.done') done(id, event, moment)
      else if (type === 'response.created') {
        const answer = began(doc(event.response) ?? {}, moment)
        answers.set(id, answer)
        answer.call.event(event)
      } else answers.get(id)?.call.event(event)
    },
  }
}

/** Whether an item is not text, or is unknown because it is long and its content is not needed. */
function isMore(item: unknown): boolean {
  const { type, content } = doc(item) ?? {}
  return type === 'message' && (content === undefined || docs(content).some(part => part.text === undefined))
}

function metadataOf(response: Doc): string {
  const metadata = doc(response.metadata) ?? {}
  return JSON.stringify(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function transcription(settings: Doc, moment: Moment, since: number | undefined) {
  const heard = doc(doc(doc(settings.audio)?.input)?.transcription) ?? doc(settings.input_audio_transcription)
  const parsed = { model: text(heard?.model), stream: true, choices: 1, attributes: { 'gen_ai.output.type': 'text' } }
  return { body: {}, parsed, moment, since }
}
