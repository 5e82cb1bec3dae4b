// All cases, and the names of the providers' hosts in them.
import type { Case } from '../case'
import { billedCalls } from './billed'
import { carriers } from './carriers'
import { costs } from './cost'
import { failures } from './failures'
import { iterations } from './iterations'
import { laterAnswers } from './later'
import { toolLoops } from './loops'
import { transports } from './transports'
import { ttfts } from './ttft'
import { unasked } from './unasked'
import { usualCalls } from './usual'
import { webSockets } from './websocket'

export const groups: readonly (readonly Case[])[] = [
  transports,
  usualCalls,
  unasked,
  iterations,
  failures,
  costs,
  billedCalls,
  ttfts,
  toolLoops,
  webSockets,
  laterAnswers,
  carriers,
]

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
  'acme.openai.azure.com',
  'us-east5-aiplatform.googleapis.com',
  'us-central1-aiplatform.googleapis.com',
  'aiplatform.googleapis.com',
]
