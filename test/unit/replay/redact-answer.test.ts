import { describe, expect, it } from 'vitest'
import { crc32 } from '../../../src/app/llm/record/crc32'
import { keptHeaders, withoutCredentials } from '../../../src/app/llm/record/credentials'
import { redactAnswer } from '../../../src/app/llm/record/redact-answer'
import { EventStreamReader } from '../../../src/app/llm/wire/eventstream'
import { createRedactor } from '../../../src/shared/redact'

const redactor = createRedactor()

function recorded(pieces: readonly (string | Buffer)[]): Buffer[] {
  const work = redactAnswer(
    pieces.map(piece => Buffer.from(piece as string)),
    value => redactor.value('gen_ai.input.messages', value, true),
  )
  for (;;) {
    const { done, value } = work.next()
    if (done) return [...(value as Buffer[])]
  }
}

const delta = (content: string, index = 0) =>
  `data: ${JSON.stringify({ id: 'c-1', choices: [{ index, delta: { content } }] })}\n\n`

function frame(payload: string): Buffer {
  const headers = Buffer.from('\x0b:event-type\x07\x00\x05chunk', 'latin1')
  const bytes = Buffer.alloc(16 + headers.length + payload.length)
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.writeUInt32BE(headers.length, 4)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
  headers.copy(bytes, 12)
  bytes.write(payload, 12 + headers.length)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4)
  return bytes
}

describe('an answer that is recorded', () => {
  it('is another one although nothing in it is personal', () => {
    const pieces = [delta('Hel').slice(0, 7), delta('Hel').slice(7) + delta('lo'), 'data: [DONE]\n\n']
    expect(recorded(pieces).map(String)).toEqual(pieces)
    expect(recorded(['{ "a" : 1 }'])[0]!.toString()).toBe('{ "a" : 1 }')
    const sound = Buffer.from([0xff, 0xfb, 0x90, 0x00])
    expect(recorded([sound])).toEqual([sound])
  })

  it('has an address that a stream says in pieces', () => {
    const pieces = ['Mail jo', 'hn.doe@exa', 'mple.com', ' today'].map(text => delta(text))
    const out = recorded(pieces)
    expect(out).toHaveLength(4)
    const text = out.map(piece => JSON.parse(piece.toString().slice(6)).choices[0].delta.content).join('')
    expect(text).toBe('Mail [EMAIL] today')
  })

  it('takes the texts of two choices for one', () => {
    const pieces = [delta('john@exam'), delta('fine', 1), delta('ple.com'), delta(' too', 1)]
    const texts = recorded(pieces).map(piece => JSON.parse(piece.toString().slice(6)).choices[0])
    const of = (index: number) =>
      texts
        .filter(one => one.index === index)
        .map(one => one.delta.content)
        .join('')
    expect([of(0), of(1)]).toEqual(['[EMAIL]', 'fine too'])
  })

  it('is no event stream of AWS any more, or has the address in it', () => {
    const inner = Buffer.from(JSON.stringify({ type: 'x', text: 'jane@example.com' })).toString('base64')
    const [out] = recorded([frame(JSON.stringify({ bytes: inner, p: 'abc' }))])
    const payloads: string[] = []
    new EventStreamReader(({ payload }) => void payloads.push(payload.toString())).push(out!)
    const { bytes } = JSON.parse(payloads[0]!)
    expect(JSON.parse(Buffer.from(bytes, 'base64').toString())).toEqual({ type: 'x', text: '[EMAIL]' })
    expect(out!.readUInt32BE(out!.length - 4)).toBe(crc32(out!.subarray(0, -4)))
  })
})

describe('credentials of a call that is recorded', () => {
  it('stand in the file', () => {
    const url = new URL('https://user:pw@host.example/v1/x?key=abc&alt=sse&X-Amz-Signature=def&api-version=1#f')
    expect(withoutCredentials(url)).toBe(
      'https://host.example/v1/x?key=%5BSECRET%5D&alt=sse&X-Amz-Signature=%5BSECRET%5D&api-version=1',
    )
    const headers = [
      'set-cookie',
      'a',
      'x-api-key',
      'b',
      'x-session-token',
      'c',
      'authorization',
      'd',
      'x-amzn-requestid',
      'e',
      'x-ratelimit-remaining-tokens',
      '5',
    ]
    expect(keptHeaders(headers)).toEqual([
      ['x-amzn-requestid', 'e'],
      ['x-ratelimit-remaining-tokens', '5'],
    ])
  })
})
