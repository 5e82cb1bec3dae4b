// A provider whose models work as an agent's: asked with tools they hand off once, call `weather` once, and then answer; one that is
// stuck calls it again and again. They speak OpenAI's chat and responses, and Gemini's; what they used is different in
// every answer.
import http from 'node:http'
import type { AddressInfo } from 'node:net'

// biome-ignore lint/suspicious/noExplicitAny: bodies of three protocols
type Body = any

interface Move {
  readonly tool?: string
  readonly args?: object
}

/** What an agent does next: hand off where it can and has not, ask for the weather where it can and has not, or answer. */
function next(tools: string[], called: string[], isStuck: boolean): Move {
  const handOff = tools.find(name => /transfer|hand_?off/i.test(name))
  if (handOff && !called.includes(handOff))
    return {
      tool: handOff,
      args: { agent_name: 'forecaster', agentName: 'forecaster', toAgent: 'forecaster', reason: 'weather' },
    }
  return tools.includes('weather') && (isStuck || !called.includes('weather'))
    ? { tool: 'weather', args: { city: 'Bern' } }
    : {}
}

const protocols: readonly (readonly [path: RegExp, answer: (body: Body, input: number, isStuck: boolean) => object])[] =
  [
    [
      /\/chat\/completions$/,
      (body, input, isStuck) => {
        const called = body.messages.flatMap((one: Body) =>
          (one.tool_calls ?? []).map((call: Body) => call.function.name),
        )
        const { tool, args } = next(
          (body.tools ?? []).map((one: Body) => one.function.name),
          called,
          isStuck,
        )
        const calls = tool && [
          { id: `call_${input}`, type: 'function', function: { name: tool, arguments: JSON.stringify(args) } },
        ]
        return {
          id: `chatcmpl-${input}`,
          object: 'chat.completion',
          created: 1,
          model: body.model,
          choices: [
            {
              index: 0,
              finish_reason: calls ? 'tool_calls' : 'stop',
              message: { role: 'assistant', content: calls ? null : 'Sunny.', ...(calls && { tool_calls: calls }) },
            },
          ],
          usage: { prompt_tokens: input, completion_tokens: 1, total_tokens: input + 1 },
        }
      },
    ],
    [
      /\/responses$/,
      (body, input, isStuck) => {
        const given = Array.isArray(body.input) ? body.input : []
        const called = given.filter((one: Body) => one.type === 'function_call').map((one: Body) => one.name)
        const { tool, args } = next(
          (body.tools ?? []).map((one: Body) => one.name),
          called,
          isStuck,
        )
        const output = tool
          ? {
              type: 'function_call',
              id: `fc_${input}`,
              call_id: `call_${input}`,
              name: tool,
              arguments: JSON.stringify(args),
              status: 'completed',
            }
          : {
              type: 'message',
              id: `msg_${input}`,
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text: 'Sunny.', annotations: [] }],
            }
        return {
          id: `resp_${input}`,
          object: 'response',
          created_at: 1,
          status: 'completed',
          model: body.model,
          output: [output],
          tools: [],
          usage: {
            input_tokens: input,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: 1,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: input + 1,
          },
        }
      },
    ],
    [
      /:(?:streamG|g)enerateContent$/,
      (body, input, isStuck) => {
        const called = body.contents.flatMap((one: Body) =>
          one.parts.flatMap((part: Body) => (part.functionCall ? [part.functionCall.name] : [])),
        )
        const known = (body.tools ?? []).flatMap((one: Body) =>
          (one.functionDeclarations ?? []).map((tool: Body) => tool.name),
        )
        const { tool, args } = next(known, called, isStuck)
        return {
          responseId: `gem-${input}`,
          modelVersion: 'gemini-2.5-flash',
          candidates: [
            {
              index: 0,
              finishReason: 'STOP',
              content: { role: 'model', parts: [tool ? { functionCall: { name: tool, args } } : { text: 'Sunny.' }] },
            },
          ],
          usageMetadata: { promptTokenCount: input, candidatesTokenCount: 1, totalTokenCount: input + 1 },
        }
      },
    ],
  ]

/** The last events come a moment after the first ones, so that an app can leave the stream in between. */
function sendEvents(response: http.ServerResponse, events: string[]): void {
  const written = events.map(event => `data: ${event}\r\n\r\n`)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(written.slice(0, 2).join(''))
  setTimeout(() => response.end(written.slice(2).join('')), 20)
}

/** An answer of OpenAI's chat as it is streamed. */
function chunksOf({ usage, choices, ...answer }: Body, withUsage: boolean): string[] {
  const head = { ...answer, object: 'chat.completion.chunk' }
  const [{ finish_reason, message }] = choices
  const { content, role } = message
  const pieces = message.tool_calls
    ? [{ role, content, tool_calls: message.tool_calls.map((call: Body, index: number) => ({ index, ...call })) }]
    : [{ role, content: content.slice(0, 3) }, { content: content.slice(3) }]
  return [
    ...pieces.map(delta => JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: null }] })),
    JSON.stringify({ ...head, choices: [{ index: 0, delta: {}, finish_reason }] }),
    ...(withUsage ? [JSON.stringify({ ...head, choices: [], usage })] : []),
    '[DONE]',
  ]
}

/** One of OpenAI's responses as it is streamed. */
function eventsOf(response: Body): string[] {
  const { output, usage: _, ...head } = response
  const [item] = output
  const at = { item_id: item.id, output_index: 0, content_index: 0 }
  const pieces: Body[] = (item.content ?? []).flatMap(({ text }: Body) => [text.slice(0, 3), text.slice(3)])
  return [
    { type: 'response.created', response: { ...head, status: 'in_progress', output: [], usage: null } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress' } },
    ...pieces.map(delta => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response },
  ].map((event, sequence_number) => JSON.stringify({ sequence_number, ...event }))
}

/** One of Gemini's in two pieces. */
function piecesOf({ usageMetadata, candidates: [candidate], ...head }: Body): string[] {
  const [{ text, functionCall }] = candidate.content.parts
  if (functionCall) return [JSON.stringify({ ...head, candidates: [candidate], usageMetadata })]
  const piece = (said: string) => ({ index: 0, content: { role: 'model', parts: [{ text: said }] } })
  return [
    JSON.stringify({ ...head, candidates: [piece(text.slice(0, 3))] }),
    JSON.stringify({ ...head, candidates: [{ ...piece(text.slice(3)), finishReason: 'STOP' }], usageMetadata }),
  ]
}

export async function startAgentModels(isStuck = false) {
  let asked = 0
  let counted = 0
  const server = http.createServer(async (request, response) => {
    let text = ''
    for await (const piece of request.setEncoding('utf8')) text += piece
    const { pathname } = new URL(request.url ?? '', 'http://local')
    const [, answer] = protocols.find(([path]) => path.test(pathname)) ?? []
    if (!answer) return response.writeHead(404).end(pathname)
    asked++
    counted += 10 + asked
    const given = JSON.parse(text)
    const whole = answer(given, 10 + asked, isStuck)
    if (pathname.endsWith(':streamGenerateContent')) sendEvents(response, piecesOf(whole))
    else if (!given.stream) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole))
    else if (pathname.endsWith('/responses')) sendEvents(response, eventsOf(whole))
    else sendEvents(response, chunksOf(whole, given.stream_options?.include_usage === true))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Answers, and the input tokens in them, since the last time. */
    taken() {
      const taken = { answers: asked, input: counted }
      asked = counted = 0
      return taken
    },
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
