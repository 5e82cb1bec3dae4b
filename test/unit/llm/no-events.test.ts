// What is sent in the place of a stream's events, by a proxy, a server of one's own, or who means harm.
import { expect, it, vi } from 'vitest'
import { ResponseReader } from '../../../src/app/llm/observe/response'
import { protocols } from '../../../src/app/llm/providers/protocols'

const word = `data: ${JSON.stringify({ id: 'a', choices: [{ index: 0, delta: { content: 'word ' } }] })}\n\n`
const last = `data: ${JSON.stringify({ id: 'a', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`

/** With content: without it most events are not parsed at all. */
function read(text: string) {
  const parse = vi.spyOn(JSON, 'parse')
  try {
    const reader = new ResponseReader(protocols['openai-chat'], { choices: 1, content: true, stream: true })
    for (let from = 0; from < text.length; from += 16_384) reader.push(Buffer.from(text.slice(from, from + 16_384)))
    return { ...reader.end(true), pieces: reader.pieces, parsed: parse.mock.calls.length }
  } finally {
    parse.mockRestore()
  }
}

it.each([
  ['empty events', 'data: \n\n'],
  ['a letter', 'data: x\n\n'],
  ['an object that does not end', 'data: {\n\n'],
  ['a line that does not end', '{\n{\n'],
])('%s by the ten thousand are not each tried as JSON', (_, text) => {
  expect(read(word + text.repeat(10_000)).parsed).toBeLessThan(150)
})

it('what stands between events takes none of them away', () => {
  const { document, complete, pieces } = read(
    `data: x\n\ndata: {\n\n${word}: ping\n\n`.repeat(20) + word.repeat(2_000) + last,
  )
  expect({ complete, pieces }).toEqual({ complete: true, pieces: 2_020 })
  expect(document).toMatchObject({ choices: [{ message: { content: 'word '.repeat(2_020) } }] })
})

it('calls of tools by the thousand keep their pieces apart, whole ones under one number too', () => {
  const piece = (index: number, more: object) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index, ...more }] } }] })}\n\n`
  const begun = Array.from({ length: 3_000 }, (_, at) =>
    piece(at, { id: `c${at}`, function: { name: 'f', arguments: '{' } }),
  )
  const ended = Array.from({ length: 3_000 }, (_, at) => piece(at, { function: { arguments: '}' } }))
  const same = ['x', 'y'].map(id => piece(0, { id, function: { name: 'g', arguments: '{}' } }))
  const { document } = read([...begun, ...ended, ...same, last].join(''))
  const [choice] = (document as { choices: { message: { tool_calls: { id: string; function: object }[] } }[] }).choices
  const calls = choice!.message.tool_calls
  expect(calls.slice(0, 3_000)).toEqual(
    Array.from({ length: 3_000 }, (_, at) => ({ id: `c${at}`, function: { name: 'f', arguments: '{}' } })),
  )
  expect(calls.slice(3_000).map(({ id }) => id)).toEqual(['x', 'y'])
})
