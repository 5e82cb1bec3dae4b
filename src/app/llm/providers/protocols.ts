// The supported wire protocols. A new one is one file, added here and in `paths.ts`.
import { anthropicComplete } from './anthropic/complete'
import { anthropicMessages } from './anthropic/messages'
import { bedrockAgent } from './bedrock/agent'
import { bedrockBidirectional } from './bedrock/bidirectional'
import { bedrockConverse } from './bedrock/converse'
import { bedrockInvoke } from './bedrock/invoke'
import { cohereChat } from './cohere/chat'
import { cohereEmbed } from './cohere/embed'
import { rerank } from './cohere/rerank'
import { cohereChatV1 } from './cohere/v1'
import { cohereGenerate } from './cohere/v1-generate'
import { dashscope } from './dashscope/generation'
import { googleEmbeddings } from './google/embeddings'
import { googleGenerate } from './google/generate'
import { googleInteractions } from './google/interactions'
import { googlePredict } from './google/predict'
import { googleRawPredict } from './google/raw-predict'
import { textGeneration } from './huggingface/text-generation'
import { falEndpoint, replicatePredictions } from './media/predictions'
import { speechRecognition, speechSynthesis } from './media/speech'
import { mistralConversations } from './mistral/conversations'
import { mistralOcr } from './mistral/ocr'
import { ollamaChat } from './ollama/chat'
import { ollamaEmbed } from './ollama/embed'
import { ollamaGenerate } from './ollama/generate'
import { openaiChat } from './openai/chat'
import { openaiCompletions } from './openai/completions'
import { openaiEmbeddings } from './openai/embeddings'
import { openaiImages } from './openai/media'
import { openaiResponses } from './openai/responses'
import { openaiSpeech, openaiTranscriptions } from './openai/speech'
import type { ProtocolName } from './paths'
import type { Protocol } from './protocol'
import { memory } from './retrieval/memory'
import { vectorSearch } from './retrieval/search'
import { vercelLanguage } from './vercel/language'
import { vercelModels } from './vercel/models'
import { watsonxChat } from './watsonx/chat'
import { watsonxEmbeddings, watsonxGeneration } from './watsonx/generation'

export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  'google-generate': googleGenerate,
  'google-embeddings': googleEmbeddings,
  'google-interactions': googleInteractions,
  'bedrock-converse': bedrockConverse,
  'bedrock-invoke': bedrockInvoke,
  'bedrock-agent': bedrockAgent,
  'bedrock-bidirectional': bedrockBidirectional,
  'watsonx-chat': watsonxChat,
  'watsonx-generation': watsonxGeneration,
  'watsonx-embeddings': watsonxEmbeddings,
  'ollama-embed': ollamaEmbed,
  'openai-embeddings': openaiEmbeddings,
  'openai-completions': openaiCompletions,
  'openai-images': openaiImages,
  'openai-transcriptions': openaiTranscriptions,
  'openai-speech': openaiSpeech,
  'anthropic-complete': anthropicComplete,
  'cohere-chat': cohereChat,
  'cohere-chat-v1': cohereChatV1,
  'cohere-generate': cohereGenerate,
  'cohere-embed': cohereEmbed,
  rerank: rerank,
  'ollama-chat': ollamaChat,
  'ollama-generate': ollamaGenerate,
  dashscope,
  'speech-synthesis': speechSynthesis,
  'speech-recognition': speechRecognition,
  'replicate-predictions': replicatePredictions,
  'fal-endpoint': falEndpoint,
  'text-generation': textGeneration,
  'mistral-conversations': mistralConversations,
  'mistral-ocr': mistralOcr,
  'google-predict': googlePredict,
  'google-raw-predict': googleRawPredict,
  'vercel-language': vercelLanguage,
  'vercel-models': vercelModels,
  retrieval: vectorSearch,
  memory,
}
