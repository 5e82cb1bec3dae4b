// Calls over WebSockets, by the newest clients and by hand.
import { GoogleGenAI } from '@google/genai'
import { OpenAIRealtimeWebSocket as AgentsWebSocket, RealtimeAgent, RealtimeSession } from '@openai/agents/realtime'
import OpenAI from 'openai'
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket'
import { OpenAIRealtimeWS } from 'openai/realtime/ws'
import { ResponsesWS } from 'openai/resources/responses/ws'
import { WebSocket as UndiciWebSocket } from 'undici'
import WS from 'ws'
import { exit, run } from './run.mjs'

const realtime = 'wss://api.openai.com/v1/realtime?model=gpt-realtime'
const authorization = `Bearer ${process.env.OPENAI_API_KEY}`
const respond = name => ({ type: 'response.create', response: { instructions: `Say <${name}>` } })

/** All that comes up to the end of the answer. */
function heard(socket, name) {
  const types = []
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', reject)
    socket.addEventListener('open', () => socket.send(JSON.stringify(respond(name))))
    socket.addEventListener('message', ({ data }) => {
      const { type } = JSON.parse(String(data))
      types.push(type)
      if (type === 'response.done') socket.close()
    })
    socket.addEventListener('close', () => resolve(types))
  })
}

const byClient = rt =>
  new Promise((resolve, reject) => {
    const types = []
    rt.on('error', reject)
    rt.on('event', event => {
      types.push(event.type)
      if (event.type === 'response.done') {
        rt.close()
        resolve(types)
      }
    })
  })

await run({
  'responses, two turns': name => {
    const ws = new ResponsesWS(new OpenAI())
    const ask = { type: 'response.create', model: 'gpt-5-mini', input: `Say <${name}>` }
    const types = []
    return new Promise((resolve, reject) => {
      let turns = 0
      ws.on('error', reject)
      ws.on('event', event => {
        types.push(event.type)
        if (event.type !== 'response.completed') return
        if (++turns === 1) return ws.send({ ...ask, previous_response_id: event.response.id })
        ws.close()
        resolve(types)
      })
      ws.send(ask)
    })
  },
  'realtime by ws of the client': name => {
    const rt = new OpenAIRealtimeWS({ model: 'gpt-realtime' }, new OpenAI())
    rt.socket.on('open', () => rt.send(respond(name)))
    return byClient(rt)
  },
  'realtime by the client': name => {
    const rt = new OpenAIRealtimeWebSocket({ model: 'gpt-realtime', dangerouslyAllowBrowser: true }, new OpenAI())
    rt.socket.addEventListener('open', () => rt.send(respond(name)))
    return byClient(rt)
  },
  'realtime by ws': name => heard(new WS(realtime, { headers: { authorization } }), name),
  'realtime by WebSocket': name =>
    heard(new WebSocket(realtime, ['realtime', 'openai-insecure-api-key.sk-test']), name),
  'realtime by undici': name => heard(new UndiciWebSocket(realtime, { headers: { authorization } }), name),
  'realtime by agents': async name => {
    const agent = new RealtimeAgent({ name: 'helper', instructions: `<${name}>` })
    const transport = new AgentsWebSocket({ url: realtime })
    const session = new RealtimeSession(agent, { transport, model: 'gpt-realtime' })
    await session.connect({ apiKey: process.env.OPENAI_API_KEY })
    const ended = new Promise(resolve => transport.once('turn_done', resolve))
    session.sendMessage(`Say <${name}>`)
    const { response } = await ended
    session.close()
    return response
  },
  'gemini live': name =>
    new Promise((resolve, reject) => {
      const parts = []
      const client = new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY })
      const session = client.live.connect({
        model: 'gemini-2.5-flash-native-audio-preview-09-2025',
        config: { responseModalities: ['TEXT'], systemInstruction: `<${name}>` },
        callbacks: {
          onmessage: async ({ serverContent }) => {
            parts.push(...(serverContent?.modelTurn?.parts ?? []))
            if (!serverContent?.turnComplete) return
            ;(await session).close()
            resolve(parts)
          },
          onerror: reject,
        },
      })
      session.then(open => open.sendClientContent({ turns: `Say <${name}>` }), reject)
    }),
})
await exit()
