// Models over WebSockets, as their providers' types say: OpenAI's Responses and Realtime, and Gemini Live. What the last text of a
// request is decides what happens (`cut`, `close`, `refuse`, `wrong`, `tool`, `interrupt`).
import http, { type Server } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'

export interface WebSocketModels {
  /** `ws:` or `wss:`, and the same by http. */
  readonly url: string
  readonly httpUrl: string
  /** What clients have sent, message by message, since this was asked last. */
  takeReceived(): string[]
  close(): Promise<void>
}

interface Options {
  readonly tls?: { key: Buffer; cert: Buffer }
  readonly deflate?: boolean
}

/** What a client reads off its clock. */
const CLOCK = /"audio_end_ms":\d+/g

type Send = (message: object) => void

export async function startWebSocketModels({ tls, deflate = false }: Options = {}): Promise<WebSocketModels> {
  const server: Server = tls ? https.createServer(tls) : http.createServer()
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: deflate })
  let received: string[] = []
  server.on('upgrade', (request, connection, head) => {
    if (request.url?.includes('refused')) {
      connection.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno')
      return
    }
    sockets.handleUpgrade(request, connection, head, socket => {
      socket.on('message', (data, isBinary) =>
        received.push(`${isBinary ? 'binary' : 'text'} ${data}`.replace(CLOCK, '')),
      )
      const path = request.url?.split('?', 1)[0] ?? ''
      if (request.url?.endsWith('?echo')) socket.on('message', data => socket.send(`echo ${data}`))
      else if (path.endsWith('/responses')) responses(socket)
      else if (path.endsWith('/realtime')) realtime(socket)
      else live(socket)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const at = (protocol: string) => `${protocol}${tls ? 's' : ''}://127.0.0.1:${port}`
  return {
    url: at('ws'),
    httpUrl: at('http'),
    takeReceived() {
      const before = received
      received = []
      return before
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Tokens that a test can tell from each other: of the answer with this number. */
export const responseUsage = (n: number) => ({
  input_tokens: 100 + n,
  output_tokens: 20 + n,
  total_tokens: 120 + 2 * n,
  input_tokens_details: { cached_tokens: 10 },
  output_tokens_details: { reasoning_tokens: 5 },
})

function responses(socket: WebSocket): void {
  const lanes = new Map<string, Promise<void>>()
  let n = 0
  const send: Send = message => socket.send(JSON.stringify(message))
  socket.on('message', data => {
    const request = JSON.parse(String(data))
    if (request.type !== 'response.create') return
    const lane = request.stream_id ?? ''
    lanes.set(
      lane,
      (lanes.get(lane) ?? Promise.resolve()).then(() => answer(request)),
    )
  })
  async function answer({ model, input, stream_id, previous_response_id }: Record<string, string>): Promise<void> {
    const id = `resp_${++n}`
    const usage = responseUsage(n)
    const lane = stream_id && { stream_id }
    if (input === 'refuse') {
      const error = { type: 'rate_limit_error', code: 'rate_limit_exceeded', message: 'slow down', param: null }
      return send({ type: 'error', status: 429, error: { ...error, headers: { 'Retry-After': '7' } }, ...lane })
    }
    const response = {
      id,
      object: 'response',
      model: `${model}-2025-08-07`,
      status: 'in_progress',
      output: [] as object[],
      previous_response_id,
    }
    send({ type: 'response.created', response, ...lane })
    await sleep(5)
    if (input === 'tool' || Array.isArray(input)) {
      const call = { type: 'function_call', id: `fc_${id}`, call_id: `call_${id}`, name: 'search' }
      const output = [{ ...call, arguments: '{"q":"a"}' }]
      return send({
        type: 'response.completed',
        response: { ...response, status: 'completed', output, usage },
        ...lane,
      })
    }
    const item = { type: 'message', id: `msg_${id}`, role: 'assistant' }
    send({ type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] }, ...lane })
    for (const delta of ['Hello', ' ', id]) {
      send({ type: 'response.output_text.delta', item_id: item.id, output_index: 0, content_index: 0, delta, ...lane })
      await sleep(input === 'cut' ? 50 : 5) // compressed bytes are on their way
      if (input === 'cut') return void socket.terminate()
      if (input === 'close') return socket.close(1011, 'internal error')
    }
    const output = [{ ...item, content: [{ type: 'output_text', text: `Hello ${id}`, annotations: [] }] }]
    send({ type: 'response.completed', response: { ...response, status: 'completed', output, usage }, ...lane })
  }
}

export const realtimeUsage = {
  total_tokens: 300,
  input_tokens: 200,
  output_tokens: 100,
  input_token_details: {
    text_tokens: 50,
    audio_tokens: 150,
    image_tokens: 0,
    cached_tokens: 60,
    cached_tokens_details: { text_tokens: 20, audio_tokens: 40, image_tokens: 0 },
  },
  output_token_details: { text_tokens: 30, audio_tokens: 70 },
}

function realtime(socket: WebSocket): void {
  let n = 0
  let cancelled = false
  const send: Send = message => socket.send(JSON.stringify({ event_id: `event_${++n}`, ...message }))
  const transcription = { model: 'gpt-4o-transcribe' }
  const settings = { instructions: 'be brief', output_modalities: ['audio'], audio: { input: { transcription } } }
  send({
    type: 'session.created',
    session: { id: 'sess_1', type: 'realtime', model: 'gpt-realtime-2025-08-28', ...settings },
  })
  socket.on('message', async data => {
    const event = JSON.parse(String(data))
    if (event.type === 'session.update') send({ type: 'session.updated', session: event.session })
    else if (event.type === 'response.create') await answer(event.response ?? {}, event.event_id)
    else if (event.type === 'response.cancel') cancelled = true
    else if (event.type === 'input_audio_buffer.commit') {
      const item = { item_id: `item_${++n}`, content_index: 0 }
      const of = 'conversation.item.input_audio_transcription'
      const usage = {
        type: 'tokens',
        input_tokens: 40,
        output_tokens: 8,
        total_tokens: 48,
        input_token_details: { audio_tokens: 30, text_tokens: 10 },
      }
      send({ type: 'input_audio_buffer.committed', ...item })
      await sleep(5)
      send({ type: `${of}.delta`, ...item, delta: 'what' })
      send({ type: `${of}.completed`, ...item, transcript: 'what was said', usage })
      await answer({})
    }
  })
  async function answer(asked: { instructions?: string; metadata?: object }, event_id?: string): Promise<void> {
    cancelled = false
    const id = `resp_${++n}`
    if (asked.instructions === 'wrong') {
      const error = { type: 'invalid_request_error', code: 'invalid_value', message: 'no such thing', param: null }
      return send({ type: 'error', error: { ...error, event_id } })
    }
    const response = {
      id,
      object: 'realtime.response',
      status: 'in_progress',
      output: [] as object[],
      metadata: asked.metadata ?? null,
    }
    send({ type: 'response.created', response })
    await sleep(5)
    const item = { id: `item_${id}`, object: 'realtime.item', type: 'message', role: 'assistant' }
    const of = { response_id: id, item_id: item.id, output_index: 0, content_index: 0 }
    send({ type: 'response.output_item.added', response_id: id, output_index: 0, item: { ...item, content: [] } })
    for (let i = 0; i < 4 && !cancelled; i++) {
      send({ type: 'response.output_audio.delta', ...of, delta: Buffer.alloc(2400).toString('base64') })
      send({ type: 'response.output_audio_transcript.delta', ...of, delta: 'word ' })
      await sleep(20)
    }
    const call = { type: 'function_call', name: 'weather', call_id: 'call_1', arguments: '{"city":"Oslo"}' }
    const output = [
      { ...item, status: 'completed', content: [{ type: 'output_audio', transcript: 'word word' }] },
      ...(asked.instructions === 'tool'
        ? [{ id: 'item_call', object: 'realtime.item', status: 'completed', ...call }]
        : []),
    ]
    const status = cancelled
      ? { status: 'cancelled', status_details: { type: 'cancelled', reason: 'client_cancelled' } }
      : { status: 'completed', status_details: null }
    send({ type: 'response.done', response: { ...response, ...status, output, usage: realtimeUsage } })
  }
}

export const liveUsage = {
  promptTokenCount: 100,
  responseTokenCount: 30,
  totalTokenCount: 130,
  promptTokensDetails: [
    { modality: 'TEXT', tokenCount: 40 },
    { modality: 'AUDIO', tokenCount: 60 },
  ],
  responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 30 }],
}
export const liveToolUsage = { promptTokenCount: 50, responseTokenCount: 5, totalTokenCount: 55 }

function live(socket: WebSocket): void {
  // its messages are binary
  const send: Send = message => socket.send(Buffer.from(JSON.stringify(message)))
  socket.on('message', async data => {
    const text = String(data)
    const message = JSON.parse(text)
    if (message.setup) return send({ setupComplete: { sessionId: 'session' } })
    if (message.clientContent && text.includes('tool')) {
      const functionCalls = [{ id: 'f1', name: 'weather', args: { city: 'Oslo' } }]
      return send({ toolCall: { functionCalls }, usageMetadata: liveToolUsage })
    }
    for (let i = 0; i < 3; i++) {
      const inlineData = { mimeType: 'audio/pcm;rate=24000', data: Buffer.alloc(960).toString('base64') }
      send({ serverContent: { modelTurn: { role: 'model', parts: [{ inlineData }] } } })
      send({ serverContent: { outputTranscription: { text: 'word ' } } })
      await sleep(20)
    }
    send({ serverContent: text.includes('interrupt') ? { interrupted: true } : { generationComplete: true } })
    send({ serverContent: { turnComplete: true } })
    send({ usageMetadata: liveUsage })
  })
}
