// The wire protocols that are understood. A new one is one file, added here.
import { anthropicComplete } from './anthropic/complete'
import { anthropicMessages } from './anthropic/messages'
import { bedrockAgent } from './bedrock/agent'
import { bedrockConverse } from './bedrock/converse'
import { bedrockInvoke } from './bedrock/invoke'
import { cohereChat } from './cohere/chat'
import { cohereEmbed } from './cohere/embed'
import { rerank } from './cohere/rerank'
import { cohereChatV1, cohereGenerate } from './cohere/v1'
import { googleEmbeddings } from './google/embeddings'
import { googleGenerate } from './google/generate'
import { googleInteractions } from './google/interactions'
import { ollamaChat, ollamaGenerate } from './ollama/chat'
import { ollamaEmbed } from './ollama/embed'
import { openaiChat } from './openai/chat'
import { openaiCompletions } from './openai/completions'
import { openaiEmbeddings } from './openai/embeddings'
import { openaiImages, openaiSpeech, openaiTranscriptions } from './openai/media'
import { openaiResponses } from './openai/responses'
import type { Protocol } from './protocol'
import { watsonxChat } from './watsonx/chat'
import { watsonxEmbeddings, watsonxGeneration } from './watsonx/generation'

/** The first whose path fits reads the request; where the paths of two overlap, the narrower one comes first. */
export const protocols: readonly Protocol[] = [
  openaiChat,
  openaiResponses,
  anthropicMessages,
  googleGenerate,
  googleEmbeddings,
  googleInteractions,
  bedrockConverse,
  bedrockInvoke,
  bedrockAgent,
  watsonxChat,
  watsonxGeneration,
  watsonxEmbeddings,
  ollamaEmbed,
  openaiEmbeddings,
  openaiCompletions,
  openaiImages,
  openaiTranscriptions,
  openaiSpeech,
  anthropicComplete,
  cohereChat,
  cohereChatV1,
  cohereGenerate,
  cohereEmbed,
  rerank,
  ollamaChat,
  ollamaGenerate,
]
