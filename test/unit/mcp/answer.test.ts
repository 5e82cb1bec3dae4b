// What a tool has found becomes an answer below its bound, with nothing in it that cannot be seen. The bytes are those of JSON.stringify.
import { describe, expect, it } from 'vitest'
import { MOST_BYTES, resultOf } from '../../../src/backend/mcp/answer'
import type { Context, ToolResult } from '../../../src/backend/mcp/tool'
import { getSpan } from '../../../src/backend/mcp/tools/get-span'

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value))
const deep = (levels: number): unknown => (levels === 0 ? 'end' : [deep(levels - 1)])

interface Structured {
  readonly data: Record<string, unknown>
  readonly cut?: { readonly shown?: number; readonly next_offset?: number; readonly texts?: number }
}
const structured = (found: ToolResult) => resultOf(found).structuredContent as unknown as Structured

/** Characters that JSON, and JSON in JSON, write longest. */
const worst = ['\u202e', '"', '\\', '\u0000', '\ud800', '\u{e0049}', '漢']

describe('an answer', () => {
  it.each(worst)('is below its bound with texts of %j', character => {
    const text = character.repeat(100_000)
    const items = Array.from({ length: 500 }, () => ({ [text]: text, list: [text, text] }))
    const result = resultOf({ facts: { text, [text]: text }, list: { name: 'items', items } })
    expect(bytes(result)).toBeLessThanOrEqual(MOST_BYTES)
    expect(result.isError).not.toBe(true)
  })

  it('says where the rest begins', () => {
    const items = Array.from({ length: 5_000 }, (_, n) => ({ n, text: 'x'.repeat(300) }))
    const seen: number[] = []
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const { data, cut }: Structured = structured({
        facts: {},
        list: { name: 'items', items: items.slice(offset), offset, total: items.length },
      })
      const shown = data.items as { n: number }[]
      expect(shown.length).toBeGreaterThan(0)
      seen.push(...shown.map(({ n }) => n))
      offset = cut?.next_offset
    }
    expect(seen).toEqual(items.map(({ n }) => n))
  })

  it('says nothing of a cut where nothing is left out', () => {
    expect(structured({ facts: { a: 1 }, list: { name: 'items', items: [1] } })).not.toHaveProperty('cut')
  })

  it('has lists and objects of any size and depth', () => {
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`key ${n}`, n]))
    const result = resultOf({ facts: { wide, deep: deep(5_000) }, list: { name: 'items', items: [wide, deep(5_000)] } })
    expect(bytes(result)).toBeLessThanOrEqual(MOST_BYTES)
  })

  it('writes what cannot be seen by its number, in keys as well, and leaves lines, tabs, emoji and Japanese alone', () => {
    const { data } = structured({ facts: { 'a\u200bb': 'x\u001b[2J\u{e0041}\n\t❤️日本語' } })
    expect(data).toEqual({ 'a\\u{200b}b': 'x\\u{1b}[2J\\u{e0041}\n\t❤️日本語' })
  })

  it('keeps a key that a prototype has', () => {
    const facts = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, unknown>
    expect(JSON.stringify(structured({ facts }).data)).toBe('{"__proto__":"a","constructor":"b"}')
  })
})

it.each(worst)('a text of %j is read to its end piece by piece', async character => {
  const text = character.repeat(7_001)
  const trace = {
    resourceSpans: [
      {
        scopeSpans: [
          { spans: [{ spanId: '00000000000000aa', attributes: [{ key: 'k', value: { stringValue: text } }] }] },
        ],
      },
    ],
  }
  const { createServer } = await import('node:http')
  const server = createServer((_, response) => response.end(JSON.stringify({ trace }))).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const backend = { name: 'afn-otel up', url: `http://127.0.0.1:${port}`, setBy: '' } as const
  const context: Context = { backend, catalogue: new Map(), now: () => new Date() }
  let read = 0
  for (let offset: number | null = 0; offset !== null; ) {
    const found = await getSpan.run({ trace_id: '1', span_id: 'aa', attribute: 'k', offset }, context)
    const { data, cut } = structured(found)
    expect(cut).toBeUndefined()
    read += (found.facts.text as string).length
    offset = data.next_offset as number | null
  }
  server.close()
  expect(read).toBe(text.length)
})
