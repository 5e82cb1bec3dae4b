// Answers of OpenAI's chat completions, by the client's own types.
import type OpenAI from 'openai'
import { type Answer, type Call, type Facts, json, sse } from '../case'
import type { Received } from '../loopback'

type Finish = OpenAI.ChatCompletion.Choice['finish_reason']

/** A call that each of its requests gets the answer of, streamed or not as it says. */
export const chat = (facts: Facts, more?: ChatMore): Call => ({
  facts: [facts],
  answer: request => chatAnswer(facts, request, more),
})

export interface ChatMore {
  /** Streams have counts whether a request asks for them or not. */
  readonly always?: boolean
  readonly service_tier?: OpenAI.ChatCompletion['service_tier']
  /** The model asks for a tool in place of a text. */
  readonly tool?: Tool
}

interface Tool {
  readonly name: string
  readonly args: string
}

export function chatAnswer(facts: Facts, { body }: Received, { always = false, tool, ...more }: ChatMore = {}): Answer {
  const { stream, stream_options } = JSON.parse(body.toString('utf8')) as OpenAI.ChatCompletionCreateParams
  return stream
    ? chatStream(facts, always || stream_options?.include_usage === true, tool)
    : json({ ...completion(facts, tool), ...more })
}

export function chatStream(facts: Facts, includesUsage = true, tool?: Tool): Answer {
  const [first, ...rest] = chunks(facts, includesUsage, tool)
  const { waitMs = 0 } = facts
  return sse([first!, waitMs, rest[0]!, waitMs, ...rest.slice(1), '[DONE]'])
}

const toolCall = ({ name, args }: Tool) => ({
  id: 'call_1',
  type: 'function' as const,
  function: { name, arguments: args },
})

export function completion(facts: Facts, tool?: Tool): OpenAI.ChatCompletion {
  return {
    id: idOf(facts),
    object: 'chat.completion',
    created: 1_796_000_000,
    model: facts.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: tool ? null : 'Grüße',
          refusal: null,
          ...(tool && { tool_calls: [toolCall(tool)] }),
        },
        finish_reason: (facts.finish?.[0] ?? 'stop') as Finish,
        logprobs: null,
      },
    ],
    usage: usage(facts),
  }
}

function chunks(facts: Facts, includesUsage: boolean, tool?: Tool): OpenAI.ChatCompletionChunk[] {
  const common = {
    id: idOf(facts),
    object: 'chat.completion.chunk' as const,
    created: 1_796_000_000,
    model: facts.model,
    ...(includesUsage && { usage: null }),
  }
  const choice = (
    delta: OpenAI.ChatCompletionChunk.Choice.Delta,
    finish_reason: OpenAI.ChatCompletionChunk.Choice['finish_reason'] = null,
  ): OpenAI.ChatCompletionChunk => ({ ...common, choices: [{ index: 0, delta, finish_reason }] })
  return [
    choice({ role: 'assistant', content: '' }),
    ...(tool
      ? [choice({ tool_calls: [{ index: 0, ...toolCall(tool) }] })]
      : [choice({ content: 'Grü' }), choice({ content: 'ße' })]),
    choice({}, (facts.finish?.[0] ?? 'stop') as Finish),
    ...(includesUsage ? [{ ...common, choices: [], usage: usage(facts) }] : []),
  ]
}

const idOf = ({ id }: Facts) => id ?? 'chatcmpl-none'

function usage({ input = 0, output = 0, ...details }: Facts): OpenAI.CompletionUsage {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: {
      cached_tokens: details.cacheRead ?? 0,
      audio_tokens: details.audioInput ?? 0,
      ...(details.cacheWrite !== undefined && { cache_write_tokens: details.cacheWrite }),
    },
    completion_tokens_details: {
      reasoning_tokens: details.reasoning ?? 0,
      audio_tokens: details.audioOutput ?? 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
