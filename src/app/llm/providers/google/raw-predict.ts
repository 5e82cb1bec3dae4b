// Partner models on Vertex, and custom endpoints there, with requests and answers in OpenAI's format. Anthropic's models use Anthropic's
// format, and Llama's a path of OpenAI.
import {
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
} from '../../../../../semconv'
import { doc } from '../../wire/json'
import { openaiChat } from '../openai/chat'
import { openaiCompletions } from '../openai/completions'
import type { Protocol } from '../protocol'
import { calledIn } from './request'

const { usageOption: _, ...chat } = openaiChat

export const googleRawPredict: Protocol = {
  ...chat,
  provider: GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
  identifiableByHead: ({ url }) => url.pathname.includes('/publishers/'),

  requestFields: { ...openaiCompletions.requestFields, ...chat.requestFields },
  requestContentFields: { ...openaiCompletions.requestContentFields, ...chat.requestContentFields },
  request(body, url, header) {
    const params = doc(body)
    const named = params && { model: calledIn(url.pathname)?.model, ...params }
    const completion = openaiCompletions.request(named, url, header)
    return (
      openaiChat.request(named, url, header) ??
      (completion && { ...completion, operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION })
    )
  },
  input: body => (doc(body)?.messages ? openaiChat : openaiCompletions).input(body),
}
