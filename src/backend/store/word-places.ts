/**
 * The fields that a text search covers, in TraceQL: names, errors, messages to and from a model, tools, users, routes. The explorer's
 * search box queries all of them, and the word index contains their words.
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
