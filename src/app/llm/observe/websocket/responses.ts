// OpenAI's Responses API over a WebSocket. Answers within a lane (`stream_id`) are sequential; lanes are concurrent.
// https://developers.openai.com/api/docs/guides/websocket-mode
import { openaiResponses } from '../../providers/openai/responses'
import { type HeaderOf, noHeader, type ParsedRequest } from '../../providers/protocol'
import { type Doc, doc, list, number, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import type { Moment, Side } from './messages'
import type { Answer, Conversation, Session } from './session'

const END = /^(?:error|response\.(?:completed|incomplete|failed|cancelled))$/
/** Maximum idle lanes that are remembered. */
const MOST_LANES = 64

interface Asked extends Answer {
  readonly body: Doc
  hasBegun: boolean
}

interface Lane {
  /** Requests in order; the first one is being answered. */
  readonly asked: Asked[]
  /** The previous request, whose settings are inherited by an answer that the provider starts itself. */
  before: Doc
}

export function responseFields(isContentRead: boolean): Record<Side, Fields> {
  const { requestFields, requestContentFields, responseFields, responseContentFields } = openaiResponses
  const envelope = { type: true, stream_id: true } as const
  return {
    client: { ...envelope, ...requestFields, ...(isContentRead && requestContentFields) },
    server: {
      ...envelope,
      ...responseFields,
      response: { previous_response_id: true, ...responseFields, ...(isContentRead && responseContentFields) },
      output_index: true,
      content_index: true,
      summary_index: true,
      delta: true,
      item: isContentRead || { type: true, action: { type: true } },
    },
  }
}

export function responses(session: Session): Conversation {
  const lanes = new Map<string, Lane>()
  /** Input that the app added to an answer in progress, by the id of the answer. */
  const added = new Map<string, unknown[]>()

  function laneOf(message: Doc): Lane {
    const name = text(message.stream_id) ?? ''
    let lane = lanes.get(name)
    if (!lane) {
      if (lanes.size >= MOST_LANES) for (const [other, { asked }] of lanes) if (asked.length === 0) lanes.delete(other)
      lane = { asked: [], before: {} }
      lanes.set(name, lane)
    }
    return lane
  }

  /** Errors may lack the lane. */
  function laneAnswered(event: Doc): Lane {
    const lane = laneOf(event)
    if (lane.asked.length > 0 || event.type !== 'error') return lane
    const asked = [...lanes.values()].filter(other => other.asked.length > 0)
    return asked.length === 1 ? asked[0]! : lane
  }

  function ask(body: Doc, moment: Moment, bytes?: Buffer): Asked {
    const answer = session.open(openaiResponses, { body, parsed: requestOf(body, session.url), bytes, moment })
    return Object.assign(answer, { body, hasBegun: false })
  }

  /** The request for an answer that the provider starts itself, with the input that the app added to the previous one. */
  function continued({ asked: [next], before }: Lane, event: Doc): Doc | undefined {
    const previous = text(doc(event.response)?.previous_response_id)
    const input = previous === undefined ? undefined : added.get(previous)
    if (previous !== undefined) added.delete(previous)
    if (next && (next.hasBegun || !input || next.body.previous_response_id === previous)) return undefined
    return { ...before, previous_response_id: previous, input: input ?? [] }
  }

  return {
    isSpokenIn: ({ type }) => typeof type === 'string' && /^(?:error$|response\.)/.test(type),

    client(message, moment, bytes) {
      if (message.type === 'response.create') laneOf(message).asked.push(ask(message, moment, bytes))
      else if (message.type === 'response.steer') {
        const id = String(message.previous_response_id)
        const { input } = message
        const items = typeof input === 'string' ? [{ role: 'user', content: input }] : list(input)
        added.set(id, [...(added.get(id) ?? []), ...items])
      }
    },

    server(event, moment) {
      const type = String(event.type)
      if (type.startsWith('response.steer.')) {
        if (type.endsWith('.failed')) added.delete(String(doc(event.steer)?.previous_response_id))
        return
      }
      const lane = laneAnswered(event)
      const body = type === 'response.created' ? continued(lane, event) : undefined
      if (body) lane.asked.unshift(ask(body, moment))
      const [answered] = lane.asked
      if (!answered) return
      const status = number(event.status)
      if (type === 'error' && status !== undefined && status >= 400 && !answered.hasBegun)
        answered.call.responded(status, headersIn(event))
      answered.hasBegun = true
      answered.call.event(event)
      if (!END.test(type)) return
      lane.asked.shift()
      lane.before = answered.body
      session.close(answered, { by: 'server' })
    },
  }
}

/** Omitted settings are inherited or stored with the provider. The answer is always a stream. */
function requestOf(body: Doc, url: URL): ParsedRequest {
  const parsed = openaiResponses.request({ ...body, input: body.input ?? [] }, url, noHeader)
  return { choices: 1, model: undefined, attributes: {}, ...parsed, stream: true }
}

function headersIn(event: Doc): HeaderOf {
  const headers = Object.entries(doc(doc(event.error)?.headers) ?? {})
  return wanted => text(headers.find(([name]) => name.toLowerCase() === wanted)?.[1])
}
