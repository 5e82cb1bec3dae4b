// AWS's binary stream of an answer, each character of the text a byte.
import type { ProtocolName } from '../../../src/app/llm/providers/paths'
import type { Surface } from '../search.mjs'
import { filled } from './filled'
import { readAnswer } from './streams'

function frame(type: string, payload: string): string {
  const name = ':event-type'
  const headers = Buffer.from(
    `${String.fromCharCode(name.length)}${name}\x07\0${String.fromCharCode(type.length)}${type}`,
  )
  const bytes = Buffer.alloc(16 + headers.length + payload.length)
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.writeUInt32BE(headers.length, 4)
  headers.copy(bytes, 12)
  bytes.write(payload, 12 + headers.length, 'latin1')
  return bytes.toString('latin1')
}

const chunk = (json: string) => frame('chunk', `{"bytes":"${Buffer.from(json).toString('base64')}"}`)

const anchors = [
  ...['', '{', '{}', '{x}', 'x', '[]', '{"bytes":"!"}', '{"bytes":""}'].map(payload => frame('chunk', payload)),
  ...['{', '{}', '{x}', '{"a":1}', '{"generation":"a"}', '{"choices":[{}]}', '{"type":"message_delta"}'].map(chunk),
  ...['metadata', 'messageStop', 'output', 'trace', ''].flatMap(type => [frame(type, ''), frame(type, '{"k":1}')]),
  ...[0, 999, 1e9].map(n => frame('contentBlockDelta', `{"contentBlockIndex":${n},"delta":{"a${n}":1}}`)),
  '\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\0',
  '\0\0\0',
  '\0\0\x01\0',
  '\x0b:event-type',
  '\x01a\x07\0\0',
  '\x01a\0',
]

export const frames = (protocol: ProtocolName, content: boolean): Surface => ({
  name: 'frames',
  anchors,
  harmless: length =>
    filled(length, '', () => frame('contentBlockDelta', '{"contentBlockIndex":0,"delta":{"text":" a"}}'), ''),
  run: (text, turn) => readAnswer(protocol, Buffer.from(text, 'latin1'), content, true, turn),
})
