// Stands in for OpenAI: streams one answer to every request. PORT=4010 node replay.mjs
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const model = 'gpt-5-mini-2025-08-07'
const answer = 'Take the Keihan line to Gion-Shijo; from there it is a walk of five minutes along the canal.'
const usage = { prompt_tokens: 31, completion_tokens: 23, total_tokens: 54 }
const chunks = [
  ...answer.split(/(?= )/).map(content => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  { choices: [], usage },
]

const server = createServer(async (request, response) => {
  for await (const _ of request);
  if (request.url !== '/v1/chat/completions') return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const chunk of chunks) {
    await sleep(30)
    const whole = { id: 'chatcmpl-replay', object: 'chat.completion.chunk', created: 1767225600, model, ...chunk }
    response.write(`data: ${JSON.stringify(whole)}\n\n`)
  }
  response.end('data: [DONE]\n\n')
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`stands in for OpenAI on http://127.0.0.1:${server.address().port}/v1`)
})
