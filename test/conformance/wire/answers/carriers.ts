// Answers of those who carry calls of models: Vercel's AI Gateway, and Mistral beside its chat. Their clients hold them to their schemas.
import { type Answer, type Call, type Facts, json, sse } from '../case'

/** The AI SDK's own protocol. The gateway tells what it took, which is the cost. */
export function gateway(facts: Facts): Call {
  const { id, model, input = 0, output = 0, cacheRead = 0, reasoning = 0, cost } = facts
  const usage = {
    inputTokens: { total: input, noCache: input - cacheRead, cacheRead, cacheWrite: 0 },
    outputTokens: { total: output, text: output - reasoning, reasoning },
  }
  const finishReason = { unified: 'stop', raw: 'stop' }
  const providerMetadata = { gateway: { cost: String(cost), generationId: id } }
  const about = { id, modelId: model, timestamp: '2026-11-30T00:00:00.000Z' }
  const streamed = (): Answer =>
    sse([
      { type: 'stream-start', warnings: [] },
      { type: 'response-metadata', ...about },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'Grü' },
      { type: 'text-delta', id: '0', delta: 'ße' },
      { type: 'text-end', id: '0' },
      { type: 'finish', finishReason, usage, providerMetadata },
    ])
  return {
    facts: [facts],
    answer: ({ headers }) =>
      headers['ai-language-model-streaming'] === 'true'
        ? streamed()
        : json({ content: [{ type: 'text', text: 'Grüße' }], finishReason, usage, response: about, providerMetadata, warnings: [] }), // biome-ignore format: one line
  }
}

/** A conversation has an id, and its answers have none. @param search times that Mistral searched the web */
export function conversation(facts: Facts, search = 0): Call {
  const { model, input = 0, output = 0 } = facts
  const usage = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(search > 0 && { connectors: { web_search: search } }),
  }
  const id = 'msg_1'
  const said = { id, type: 'message.output', role: 'assistant', model }
  const at = { output_index: 0, content_index: 0 }
  const events = [
    { type: 'conversation.response.started', conversation_id: 'conv_1', created_at: '2026-11-30T00:00:00Z' },
    { ...said, ...at, type: 'message.output.delta', content: 'Grü' },
    { ...said, ...at, type: 'message.output.delta', content: 'ße' },
    { type: 'conversation.response.done', usage },
  ]
  return {
    facts: [facts],
    answer: ({ body }) =>
      body.includes('"stream":true')
        ? sse(events.map(event => [event.type, event] as const))
        : json({ object: 'conversation.response', conversation_id: 'conv_1', outputs: [{ ...said, content: 'Grüße' }], usage }), // biome-ignore format: one line
  }
}

/** Charged by the page. */
export const ocr = (facts: Facts, pages: number): Call => ({
  facts: [facts],
  answer: () =>
    json({
      model: facts.model,
      pages: Array.from({ length: pages }, (_, index) => ({ index, markdown: 'Grüße', images: [], dimensions: null })),
      usage_info: { pages_processed: pages, doc_size_bytes: 1000 },
    }),
})
