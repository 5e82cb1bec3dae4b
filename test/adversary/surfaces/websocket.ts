// What a server sends on a WebSocket, each character a byte.
import { Messages } from '../../../src/app/llm/observe/websocket/messages'
import type { Surface } from '../search.mjs'
import { filled } from './filled'

const frame = (text: string, first = '\x81') => `${first}${String.fromCharCode(text.length)}${text}`
const word = '{"type":"response.output_text.delta","item_id":"a","output_index":0,"content_index":0,"delta":" a"}'

export const websocket: Surface = {
  name: 'websocket',
  anchors: [...['', '{', '{}', '{x}', 'x', '[]', ' ', '{"type":"a"}', '{"k{n}":1}', word].map(text => frame(text)), frame('{', '\x01'), frame('', '\x80'), frame('', '\x00'), frame('a', '\x80'), frame('', '\x89'), frame('abcd', '\x89'), frame('', '\x8a'), '\x81\x7e\x01\x00', '\x81\x84', '\x81', '\x00', '\xc1\x00', '\x82\x04'], // biome-ignore format: a table
  harmless: length => filled(length, '', () => frame(word), '').trimEnd(),
  run(text) {
    const nothing = () => {}
    const fields = { type: true, delta: true, response: true } as const
    const messages = new Messages(
      { client: fields, server: fields },
      { message: nothing, other: nothing, closing: nothing, lost: nothing },
      nothing,
    )
    messages.push(Buffer.from(text, 'latin1'), { side: 'server', at: 0, context: undefined })
    return new Promise<void>(resolve => messages.end(resolve))
  },
}
