import { Readable } from 'node:stream'
import { OpenAI } from 'openai'
import type { ChatCompletionMessageParam } from 'openai/resources'

/** Takes a conversation, and answers with the next message in pieces: a line each, as JSON. */
export async function POST(request: Request): Promise<Response> {
  const messages: ChatCompletionMessageParam[] = await request.json()
  const chunks = await new OpenAI().chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'developer', content: 'You help travellers. Answer in one or two sentences.' }, ...messages],
    stream: true,
    // without it OpenAI does not say what a stream cost
    stream_options: { include_usage: true },
  })
  const lines = (async function* () {
    for await (const { choices } of chunks) {
      const piece = choices[0]?.delta.content
      if (piece) yield `${JSON.stringify(piece)}\n`
    }
  })()
  return new Response(Readable.toWeb(Readable.from(lines)) as ReadableStream, {
    headers: { 'content-type': 'application/x-ndjson' },
  })
}
