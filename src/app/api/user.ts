// The user on whose behalf work is done.
import { context } from '@opentelemetry/api'
import { ATTR_SESSION_ID, ATTR_USER_ID } from '../../../semconv'
import { slot } from '../runtime'

export interface User {
  /** A key of your own is best; an e-mail address is pseudonymised on the way out. */
  readonly id: string
  /** The session in your application that the user is in. */
  readonly sessionId?: string
}

/**
 * Says on whose behalf the work is done: from now on `user.id` (and `session.id`) stand on the spans of this trace that
 * have not ended yet, and on every span to come in the agent, tool or conversation that this is called in. A user that is
 * set further in wins. Outside of every span and conversation it can mark nothing, which is said once (AFN163).
 * @example
 * app.use((request, response, next) => {
 *   if (request.user) setUser({ id: request.user.id, sessionId: request.session.id })
 *   next()
 * })
 */
export function setUser(user: string | User): void {
  const { id, sessionId }: Partial<User> = typeof user === 'object' ? (user ?? {}) : { id: user }
  slot().runtime?.identify(context.active(), {
    ...(id !== undefined && { [ATTR_USER_ID]: String(id) }),
    ...(sessionId !== undefined && { [ATTR_SESSION_ID]: String(sessionId) }),
  })
}
