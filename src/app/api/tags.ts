// Words of the app's own by which its traces are found.
import { context } from '@opentelemetry/api'
import { ATTR_LANGFUSE_TRACE_TAGS } from '../../../semconv'
import { slot } from '../runtime'

/**
 * Tags the work: from now on `langfuse.trace.tags` stands on the spans of this trace that have not ended yet, and on every
 * span to come in the agent, tool or conversation that this is called in. LangFuse filters and adds up by them. A later call
 * in the same place replaces the tags of the earlier one. Outside of every span and conversation it can mark nothing, which
 * is said once (AFN163).
 * @param tags few different ones, since views group by them; what is no text is left out
 * @example
 * app.post('/chat', (request, response) => {
 *   setTags(['beta', request.user.plan])
 *   return reply(request, response)
 * })
 */
export function setTags(tags: readonly string[]): void {
  const texts = Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string' && tag !== '') : []
  slot().runtime?.identify(context.active(), { [ATTR_LANGFUSE_TRACE_TAGS]: texts })
}
