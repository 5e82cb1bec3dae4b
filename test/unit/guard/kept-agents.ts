// Agents whose history the provider keeps: what each request of a run has is only what is new, and the calls of tools are in the answers.
import type { Called, Turn } from './agents'

interface Call extends Called {
  readonly id: string
}

/** An answer of the model, and what came of it. */
export interface Answered {
  /** Of the answer. */
  readonly id: string
  readonly turn: Turn
  readonly calls: readonly Call[]
}

export interface KeptShape {
  url(past: readonly Answered[]): string
  /** @param run names it, where the application does */
  request(run: string, task: string, past: readonly Answered[]): object
  answer(run: string, answered: Answered): object
}

const textOf = (result: unknown) => (typeof result === 'string' ? result : JSON.stringify(result))
const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 }

/** Items of OpenAI's responses. */
const told = ({ calls, turn: { reply } }: Answered) => [
  ...calls.map(({ id, result }) => ({ type: 'function_call_output', call_id: id, output: textOf(result) })),
  ...(reply === undefined ? [] : [{ role: 'user', content: reply }]),
]
const said = ({ id, calls, turn: { text } }: Answered) => [
  { type: 'reasoning', id: `rs_${id}`, summary: [] },
  ...(text === undefined
    ? []
    : [{ type: 'message', id: `msg_${id}`, role: 'assistant', content: [{ type: 'output_text', text }] }]),
  ...calls.map(({ id, tool, args }) => ({
    type: 'function_call',
    id: `fc_${id}`,
    call_id: id,
    name: tool,
    arguments: JSON.stringify(args),
  })),
]

const responses = (request: (run: string, asked: object[], past: readonly Answered[]) => object): KeptShape => ({
  url: () => 'https://api.openai.com/v1/responses',
  request(run, task, past) {
    const last = past.at(-1)
    return { model: 'gpt-5', ...request(run, last ? told(last) : [{ role: 'user', content: task }], past) }
  },
  answer: (_, answered) => ({
    id: answered.id,
    object: 'response',
    status: 'completed',
    model: 'gpt-5',
    output: said(answered),
    usage,
  }),
})

export const keptShapes: Record<string, KeptShape> = {
  'responses that follow each other': responses((_, input, past) => ({
    input,
    ...(past.length > 0 && { previous_response_id: past.at(-1)!.id }),
  })),
  'responses of a conversation': responses((run, input) => ({ input, conversation: { id: `conv_${run}` } })),
  'responses that name the items before': responses((_, [task], past) => ({
    input: [
      past.length > 0 ? { role: 'user', content: 'Find it.' } : task,
      ...past.flatMap(one => [...said(one).map(({ id }) => ({ type: 'item_reference', id })), ...told(one)]),
    ],
  })),
  "Gemini's interactions": {
    url: () => 'https://generativelanguage.googleapis.com/v1beta/interactions',
    request(_, task, past) {
      const last = past.at(-1)
      const asked = (text: string) => ({ type: 'user_input', content: [{ type: 'text', text }] })
      const results = (last?.calls ?? []).map(({ id, tool, result }) => ({
        type: 'function_result',
        call_id: id,
        name: tool,
        result: textOf(result),
      }))
      const reply = last ? last.turn.reply : task
      return {
        model: 'gemini-2.5-flash',
        input: [...results, ...(reply === undefined ? [] : [asked(reply)])],
        ...(last && { previous_interaction_id: last.id }),
      }
    },
    answer: (_, { id, turn, calls }) => ({
      id,
      model: 'gemini-2.5-flash',
      status: calls.length > 0 ? 'requires_action' : 'completed',
      steps: [
        { type: 'thought', signature: id },
        ...(turn.text === undefined ? [] : [{ type: 'model_output', content: [{ type: 'text', text: turn.text }] }]),
        ...calls.map(({ id, tool, args }) => ({ type: 'function_call', id, name: tool, arguments: args })),
      ],
      usage: { total_input_tokens: 1, total_output_tokens: 1 },
    }),
  },
  "Mistral's conversations": {
    url: past => `https://api.mistral.ai/v1/conversations${past.length > 0 ? `/conv_${past[0]!.id}` : ''}`,
    request(_, task, past) {
      const last = past.at(-1)
      const reply = last ? last.turn.reply : task
      return {
        model: 'mistral-large',
        inputs: [
          ...(last?.calls ?? []).map(({ id, result }) => ({
            type: 'function.result',
            tool_call_id: id,
            result: textOf(result),
          })),
          ...(reply === undefined ? [] : [{ role: 'user', content: reply }]),
        ],
      }
    },
    answer: (run, { turn, calls }) => ({
      object: 'conversation.response',
      conversation_id: `conv_${run}_0`,
      outputs: [
        ...(turn.text === undefined ? [] : [{ type: 'message.output', role: 'assistant', content: turn.text }]),
        ...calls.map(({ id, tool, args }) => ({
          type: 'function.call',
          tool_call_id: id,
          name: tool,
          arguments: JSON.stringify(args),
        })),
      ],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }),
  },
}

let ids = 0
export const answered = (run: string, n: number, turn: Turn): Answered => ({
  id: `${run}_${n}`,
  turn,
  calls: (turn.calls ?? []).map(call => ({ ...call, id: `call_${ids++}` })),
})

/** Events of a stream that tell an answer piece by piece. */
export const eventsOf = ({ output, ...response }: { output: Record<string, unknown>[] }) => [
  { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
  ...output.flatMap((item, output_index) => [
    { type: 'response.output_item.added', output_index, item: { ...item, arguments: '' } },
    { type: 'response.function_call_arguments.delta', output_index, delta: item.arguments ?? '' },
    { type: 'response.output_item.done', output_index, item },
  ]),
  { type: 'response.completed', response: { ...response, output } },
]
