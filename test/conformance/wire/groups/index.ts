// All cases, and the names of the providers' hosts in them.
import type { Case } from '../case'
import { transports } from './transports'

export const groups: readonly (readonly Case[])[] = [transports]

/** With those of the proxy; whatever else a client looks for is not there. */
export const hosts = [
  'api.openai.com',
  'eu.api.openai.com',
  'api.anthropic.com',
  'generativelanguage.googleapis.com',
  'bedrock-runtime.us-east-1.amazonaws.com',
  'api.mistral.ai',
  'api.cohere.com',
  'ai-gateway.vercel.sh',
  'ollama.com',
]
