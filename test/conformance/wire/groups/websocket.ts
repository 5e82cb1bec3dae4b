// Calls over WebSockets: one a response, however many a socket carries.
import { geminiLive, realtime, responsesSocket } from '../answers/websocket'
import type { Call, Case, Facts } from '../case'
import { factsOf } from './facts'

const gpt = () => factsOf('openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini', { finish: ['completed'] })

let made = 0
function spoken(): Call {
  made++
  const tokens = { input: 500 + made, audioInput: 300, cacheRead: 100, output: 250 + made, audioOutput: 200 }
  // gpt-realtime, USD for a million: text 4, of it cached 0.4, and 16 of output; audio 32 and 64
  const [text, said] = [tokens.input - 300 - 100, tokens.output - 200]
  const cost = (text * 4 + 100 * 0.4 + 300 * 32 + said * 16 + 200 * 64) / 1e6
  return realtime({ id: `resp_spoken_${made}`, provider: 'openai', model: 'gpt-realtime', ...tokens, cost })
}

/** Text: 0.5 USD for a million, and 2 of output. */
const live: Facts = { provider: 'gcp.gemini', model: 'gemini-2.5-flash-native-audio-preview-09-2025', input: 320, output: 41, cost: (320 * 0.5 + 41 * 2) / 1e6 } // biome-ignore format: one line

export const webSockets: readonly Case[] = [
  {
    group: 'websocket',
    name: 'websocket',
    app: 'websocket.mjs',
    calls: {
      'socket: responses, two turns': responsesSocket(gpt(), gpt()),
      'socket: realtime by ws of the client': spoken(),
      'socket: realtime by the client': spoken(),
      'socket: realtime by ws': spoken(),
      'socket: realtime by WebSocket': spoken(),
      'socket: realtime by undici': spoken(),
      'socket: realtime by agents': spoken(),
      'socket: gemini live': geminiLive(live),
    },
    modules: { undici: 'undici-8' },
    nodes: [22, 24, 26],
  },
]
