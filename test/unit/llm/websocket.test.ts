// The messages of a WebSocket, read off its bytes: in any pieces, masked, in fragments, compressed, and whatever else may come.
import { randomBytes } from 'node:crypto'
import { constants, createDeflateRaw } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { Messages, type Side } from '../../../src/app/llm/observe/websocket/messages'

interface Frame {
  readonly opcode?: number
  readonly isFinal?: boolean
  readonly isCompressed?: boolean
  readonly isMasked?: boolean
}

const TEXT = 1
const CLOSE = 8
const PING = 9

function frame(
  payload: Buffer | string,
  { opcode = TEXT, isFinal = true, isCompressed, isMasked }: Frame = {},
): Buffer {
  const bytes = Buffer.from(payload)
  const length =
    bytes.length < 126
      ? Buffer.from([bytes.length])
      : bytes.length < 65_536
        ? Buffer.from([126, bytes.length >> 8, bytes.length & 0xff])
        : Buffer.concat([Buffer.from([127, 0, 0, 0, 0]), uint32(bytes.length)])
  const first = Buffer.from([(isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode])
  if (!isMasked) return Buffer.concat([first, length, bytes])
  const mask = randomBytes(4)
  length[0]! |= 0x80
  return Buffer.concat([first, length, mask, bytes.map((byte, i) => byte ^ mask[i & 3]!)])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function reader() {
  const sink = { message: vi.fn(), other: vi.fn(), closing: vi.fn(), lost: vi.fn() }
  const trouble = vi.fn()
  const fields = { n: true, text: true, list: {} } as const
  const messages = new Messages({ client: fields, server: fields }, sink, trouble)
  const push = (bytes: Uint8Array, side: Side = 'server') => messages.push(bytes, { side, at: 0, context: undefined })
  const end = () => new Promise<void>(resolve => messages.end(resolve))
  const read = () => sink.message.mock.calls.map(([message]) => message)
  return { sink, trouble, push, end, read, messages }
}

const said = [{ n: 1 }, { n: 2, text: 'ü'.repeat(100) }, { n: 3, text: 'x'.repeat(70_000) }, { n: 4, list: [[], {}] }]

describe.each([1, 7, 1000, 1_000_000])('in pieces of %i bytes', size => {
  it.each([
    ['as they are', {}],
    ['masked', { isMasked: true }],
  ])('%s: messages are lost', async (_, options) => {
    const { push, end, read, sink } = reader()
    const halves = JSON.stringify(said[1])
    const bytes = Buffer.concat([
      frame(JSON.stringify(said[0]), options),
      frame(halves.slice(0, 50), { ...options, isFinal: false }),
      frame('', { ...options, opcode: PING }),
      frame(halves.slice(50), { ...options, opcode: 0 }),
      frame(JSON.stringify(said[2]), options),
      frame(Buffer.from([1, 2, 3]), { ...options, opcode: 2 }),
      frame(JSON.stringify(said[3]), { ...options, opcode: 2 }),
      frame(Buffer.from([0x03, 0xf3, 0x6e, 0x6f]), { ...options, opcode: CLOSE }),
    ])
    for (let at = 0; at < bytes.length; at += size) push(bytes.subarray(at, at + size))
    await end()
    expect(read().map(({ n }) => n)).toEqual([1, 2, 3, 4])
    expect(read()[1]).toEqual(said[1])
    expect(sink.other).toHaveBeenCalledTimes(1)
    expect(sink.closing.mock.calls).toEqual([['server', 1011, 'no']])
  })
})

it('compressed messages that refer to those before them are lost', async () => {
  const { push, end, read, trouble } = reader()
  const deflate = createDeflateRaw()
  const large = { n: 9, text: 'y'.repeat(2_000_000) }
  for (const message of [...said, ...said, large, ...said]) {
    const pieces: Buffer[] = []
    deflate.on('data', piece => pieces.push(piece))
    await new Promise<void>(resolve => {
      deflate.write(JSON.stringify(message))
      deflate.flush(constants.Z_SYNC_FLUSH, resolve)
    })
    deflate.removeAllListeners('data')
    push(frame(Buffer.concat(pieces).subarray(0, -4), { isCompressed: true }))
  }
  await end()
  expect(trouble).not.toHaveBeenCalled()
  expect(read().map(({ n }) => n)).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 9, 1, 2, 3, 4])
})

it('a message of many megabytes is read in one turn', async () => {
  const { push, end, read } = reader()
  push(frame(JSON.stringify({ n: 1, list: Array(1_000_000).fill('some words') }), { isMasked: true }), 'client')
  push(frame(JSON.stringify({ n: 2 })))
  expect(read()).toEqual([])
  await end()
  expect(read().map(({ n }) => n)).toEqual([1, 2])
})

describe('what breaks the protocol ends the reading, once and without an error', () => {
  const hostile: Record<string, Buffer[]> = {
    'a length that no message has': [Buffer.from([0x81, 127, 255, 255, 255, 255, 255, 255, 255, 255, 1])],
    'a continuation of nothing': [frame('{}', { opcode: 0 })],
    'a message within a message': [frame('{', { isFinal: false }), frame('{}')],
    'a long control frame': [frame('x'.repeat(200), { opcode: PING })],
    'reserved bits': [Buffer.from([0xb1, 0])],
    // ones say a kind of block that deflate has not; by chance bytes can be the beginning of a message
    'a compressed message that is none': [frame(Buffer.alloc(500, 255), { isCompressed: true })],
    'a large one': [frame(Buffer.alloc(100_000, 255), { isCompressed: true })],
  }
  it.each(Object.entries(hostile))('%s', async (name, frames) => {
    const { push, end, sink } = reader()
    for (const bytes of [...frames, frame('{"n":1}')]) push(bytes)
    await end()
    expect(sink.lost.mock.calls.length).toBe(name.startsWith('a length') ? 0 : 1)
    expect(sink.message).not.toHaveBeenCalled()
  })

  it('a bomb of zeros', async () => {
    const { push, end, sink } = reader()
    const deflate = createDeflateRaw()
    const pieces: Buffer[] = []
    deflate.on('data', piece => pieces.push(piece))
    for (let i = 0; i < 100; i++) deflate.write(Buffer.alloc(1_000_000))
    await new Promise<void>(resolve => deflate.flush(constants.Z_SYNC_FLUSH, resolve))
    push(frame(Buffer.concat(pieces).subarray(0, -4), { isCompressed: true }))
    await end()
    expect(sink.lost).toHaveBeenCalledTimes(1)
  })

  it('random bytes', async () => {
    for (let i = 0; i < 300; i++) {
      const { push, end, trouble, sink } = reader()
      push(randomBytes(2000))
      await end()
      expect(sink.lost.mock.calls.length).toBeLessThan(2)
      for (const [error] of trouble.mock.calls) expect(String(error)).toMatch(/invalid|unexpected|too large/)
    }
  })
})

it.each([
  ['that are empty', '', 0],
  ['that do not end', '{', 0],
  ['in brackets that are no JSON', '{x}', 30],
])('messages %s are not refused one by one for ever', async (_, text, most) => {
  const parse = vi.spyOn(JSON, 'parse')
  try {
    const { push, end } = reader()
    push(Buffer.concat(Array.from({ length: 2_000 }, () => frame(text))))
    await end()
    expect(parse.mock.calls.length).toBeLessThanOrEqual(most)
  } finally {
    parse.mockRestore()
  }
})
