/**
 * Where a reader looks for words: names, errors, what was said to a model and what it answered, tools, users, routes. In TraceQL. The search
 * box of the explorer asks for all of them, and the index of words has what stands in them.
 */
export const wordPlaces = [
  'name',
  'statusMessage',
  'resource.service.name',
  'span.gen_ai.input.messages',
  'span.gen_ai.output.messages',
  'span.gen_ai.request.model',
  'span.gen_ai.tool.name',
  'span.gen_ai.tool.call.arguments',
  'span.gen_ai.tool.call.result',
  'span.gen_ai.conversation.id',
  'span.user.id',
  'span.session.id',
  'span.error.type',
  'span.http.route',
  'span.url.path',
  'event.exception.type',
  'event.exception.message',
  'event.gen_ai.input.messages',
  'event.gen_ai.output.messages',
] as const
