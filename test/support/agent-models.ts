// A provider whose models work as an agent's: asked with tools they hand off once, call `weather` once, and then answer; one that is
// stuck calls it again and again. They speak OpenAI's chat and responses, and Gemini's, in one piece; what they used is different in
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

function sendEvents(response: http.ServerResponse, events: string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.end(events.map(event => `data: ${event}\r\n\r\n`).join(''))
}

/** An answer of OpenAI's chat as it is streamed. */
function chunksOf({ usage, choices, ...answer }: Body, withUsage: boolean): string[] {
  const head = { ...answer, object: 'chat.completion.chunk' }
  const [{ finish_reason, message }] = choices
  const delta = { ...message, tool_calls: message.tool_calls?.map((call: Body, index: number) => ({ index, ...call })) }
  return [
    JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: null }] }),
    JSON.stringify({ ...head, choices: [{ index: 0, delta: {}, finish_reason }] }),
    ...(withUsage ? [JSON.stringify({ ...head, choices: [], usage })] : []),
    '[DONE]',
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
    const body = JSON.stringify(answer(JSON.parse(text), 10 + asked, isStuck))
    const given = JSON.parse(text)
    if (pathname.endsWith(':streamGenerateContent')) sendEvents(response, [body])
    else if (given.stream)
      sendEvents(response, chunksOf(JSON.parse(body), given.stream_options?.include_usage === true))
    else response.writeHead(200, { 'content-type': 'application/json' }).end(body)
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
