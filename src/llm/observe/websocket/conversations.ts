// What is spoken over WebSockets.
import type { SocketProtocolName } from '../../providers/paths'
import type { Fields } from '../wire/json'
import { live, liveFields } from './live'
import type { Side } from './messages'
import { realtime, realtimeFields } from './realtime'
import { responseFields, responses } from './responses'
import type { Conversation, Session } from './session'

interface Spoken {
  readonly conversation: Conversation
  /** What is read of long messages. */
  readonly fields: Record<Side, Fields>
}

export const conversations: Record<SocketProtocolName, (session: Session) => Spoken> = {
  'openai-responses': session => ({
    conversation: responses(session),
    fields: responseFields(session.isContentWanted),
  }),
  'openai-realtime': session => ({ conversation: realtime(session), fields: realtimeFields(session.isContentWanted) }),
  'google-live': session => ({ conversation: live(session), fields: liveFields(session.isContentWanted) }),
}
