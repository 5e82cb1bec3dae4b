import { describe, expect, it } from 'vitest'
import { SseReader } from '../../../src/app/llm/wire/sse'
import { random } from './random'

function events(text: string, sizes: () => number): string[] {
  const found: string[] = []
  const reader = new SseReader((data, from, to) => found.push(data.toString('utf8', from, to)))
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    const to = at + sizes()
    const chunk = Buffer.from(bytes.subarray(at, to))
    reader.push(chunk)
    chunk.fill(0x58) // the chunk is the application's: it may overwrite it
    at = to
  }
  reader.end()
  return found
}

describe('a stream of server-sent events', () => {
  it.each([
    ['one event', 'data: a\n\n', ['a']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['one space only is dropped', 'data:  a\n\n', [' a']],
    ['several lines of data', 'data: a\ndata: b\ndata\n\n', ['a\nb\n']],
    ['comments, names, ids', ': ping\n\nevent: x\nid: 7\nretry: 5\ndata: a\n: inside\n\n', ['a']],
    ['fields that begin like data', 'datas: x\ndat: y\nDATA: z\ndata: a\n\n', ['a']],
    ['carriage returns alone', 'data: a\rdata: b\r\rdata: c\r\r', ['a\nb', 'c']],
    ['both', 'data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n', ['a\nb', 'c']],
    ['a last event without its blank line', 'data: a\n\ndata: b', ['a', 'b']],
    ['an empty event', 'data:\n\ndata: a\n\n', ['', 'a']],
    ['nothing', '\n\n\n', []],
  ] as [string, string, string[]][])('%s', (_, text, expected) => {
    for (const size of [1, 2, 3, 5, 1000]) expect(events(text, () => size)).toEqual(expected)
  })

  it('is read as it was written, whatever the line ends and the pieces', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const dice = random(seed)
      const data = Array.from({ length: 1 + dice.below(8) }, () => dice.text(dice.below(40)).replaceAll('\n', ' '))
      const end = ['\n', '\r\n', '\r'][dice.below(3)]!
      const text = data.map(line => `event: message${end}data: ${line}${end}${end}`).join('')
      expect(
        events(text, () => 1 + dice.below(20)),
        `seed ${seed}`,
      ).toEqual(data)
    }
  })

  it('is read on behind an event that is too large', () => {
    const big = 'x'.repeat(5 * 1024 * 1024)
    expect(events(`data: a\n\ndata: ${big}\n\ndata: b\n\n`, () => 65_536)).toEqual(['a', 'b'])
  })
})
