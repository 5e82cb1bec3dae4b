// Answers that come later: counted once where they are read, at the price of their tier.
import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { message } from '../answers/anthropic'
import { content } from '../answers/google'
import { completion } from '../answers/openai-chat'
import { events, response } from '../answers/openai-responses'
import { type Call, type Case, type Facts, json, sse } from '../case'
import { factsOf } from './facts'

const gpt = () => factsOf('openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini')
const half = (facts: Facts): Facts => ({ ...facts, cost: (facts.cost as number) / 2 })

/** What the request itself is told. */
const pending = ({ id, provider, model }: Facts): Facts => ({
  ...(id && { id }),
  provider,
  model,
  pending: true,
  cost: 'unknown',
})

/** Queued, in progress once, and then there. */
function polled(): Call {
  const facts = gpt()
  const { usage: _, ...queued } = response(facts, { status: 'queued', background: true, output: [] })
  return {
    facts: [pending(facts), facts],
    answer({ method, path }, turn) {
      if (method === 'POST') return json(queued)
      if (path.includes('stream=true'))
        return sse(events(facts, { background: true }).map(event => [event.type, event] as const))
      return json(turn < 2 ? { ...queued, status: 'in_progress' } : response(facts, { background: true }))
    },
  }
}

function interaction(): Call {
  const facts = factsOf('gcp.gemini', 'gemini-2.5-flash', 'gemini-2.5-flash', { cacheRead: 0 })
  const { id, input = 0, output = 0 } = facts
  const common = { id, object: 'interaction', model: facts.model, created: '2026-11-30T00:00:00Z', updated: '2026-11-30T00:00:00Z', role: 'model' } // biome-ignore format: one line
  const usage = { total_input_tokens: input, total_output_tokens: output, total_tokens: input + output }
  return {
    facts: [pending(facts), facts],
    answer: ({ method }, turn) =>
      json(
        method === 'POST' || turn < 2
          ? { ...common, status: 'in_progress' }
          : { ...common, status: 'completed', outputs: [{ type: 'text', text: 'Grüße' }], usage },
      ),
  }
}

function openaiBatch(): Call {
  const all = [half(gpt()), half(gpt())]
  const batch: Partial<OpenAI.Batch> = { id: 'batch_1', object: 'batch', status: 'completed', endpoint: '/v1/chat/completions', output_file_id: 'file-output' } // biome-ignore format: one line
  const lines = all.map((facts, n) => ({
    id: `batch_req_${n}`,
    custom_id: `a${n}`,
    response: { status_code: 200, request_id: `r${n}`, body: completion(facts) },
    error: null,
  }))
  return {
    facts: all,
    answer: ({ method }) =>
      method === 'POST'
        ? json(batch)
        : { headers: { 'content-type': 'application/octet-stream' }, parts: lines.map(line => `${JSON.stringify(line)}\n`) }, // biome-ignore format: one line
  }
}

function anthropicBatch(): Call {
  const all = [0, 1].map(() => half(factsOf('anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5')))
  const batch: Partial<Anthropic.Messages.MessageBatch> = {
    id: 'msgbatch_1',
    type: 'message_batch',
    processing_status: 'ended',
    results_url: 'https://api.anthropic.com/v1/messages/batches/msgbatch_1/results',
  }
  const lines = all.map((facts, n) => ({
    custom_id: `a${n}`,
    result: { type: 'succeeded', message: message(facts, { usage: { service_tier: 'batch' } }) },
  }))
  return {
    facts: all,
    answer: ({ path }) =>
      path.endsWith('/results')
        ? { headers: { 'content-type': 'application/x-jsonl' }, parts: lines.map(line => `${JSON.stringify(line)}\n`) }
        : json(batch),
  }
}

/** The results stand in the batch itself, twice. */
function geminiBatch(): Call {
  const all = [0, 1].map(() => half(factsOf('gcp.gemini', 'gemini-2.5-flash', 'gemini-2.5-flash', { cacheRead: 0 })))
  const output = { inlinedResponses: { inlinedResponses: all.map(facts => ({ response: content(facts, 'Grüße') })) } }
  const name = 'batches/wire1'
  const batch = (state: string) => ({ name, metadata: { name, state, model: 'models/gemini-2.5-flash' } })
  const done = batch('BATCH_STATE_SUCCEEDED')
  return {
    facts: all,
    answer: ({ method }, turn) =>
      json(
        method === 'POST' || turn < 2
          ? batch('BATCH_STATE_RUNNING')
          : { ...done, metadata: { ...done.metadata, output }, done: true, response: output },
      ),
  }
}

/** 0.4 and 2 USD for a million, of which a batch is half. */
function mistralBatch(): Call {
  const all = [300, 400].map(input => {
    const facts = factsOf('mistral_ai', 'mistral-medium-2505', undefined, { cacheRead: 0, input, output: 20 })
    return { ...facts, cost: (input * 0.4 + 20 * 2) / 1e6 / 2 }
  })
  const job = { id: 'job-1', object: 'batch', input_files: ['f'], endpoint: '/v1/chat/completions', model: 'mistral-medium-2505', errors: [], status: 'SUCCESS', created_at: 1_796_000_000, total_requests: 2, completed_requests: 2, succeeded_requests: 2, failed_requests: 0, output_file: 'file-mistral' } // biome-ignore format: one line
  const lines = all.map((facts, n) => ({
    id: `r${n}`,
    custom_id: `m${n}`,
    response: { status_code: 200, body: completion(facts) },
    error: null,
  }))
  return {
    facts: all,
    answer: ({ path }) =>
      path.endsWith('/content')
        ? { headers: { 'content-type': 'application/octet-stream' }, parts: lines.map(line => `${JSON.stringify(line)}\n`) } // biome-ignore format: one line
        : json(job),
  }
}

export const laterAnswers: readonly Case[] = [
  {
    group: 'later',
    name: 'later',
    app: 'later.mjs',
    calls: {
      'later: polled response': polled(),
      'later: polled twice after its end': polled(),
      'later: resumed response': polled(),
      'later: polled interaction': interaction(),
      'later: batch of openai': openaiBatch(),
      'later: batch of anthropic': anthropicBatch(),
      'later: batch of gemini': geminiBatch(),
      'later: batch of mistral': mistralBatch(),
    },
    nodes: [22, 24, 26],
  },
]
