// A loop over a WebSocket is reported, since nothing can be refused there.
import { Duplex } from 'node:stream'
import { afterEach, expect, it, vi } from 'vitest'
import { type Tapped, tapped } from '../llm/tapped'
import { type Answered, answered, eventsOf, keptShapes } from './kept-agents'
import { call, times } from './runs'
import { watch } from './watch'

let tap: Tapped | undefined
afterEach(() => {
  tap?.stop()
  tap = undefined
})

/** A frame of text; what is short needs no longer head. */
function frame(message: object): Buffer {
  const bytes = Buffer.from(JSON.stringify(message))
  return Buffer.concat([Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 0xff]), bytes])
}

function open(address: string) {
  tap?.stop()
  tap = tapped('off', fetch, false, { guard: watch('stop') })
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
  const url = new URL(address)
  tap.http.openSocket({ path: url.pathname, url: () => url, header: () => null })!.upgraded(101, socket, [])
  socket.on('data', () => {})
  return {
    asks: (...messages: object[]) => messages.forEach(message => void socket.write(frame(message))),
    says: async (...messages: object[]) => {
      for (const message of messages) socket.push(frame(message))
      await new Promise(resolve => setImmediate(resolve))
    },
    /** @returns of each call of a model what stands on its span */
    async close() {
      socket.push(null)
      await vi.waitFor(() => expect(tap!.spans().some(({ name }) => name.startsWith('websocket'))).toBe(true))
      expect(tap!.failures).toEqual([])
      const calls = tap!.spans().filter(({ attributes }) => attributes['gen_ai.request.model'] !== undefined)
      return calls.map(({ attributes }) => attributes)
    },
  }
}

const repetitionsOf = (calls: Record<string, unknown>[]) => calls.map(one => one['afn.llm.loop.repetitions'])
const none = (count: number) => Array(count).fill(undefined)

it('of OpenAI responses, which remember their last answer even if nothing is to be kept', async () => {
  const shape = keptShapes['responses that follow each other']!
  const { asks, says, close } = open('wss://api.openai.com/v1/responses')
  const past: Answered[] = []
  for (const n of times(5, n => n)) {
    asks({ type: 'response.create', store: false, ...shape.request('', 'Find it.', past) })
    past.push(answered('ws', n, call('search', { q: 'a' }, 'nothing')))
    await says(...eventsOf(shape.answer('', past.at(-1)!) as never))
  }
  const calls = await close()
  expect(repetitionsOf(calls)).toEqual([...none(3), 3, 4])
  expect(calls.at(-1)).toMatchObject({ 'afn.llm.loop.stopped': false, 'afn.llm.loop.tools': ['search'] })
})

/** What the application sends in a round, and what the server says then; in the first one nothing has been called yet. */
interface Spoken {
  readonly url: string
  asks(n: number, result: string): object[]
  says(n: number): object[]
}

const usage = { input_tokens: 1, output_tokens: 1 }
const usageMetadata = { promptTokenCount: 1, responseTokenCount: 1, totalTokenCount: 2 }
const live = 'google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'
const user = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Find it.' }] }

const spoken: Record<string, Spoken> = {
  "OpenAI's Realtime": {
    url: 'wss://api.openai.com/v1/realtime?model=gpt-realtime',
    asks: (n, output) => [
      {
        type: 'conversation.item.create',
        item: n === 0 ? user : { type: 'function_call_output', call_id: `call_${n - 1}`, output },
      },
      { type: 'response.create' },
    ],
    says(n) {
      const call = { type: 'function_call', id: `fc_${n}`, call_id: `call_${n}`, name: 'search', arguments: '{"q":1}' }
      const response = { id: `resp_${n}`, status: 'completed', output: [call], usage }
      return [
        { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
        { type: 'response.done', response },
        // what was heard is written down by another model, beside the conversation
        { type: 'conversation.item.input_audio_transcription.completed', item_id: `item_${n}`, transcript: 'hm' },
      ]
    },
  },
  'Gemini Live': {
    url: `wss://generativelanguage.googleapis.com/ws/${live}`,
    asks: (n, output) =>
      n === 0
        ? [
            { setup: { model: 'models/gemini-live' } },
            { clientContent: { turns: [{ role: 'user', parts: [{ text: 'Find it.' }] }], turnComplete: true } },
          ]
        : [{ toolResponse: { functionResponses: [{ id: `c${n - 1}`, name: 'search', response: { output } }] } }],
    says: n => [{ toolCall: { functionCalls: [{ id: `c${n}`, name: 'search', args: { q: 'a' } }] }, usageMetadata }],
  },
}

it.each(Object.entries(spoken))('in a session of %s, and none where results change', async (_, each) => {
  for (const isStuck of [true, false]) {
    const { asks, says, close } = open(each.url)
    for (const n of times(5, n => n)) {
      asks(...each.asks(n, isStuck ? 'nothing' : `${n}`))
      await says(...each.says(n))
    }
    expect(repetitionsOf(await close())).toEqual(isStuck ? [...none(3), 3, 4] : none(5))
  }
})

it("who asks OpenAI's Realtime the same by word of mouth is no agent in a loop", async () => {
  const each = spoken["OpenAI's Realtime"]!
  const { asks, says, close } = open(each.url)
  for (const n of times(6, n => n)) {
    // the provider hears the next question before anybody asks about the result
    asks(each.asks(n, 'nothing')[0]!)
    await says(...each.says(n))
  }
  expect(repetitionsOf(await close())).toEqual(none(6))
})

it('who asks Gemini Live the same by word of mouth is no agent in a loop', async () => {
  const { asks, says, close } = open(spoken['Gemini Live']!.url)
  asks({ setup: { model: 'models/gemini-live' } })
  for (const n of times(6, n => `c${n}`)) {
    asks({ realtimeInput: { audio: { data: 'AAAA', mimeType: 'audio/pcm' } } })
    // the turn goes on with the result of the tool
    await says({ toolCall: { functionCalls: [{ id: n, name: 'clock', args: {} }] } })
    asks({ toolResponse: { functionResponses: [{ id: n, name: 'clock', response: { time: 'ten' } }] } })
    await says({ serverContent: { modelTurn: { parts: [{ text: 'Ten.' }] }, turnComplete: true }, usageMetadata })
  }
  expect(repetitionsOf(await close())).toEqual(none(6))
})
