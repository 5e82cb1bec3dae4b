// What agents send in the course of a run: the same turns in the shape of each provider's requests.

export interface Called {
  readonly tool: string
  readonly args: object
  /** A text, an error, or a document. */
  readonly result: unknown
}

/** What the model says, what it calls at once, and what the framework or a person adds to the results. */
export interface Turn {
  readonly text?: string
  readonly calls?: readonly Called[]
  readonly reply?: string
}

export interface Shape {
  readonly url: string
  /** The request that follows after these turns. */
  request(task: string, turns: readonly Turn[]): object
}

let ids = 0
const nextId = () => `call_${ids++}`
const textOf = (result: unknown) => (typeof result === 'string' ? result : JSON.stringify(result))
const withIds = ({ calls = [] }: Turn) => calls.map(call => ({ ...call, id: nextId() }))

export const shapes: Record<string, Shape> = {
  'OpenAI chat': {
    url: 'https://api.openai.com/v1/chat/completions',
    request: (task, turns) => ({
      model: 'gpt-5',
      tools: [{ type: 'function', function: { name: 'search', parameters: {} } }],
      messages: [
        { role: 'system', content: 'You are an agent.' },
        { role: 'user', content: task },
        ...turns.flatMap(turn => {
          const calls = withIds(turn)
          return [
            {
              role: 'assistant',
              content: turn.text ?? null,
              ...(calls.length > 0 && {
                tool_calls: calls.map(({ id, tool, args }) => ({
                  id,
                  type: 'function',
                  function: { name: tool, arguments: JSON.stringify(args) },
                })),
              }),
            },
            ...calls.map(({ id, result }) => ({ role: 'tool', tool_call_id: id, content: textOf(result) })),
            ...(turn.reply === undefined ? [] : [{ role: 'user', content: turn.reply }]),
          ]
        }),
      ],
    }),
  },
  'OpenAI responses': {
    url: 'https://api.openai.com/v1/responses',
    request: (task, turns) => ({
      model: 'gpt-5',
      input: [
        { role: 'user', content: task },
        ...turns.flatMap(turn => {
          const calls = withIds(turn)
          return [
            { type: 'reasoning', id: nextId(), summary: [] },
            ...(turn.text === undefined
              ? []
              : [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: turn.text }] }]),
            ...calls.map(({ id, tool, args }) => ({
              type: 'function_call',
              id: nextId(),
              call_id: id,
              name: tool,
              arguments: JSON.stringify(args),
            })),
            ...calls.map(({ id, result }) => ({ type: 'function_call_output', call_id: id, output: textOf(result) })),
            ...(turn.reply === undefined ? [] : [{ role: 'user', content: turn.reply }]),
          ]
        }),
      ],
    }),
  },
  Anthropic: {
    url: 'https://api.anthropic.com/v1/messages',
    request: (task, turns) => ({
      model: 'claude-sonnet-5',
      max_tokens: 1000,
      messages: [
        { role: 'user', content: task },
        ...turns.flatMap(turn => {
          const calls = withIds(turn)
          return [
            {
              role: 'assistant',
              content: [
                ...(turn.text === undefined ? [] : [{ type: 'text', text: turn.text }]),
                ...calls.map(({ id, tool, args }) => ({ type: 'tool_use', id, name: tool, input: args })),
              ],
            },
            {
              role: 'user',
              content: [
                ...calls.map(({ id, result }) => ({
                  type: 'tool_result',
                  tool_use_id: id,
                  content: [{ type: 'text', text: textOf(result) }],
                })),
                ...(turn.reply === undefined ? [] : [{ type: 'text', text: turn.reply }]),
              ],
            },
          ].filter(({ content }) => content.length > 0)
        }),
      ],
    }),
  },
  Gemini: {
    url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
    request: (task, turns) => ({
      contents: [
        { role: 'user', parts: [{ text: task }] },
        ...turns.flatMap(({ text, calls = [], reply }) =>
          [
            {
              role: 'model',
              parts: [
                ...(text === undefined ? [] : [{ text }]),
                ...calls.map(({ tool, args }) => ({
                  functionCall: { name: tool, args },
                  thoughtSignature: nextId(),
                })),
              ],
            },
            {
              role: 'user',
              parts: [
                ...calls.map(({ tool, result }) => ({ functionResponse: { name: tool, response: { result } } })),
                ...(reply === undefined ? [] : [{ text: reply }]),
              ],
            },
          ].filter(({ parts }) => parts.length > 0),
        ),
      ],
    }),
  },
  Bedrock: {
    url: 'https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-sonnet-5/converse',
    request: (task, turns) => ({
      messages: [
        { role: 'user', content: [{ text: task }] },
        ...turns.flatMap(turn => {
          const calls = withIds(turn)
          return [
            {
              role: 'assistant',
              content: [
                ...(turn.text === undefined ? [] : [{ text: turn.text }]),
                ...calls.map(({ id, tool, args }) => ({ toolUse: { toolUseId: id, name: tool, input: args } })),
              ],
            },
            {
              role: 'user',
              content: [
                ...calls.map(({ id, result }) => ({
                  toolResult: {
                    toolUseId: id,
                    content: [typeof result === 'string' ? { text: result } : { json: result }],
                  },
                })),
                ...(turn.reply === undefined ? [] : [{ text: turn.reply }]),
              ],
            },
          ].filter(({ content }) => content.length > 0)
        }),
      ],
    }),
  },
}
