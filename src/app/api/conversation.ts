// The conversation that work belongs to.
import { context } from '@opentelemetry/api'
import { ATTR_GEN_AI_CONVERSATION_ID } from '../../../semconv'
import { withScope } from '../llm/spans/scope'
import { follow } from './follow'

/**
 * Runs `run` as a part of a conversation: every span inside carries `gen_ai.conversation.id`, by which LangFuse puts the
 * turns of a session together. It makes no span of its own. A `setUser()` inside holds for the conversation.
 * @param id of the thread or session as your store knows it; the same for all of its turns
 * @returns what `run` returns
 * @throws what `run` throws, and nothing else
 * @example
 * app.post('/chats/:id', (request, response) => withConversation(request.params.id, () => reply(request, response)))
 */
export function withConversation<T>(id: string, run: () => T): T {
  const nothing = () => {}
  return follow(run, {
    inside: withScope(context.active(), { [ATTR_GEN_AI_CONVERSATION_ID]: String(id) }),
    ended: nothing,
    failed: nothing,
    forgotten: nothing,
  })
}
