// The wire protocols that are read without more ado: those of OpenAI, which most providers and gateways speak, and Anthropic. It stands in
// the place of `src/app/llm/providers/protocols.ts`; `@afn/otel/fetch/protocols` has all of them.
import { anthropicMessages } from '../llm/providers/anthropic/messages'
import { openaiChat } from '../llm/providers/openai/chat'
import { openaiCompletions } from '../llm/providers/openai/completions'
import { openaiEmbeddings } from '../llm/providers/openai/embeddings'
import { openaiResponses } from '../llm/providers/openai/responses'
import type { ProtocolName } from '../llm/providers/paths'
import type { Protocol } from '../llm/providers/protocol'

export const protocols: Partial<Record<ProtocolName, Protocol>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
  'openai-embeddings': openaiEmbeddings,
  'anthropic-messages': anthropicMessages,
}
