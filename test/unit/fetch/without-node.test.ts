// What stands in the place of Node's modules where there are none does what they do, and nothing of Node is left in the bundle.
import { createHash, randomBytes } from 'node:crypto'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { substitute, withoutNode, withoutNodeGlobals } from '../../../scripts/substitutions.mjs'
import { Buffer as Ours } from '../../../src/app/fetch/without-node/globals'
import { sha256 } from '../../../src/app/fetch/without-node/sha256'

const texts = ['', 'a', 'naïve 日本語 😀', '\ufeffmark', 'x'.repeat(10_000), '{"a":[1,"é\\n"]}', '\ud800 alone']

it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000, 70_001])('%i bytes have the digest that Node gives', length => {
  const bytes = randomBytes(length)
  const [whole, pieces] = [sha256().update(bytes), sha256()]
  for (let at = 0; at < length; at += 7) pieces.update(bytes.subarray(at, at + 7))
  const expected = createHash('sha256').update(bytes)
  expect(whole.digest('base64')).toBe(expected.copy().digest('base64'))
  expect(pieces.digest('hex')).toBe(expected.digest('hex'))
})

describe('bytes are read as by Node', () => {
  it.each(texts)('%j', text => {
    for (const encoding of ['utf8', 'latin1', 'utf16le'] as const) {
      const [ours, theirs] = [Ours.from(text, encoding), Buffer.from(text, encoding)]
      expect([...ours]).toEqual([...theirs])
      for (const other of ['utf8', 'latin1'] as const) expect(ours.toString(other)).toBe(theirs.toString(other))
      expect(ours.toString('latin1', 1, 5)).toBe(theirs.toString('latin1', 1, 5))
    }
    expect(Ours.from(text, 'utf16le').toString('utf16le')).toBe(text)
    expect(Ours.byteLength(text)).toBe(Buffer.byteLength(text))
    expect([...Ours.concat([Ours.from(text), Buffer.from('end')])]).toEqual([...Buffer.from(`${text}end`)])
  })

  it.each(['', 'YQ==', 'YWI', '_-8', '+/8=', 'YW I\nj', 'YWJjZ', '!!!', 'YQ==YQ=='])('base64 %j', text => {
    expect([...Ours.from(text, 'base64')]).toEqual([...Buffer.from(text, 'base64')])
  })

  it('finds bytes, texts and other bytes from a place on', () => {
    const [ours, theirs] = [Ours.from('\r\n--aa\r\n--ab\r\n'), Buffer.from('\r\n--aa\r\n--ab\r\n')]
    for (const what of [0x61, 0x7a, '--ab', '\r\n\r\n', 'b\r\n', Buffer.from('--a')])
      for (const from of [0, 3, 9, 13]) expect(ours.indexOf(what, from)).toBe(theirs.indexOf(what, from))
    expect(ours.includes('--ab')).toBe(true)
    expect(Ours.prototype.indexOf.call(new Uint8Array([1, 2, 2]) as never, 2, 2)).toBe(2)
    expect(Ours.prototype.latin1Slice.call(new Uint8Array([65, 233]) as never, 0, 2)).toBe('Aé')
  })

  it('reads numbers, and shares the memory of what it was made of', () => {
    const bytes = randomBytes(64)
    const ours = Ours.from(bytes.buffer, bytes.byteOffset, bytes.length).subarray(3) as Ours
    expect(ours.readUInt32BE(2)).toBe(bytes.readUInt32BE(5))
    expect(ours.readUInt16BE(7)).toBe(bytes.readUInt16BE(10))
    bytes[3] = bytes[3]! ^ 0xff
    expect(ours[0]).toBe(bytes[3])
  })
})

it('nothing that observes calls by fetch needs a module or a global of Node', async () => {
  const { metafile, outputFiles } = await build({
    stdin: {
      contents:
        "export * from './src/app/llm/observe/fetch/fetch'; export * from './src/app/llm/observe/fetch/observed-fetch'",
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    mainFields: ['module', 'main'],
    inject: [withoutNodeGlobals],
    plugins: [substitute('fetch', withoutNode)],
  })
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([])
  const text = outputFiles[0]?.text
  expect(text).not.toMatch(/(?<![\w.])(?:Buffer|setImmediate)\b(?!\w*2)(?=[.(])|\bprocess\.|\brequire\(/)
})
