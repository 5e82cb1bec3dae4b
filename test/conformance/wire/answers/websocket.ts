// Frames of OpenAI's sockets and of Gemini Live, by the clients' own types.
import type { LiveServerMessage } from '@google/genai'
import type OpenAI from 'openai'
import type { Call, Facts } from '../case'
import { events } from './openai-responses'

type RealtimeEvent = OpenAI.Realtime.RealtimeServerEvent

/** A turn for each of the facts. */
export const responsesSocket = (...facts: readonly Facts[]): Call => ({
  facts,
  answer: () => undefined,
  frames: (_, turn) => events(facts[turn]!).map(event => JSON.stringify(event)),
})

export const realtime = (facts: Facts): Call => ({
  facts: [facts],
  answer: () => undefined,
  // what sets up the session or adds to the conversation asks for no answer
  frames: message =>
    message.includes('"response.create"') ? realtimeEvents(facts).map(event => JSON.stringify(event)) : [],
})

function realtimeEvents(facts: Facts): RealtimeEvent[] {
  const { id = 'resp_none', input = 0, output = 0, cacheRead = 0, audioInput = 0, audioOutput = 0 } = facts
  const begun = { id, object: 'realtime.response' as const, status: 'in_progress' as const, output: [] }
  const place = { response_id: id, item_id: 'item_1', output_index: 0, content_index: 0 }
  return [
    { type: 'response.created', event_id: 'e1', response: begun },
    { type: 'response.output_audio.delta', event_id: 'e2', ...place, delta: 'AAAA' },
    { type: 'response.output_audio_transcript.delta', event_id: 'e3', ...place, delta: 'Grüße' },
    { type: 'response.output_audio.done', event_id: 'e4', ...place },
    {
      type: 'response.done',
      event_id: 'e5',
      response: {
        ...begun,
        status: 'completed',
        usage: {
          input_tokens: input,
          output_tokens: output,
          total_tokens: input + output,
          input_token_details: {
            text_tokens: input - audioInput,
            audio_tokens: audioInput,
            cached_tokens: cacheRead,
            cached_tokens_details: { text_tokens: cacheRead, audio_tokens: 0 },
          },
          output_token_details: { text_tokens: output - audioOutput, audio_tokens: audioOutput },
        },
      },
    },
  ]
}

export const geminiLive = (facts: Facts): Call => ({
  facts: [facts],
  answer: () => undefined,
  frames(message) {
    const { input = 0, output = 0 } = facts
    const content: Partial<LiveServerMessage>[] = [
      { serverContent: { modelTurn: { role: 'model', parts: [{ text: 'Grüße' }] } } },
      { serverContent: { generationComplete: true } },
      {
        serverContent: { turnComplete: true },
        usageMetadata: { promptTokenCount: input, responseTokenCount: output, totalTokenCount: input + output },
      },
    ]
    return (message.includes('"setup"') ? [{ setupComplete: {} }] : content).map(part => JSON.stringify(part))
  },
})
