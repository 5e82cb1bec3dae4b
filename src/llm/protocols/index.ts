// The wire protocols that are understood. A new one is one file, added here.
import { anthropicMessages } from './anthropic-messages'
import { googleGenerate } from './google-generate'
import { openaiChat } from './openai-chat'
import type { Protocol } from './protocol'

export const protocols: readonly Protocol[] = [openaiChat, anthropicMessages, googleGenerate]
