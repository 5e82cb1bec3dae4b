// Gemini's Live API over a WebSocket. It has no ids: turns of the model follow each other. Each is started by input of the app or by audio
// that the provider hears, and counted by one `usageMetadata`. A tool call ends an answer if its usage was reported; otherwise the turn
// continues with the tool's result. https://ai.google.dev/api/live
import { googleLive } from '../../providers/google/live'
import { member } from '../../providers/google/members'
import { noHeader } from '../../providers/protocol'
import { type Doc, doc, docs, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import type { Moment, Side } from './messages'
import type { Answer, Conversation, Session } from './session'

const CLIENT = ['setup', 'clientContent', 'realtimeInput', 'toolResponse', 'contextUpdate']
const SERVER = ['setupComplete', 'serverContent', 'toolCall', 'toolCallCancellation', 'usageMetadata', 'goAway']
/** Fields of `serverContent` that belong to a turn. */
const ANSWER = ['modelTurn', 'outputTranscription', 'generationComplete', 'turnComplete', 'interrupted']
/** Maximum contents that are kept as input of the next turn. */
const MOST = 100

export function liveFields(isContentRead: boolean): Record<Side, Fields> {
  const { requestFields, requestContentFields, responseFields } = googleLive
  return { client: { ...requestFields, ...(isContentRead && requestContentFields) }, server: responseFields }
}

interface Turn extends Answer {
  /** Whether the provider has signaled the end or called a tool: the usage comes with that message or after it. */
  isOver: boolean
  hasCalled: boolean
  isCounted: boolean
}

export function live(session: Session): Conversation {
  let setup: Doc = {}
  let contents: unknown[] = []
  let turn: Turn | undefined
  /** What the app sent while a turn was in progress. */
  let next: { readonly moment: Moment; readonly bytes: Buffer | undefined } | undefined
  let spokenAt: number | undefined
  /** Whether audio or pictures were sent, and not only text. */
  let hasSound = false

  function open(moment: Moment, bytes?: Buffer): Turn {
    const body = { ...setup, contents }
    const since = moment.side === 'server' ? spokenAt : undefined
    contents = []
    spokenAt = undefined
    const parsed = googleLive.request(body, session.url, noHeader)!
    const answer = session.open(googleLive, { body, parsed, bytes, moment, since })
    turn = Object.assign(answer, { isOver: false, hasCalled: false, isCounted: false })
    return turn
  }

  function ask(moment: Moment, bytes: Buffer | undefined): void {
    closeIfOver()
    if (turn) next = { moment, bytes }
    else open(moment, bytes)
  }

  /** Closes a turn that has ended once another message starts. */
  function closeIfOver(): void {
    if (turn && (turn.isOver || (turn.hasCalled && turn.isCounted))) close(turn)
  }

  function close(over: Turn): void {
    turn = undefined
    session.close(over, { by: over.isStopped ? 'consumer' : 'server', forgotten: true })
    if (next) open(next.moment, next.bytes)
    next = undefined
  }

  function add(added: unknown[]): void {
    if (session.isContentRead) contents = [...contents, ...added].slice(-MOST)
  }

  return {
    isSpokenIn: message => [...CLIENT, ...SERVER].some(name => member(message, name) !== undefined),

    client(message, moment, bytes) {
      const content = doc(member(message, 'clientContent'))
      const results = doc(member(message, 'toolResponse'))
      const input = doc(member(message, 'realtimeInput'))
      setup = doc(member(message, 'setup')) ?? setup
      if (content) {
        const turns = docs(content.turns)
        // a long message whose content is not needed is not parsed
        hasSound ||=
          content.turns === undefined || turns.some(one => docs(one.parts).some(part => part.text === undefined))
        add(turns)
        if (member(content, 'turnComplete') === true) ask(moment, bytes)
      } else if (results) {
        const responses = docs(member(results, 'functionResponses'))
        add([{ role: 'user', parts: responses.map(functionResponse => ({ functionResponse })) }])
        closeIfOver()
        if (!turn) open(moment, bytes)
      } else if (input) {
        const said = text(input.text)
        if (said !== undefined) add([{ role: 'user', parts: [{ text: said }] }])
        hasSound ||= said === undefined
        if (said !== undefined || member(input, 'activityEnd') || member(input, 'audioStreamEnd')) spokenAt = moment.at
      }
    },

    server(message, moment) {
      const content = doc(message.serverContent)
      const heard = text(doc(content?.inputTranscription)?.text)
      if (heard !== undefined) add([{ role: 'user', parts: [{ text: heard }] }])
      const isCounted = doc(message.usageMetadata) !== undefined
      const hasCalled = docs(doc(message.toolCall)?.functionCalls).length > 0
      const isAnswer = hasCalled || message.error !== undefined || ANSWER.some(name => content?.[name] !== undefined)
      if (isAnswer) closeIfOver()
      else if (!isCounted) return
      const answer = turn ?? open(moment)
      answer.isStopped ||= content?.interrupted === true
      answer.isOver ||= content?.turnComplete === true || message.error !== undefined
      answer.hasCalled ||= hasCalled
      answer.isCounted ||= isCounted && (answer.isOver || answer.hasCalled)
      answer.call.event(hasSound ? { ...message, hasSound } : message)
      if (answer.isOver && (answer.isCounted || message.error !== undefined)) close(answer)
    },
  }
}
