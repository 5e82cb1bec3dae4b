// The provider and the receiver of the bench, a process of their own: what they use of the machine is not the client's.
// The process prints its address.
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const model = 'gpt-4o-mini-2024-07-18'
const usage = {
  prompt_tokens: 1200,
  completion_tokens: 300,
  total_tokens: 1500,
  prompt_tokens_details: { cached_tokens: 1024 },
  completion_tokens_details: { reasoning_tokens: 0 },
}
const head = { id: 'chatcmpl-1', created: 1, model, system_fingerprint: 'fp_1' }

function answer(bytes) {
  const content = 'The rain in Spain stays mainly in the plain. '.repeat(Math.ceil(bytes / 45))
  const choices = [{ index: 0, message: { role: 'assistant', content, refusal: null }, finish_reason: 'stop' }]
  return Buffer.from(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }))
}

/** Events as OpenAI sends them: one word each, some 250 bytes. */
function stream(bytes) {
  const event = more => `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...more })}\n\n`
  const word = delta => event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: null }], usage: null })
  const one = word({ content: ' rain' })
  const first = word({ role: 'assistant', content: '', refusal: null })
  const last = event({ choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], usage: null })
  const end = `${event({ choices: [], usage })}data: [DONE]\n\n`
  return Buffer.from(first + one.repeat(Math.ceil(bytes / one.length)) + last + end)
}

const MB = 1_000_000
const bodies = {
  call: [answer(1000), 'application/json'],
  document: [answer(4 * MB), 'application/json'],
  stream: [stream(MB), 'text/event-stream'],
  paced: [stream(MB), 'text/event-stream'],
  'short-stream': [stream(20_000), 'text/event-stream'],
}
/** What a busy network brings at once. */
const piece = 4096

/** Bytes of spans since the last request for them. */
let exported = 0

const server = createServer(async (request, response) => {
  let length = 0
  try {
    for await (const chunk of request) length += chunk.length
  } catch {
    return // a client that ended while it was sending
  }
  if (request.url === '/exported') {
    response.end(String(exported))
    exported = 0
    return
  }
  if (request.url === '/v1/traces') exported += length
  const what = request.url.split('/')[1]
  const [body, type] = bodies[what] ?? [Buffer.alloc(0), request.headers['content-type']] // an export
  response.writeHead(200, { 'content-type': type })
  response.on('error', () => {})
  if (type !== 'text/event-stream') return response.end(body)
  for (let from = 0; from < body.length; from += piece) {
    if (!response.write(body.subarray(from, from + piece))) {
      await new Promise(resolve => response.once('drain', resolve))
    }
    if (what === 'paced') await sleep(1) // so that the client has time between two pieces
  }
  response.end()
})
// on a busy machine a client may stand still for longer than the 5 s after which a server closes what is idle
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
