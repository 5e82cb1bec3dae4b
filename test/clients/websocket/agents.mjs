// A session of @openai/agents: two turns, the second interrupted.
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession } from '@openai/agents/realtime'

const url = `${process.env.URL}/v1/realtime?model=gpt-realtime`
const agent = new RealtimeAgent({ name: 'helper', instructions: 'be brief' })
const session = new RealtimeSession(agent, { transport: new OpenAIRealtimeWebSocket({ url }), model: 'gpt-realtime' })
const heard = type => new Promise(resolve => session.transport.once(type, resolve))
await session.connect({ apiKey: 'sk-test' })
session.sendMessage('hello')
await heard('turn_done')
session.sendMessage('hello again')
await heard('audio')
session.interrupt()
await heard('turn_done')
session.close()
console.log('done')
