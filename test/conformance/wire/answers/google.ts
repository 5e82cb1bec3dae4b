// Answers of Gemini, by the client's own types.
import type { FinishReason, GenerateContentResponse, GenerateContentResponseUsageMetadata } from '@google/genai'
import { type Answer, type Call, type Facts, json, sse } from '../case'
import type { Received } from '../loopback'

/** On the wire it is data, without the getters of the client's class. */
export type Sent = Pick<
  GenerateContentResponse,
  'candidates' | 'modelVersion' | 'responseId' | 'usageMetadata' | 'promptFeedback'
>

export const generate = (facts: Facts, more: Partial<Sent> = {}): Call => ({
  facts: [facts],
  answer: request => generateAnswer(facts, request, more),
})

export function generateAnswer(facts: Facts, { path }: Received, more: Partial<Sent> = {}): Answer {
  const whole = content(facts, 'Grüße', more)
  if (!path.includes('stream')) return json(whole)
  const { waitMs = 0 } = facts
  const { usageMetadata: _, ...first } = content(facts, 'Grü')
  for (const candidate of first.candidates ?? []) delete candidate.finishReason
  return sse([waitMs, first, waitMs, content(facts, 'ße', more)])
}

export function content(facts: Facts, text: string, more: Partial<Sent> = {}): Sent {
  return {
    candidates: [
      {
        content: { role: 'model', parts: [{ text }] },
        finishReason: (facts.finish?.[0] ?? 'STOP') as FinishReason,
        index: 0,
      },
    ],
    modelVersion: facts.model,
    ...(facts.id !== undefined && { responseId: facts.id }),
    usageMetadata: usage(facts),
    ...more,
  }
}

/** Its counts of candidates leave out thoughts. */
export const usage = ({
  input = 0,
  output = 0,
  cacheRead,
  reasoning,
}: Facts): GenerateContentResponseUsageMetadata => ({
  promptTokenCount: input,
  candidatesTokenCount: output - (reasoning ?? 0),
  totalTokenCount: input + output,
  ...(cacheRead !== undefined && { cachedContentTokenCount: cacheRead }),
  ...(reasoning !== undefined && { thoughtsTokenCount: reasoning }),
})
