// Answers of smaller providers and endpoints. Where a client has schemas in place of types of the wire, it holds them when it reads.
import type { ChatResponse } from 'ollama'
import type OpenAI from 'openai'
import { type Answer, type Call, type Facts, json, sse } from '../case'

const always = (facts: Facts, answer: Answer): Call => ({ facts: [facts], answer: () => answer })

export const embeddings = (facts: Facts): Call => {
  const body: OpenAI.CreateEmbeddingResponse = {
    object: 'list',
    model: facts.model,
    data: [{ object: 'embedding', index: 0, embedding: [0.5, -0.5] }],
    usage: { prompt_tokens: facts.input ?? 0, total_tokens: facts.input ?? 0 },
  }
  return {
    facts: [facts],
    answer(request) {
      // the client asks for base64, and gives numbers to the application
      const isBase64 = request.body.includes('"encoding_format":"base64"')
      const base64 = Buffer.from(new Float32Array([0.5, -0.5]).buffer).toString('base64')
      return json(isBase64 ? { ...body, data: [{ object: 'embedding', index: 0, embedding: base64 }] } : body)
    },
  }
}

export const images = (facts: Facts): Call => {
  const { input = 0, output = 0, imageInput = 0 } = facts
  const body: OpenAI.ImagesResponse = {
    created: 1_796_000_000,
    data: [{ b64_json: 'aGk=' }],
    usage: {
      input_tokens: input,
      output_tokens: output,
      total_tokens: input + output,
      input_tokens_details: { image_tokens: imageInput, text_tokens: input - imageInput },
    },
  }
  return always(facts, json(body))
}

export const transcription = (facts: Facts): Call => {
  const { input = 0, output = 0, audioInput = 0 } = facts
  const body: OpenAI.Audio.Transcription = {
    text: 'Grüße',
    usage: {
      type: 'tokens',
      input_tokens: input,
      input_token_details: { audio_tokens: audioInput, text_tokens: input - audioInput },
      output_tokens: output,
      total_tokens: input + output,
    },
  }
  return always(facts, json(body))
}

export const cohereChat = (facts: Facts): Call => {
  const { id, input = 0, output = 0 } = facts
  const tokens = { input_tokens: input, output_tokens: output }
  const usage = { billed_units: tokens, tokens }
  const finish_reason = facts.finish?.[0] ?? 'COMPLETE'
  return {
    facts: [facts],
    answer: ({ body }) =>
      body.includes('"stream":true')
        ? sse([
            ['message-start', { type: 'message-start', id, delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } } }], // biome-ignore format: one line
            [
              'content-start',
              { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
            ],
            ['content-delta', { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Grüße' } } } }],
            ['content-end', { type: 'content-end', index: 0 }],
            ['message-end', { type: 'message-end', delta: { finish_reason, usage } }],
          ])
        : json({
            id,
            finish_reason,
            message: { role: 'assistant', content: [{ type: 'text', text: 'Grüße' }] },
            usage,
          }),
  }
}

export const ollamaChat = (facts: Facts): Call => {
  const { input = 0, output = 0, model } = facts
  const common = { model, created_at: new Date(1_796_000_000_000) }
  const part = (content: string): Partial<ChatResponse> => ({
    ...common,
    message: { role: 'assistant', content },
    done: false,
  })
  const last: Partial<ChatResponse> = {
    ...common,
    done: true,
    done_reason: facts.finish?.[0] ?? 'stop',
    total_duration: 5e6,
    load_duration: 1e6,
    prompt_eval_count: input,
    prompt_eval_duration: 1e6,
    eval_count: output,
    eval_duration: 1e6,
  }
  const line = (value: object) => `${JSON.stringify(value)}\n`
  return {
    facts: [facts],
    answer: ({ body }) =>
      body.includes('"stream":true')
        ? {
            headers: { 'content-type': 'application/x-ndjson' },
            parts: [
              line(part('Grü')),
              line(part('ße')),
              line({ ...last, message: { role: 'assistant', content: '' } }),
            ],
          }
        : json({ ...last, message: { role: 'assistant', content: 'Grüße' } }),
  }
}

export const geminiEmbedding = (facts: Facts): Call =>
  always(facts, json({ embeddings: [{ values: [0.5, -0.5] }], usageMetadata: { promptTokenCount: facts.input } }))
