// OpenAI's own client, on npm's `ws` or the global WebSocket: Realtime with sound, tools, a cancellation, an error, a turn that the
// server begins because somebody has spoken, answers side by side, and one that is left.
const OpenAI = require('openai').default
const { CLIENT, URL } = process.env

async function main() {
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${URL}/v1` })
  const { OpenAIRealtimeWS } = require('openai/realtime/ws')
  const { OpenAIRealtimeWebSocket } = require('openai/realtime/websocket')
  const realtime =
    CLIENT === 'global'
      ? new OpenAIRealtimeWebSocket({ model: 'gpt-realtime', dangerouslyAllowBrowser: true }, client)
      : new OpenAIRealtimeWS({ model: 'gpt-realtime' }, client)
  const errors = []
  const done = []
  realtime.on('error', error => errors.push(error.message))
  const counts = {}
  realtime.on('event', ({ type }) => {
    counts[type] = (counts[type] || 0) + 1
  })
  const heard = async (type, n) => {
    while ((counts[type] || 0) < n) await new Promise(resolve => setTimeout(resolve, 2))
  }
  const say = (response, more) => realtime.send({ type: 'response.create', ...(response && { response }), ...more })
  const content = [{ type: 'input_text', text: 'hello there' }]
  realtime.on('response.done', ({ response }) => done.push(response.status))
  await heard('session.created', 1)
  realtime.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } })
  say()
  await heard('response.done', 1)
  say({ instructions: 'tool' })
  await heard('response.done', 2)
  say({ instructions: 'wrong' }, { event_id: 'wrong-1' })
  await heard('error', 1)
  say()
  await heard('response.output_audio.delta', 9)
  realtime.send({ type: 'response.cancel' })
  await heard('response.done', 3)
  realtime.send({ type: 'input_audio_buffer.append', audio: Buffer.alloc(200_000).toString('base64') })
  realtime.send({ type: 'input_audio_buffer.commit' })
  await heard('response.done', 4)
  say({ conversation: 'none', metadata: { topic: 'a' } })
  say({ conversation: 'none', metadata: { topic: 'b' } })
  await heard('response.done', 6)
  say()
  await heard('response.created', 7)
  realtime.close()
  await new Promise(resolve => realtime.socket.addEventListener('close', resolve))
  console.log(done.join(), errors.join())
}
main()
