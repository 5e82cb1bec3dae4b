// Maps protocols to their conversations over WebSockets.
import type { SocketProtocolName } from '../../providers/paths'
import type { Handshake, Head } from '../http/calls'
import type { LlmTapOptions } from '../options'
import { live, liveFields } from './live'
import { realtime, realtimeFields } from './realtime'
import { responseFields, responses } from './responses'
import { Session, type Spoken } from './session'

const conversations: Record<SocketProtocolName, (session: Session) => Spoken> = {
  'openai-responses': session => ({
    conversation: responses(session),
    fields: responseFields(session.isContentRead),
  }),
  'openai-realtime': session => ({ conversation: realtime(session), fields: realtimeFields(session.isContentRead) }),
  'google-live': session => ({ conversation: live(session), fields: liveFields(session.isContentRead) }),
}

export function openSession(protocol: SocketProtocolName, head: Head, options: LlmTapOptions): Handshake {
  return new Session(protocol, conversations[protocol], head, options)
}
