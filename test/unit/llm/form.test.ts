// The reader of forms against the engine's own writer and reader, in pieces of every size.
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { formReader } from '../../../src/app/llm/wire/form'

const fields = { model: true, prompt: true, stream: true } as const

async function written(form: FormData): Promise<{ type: string; bytes: Uint8Array }> {
  const response = new Response(form)
  return { type: response.headers.get('content-type')!, bytes: new Uint8Array(await response.arrayBuffer()) }
}

function readBack({ type, bytes }: { type: string; bytes: Uint8Array }, size: number, maxString = 65_536) {
  const reader = formReader(type, fields, maxString)!
  for (let from = 0; from < bytes.length; from += size) {
    const piece = Uint8Array.from(bytes.subarray(from, from + size))
    reader.push(piece)
    piece.fill(0) // a chunk belongs to the application
  }
  return [reader.complete, reader.value()]
}

describe('a form that the engine has written', () => {
  const form = new FormData()
  form.append('unknown', 'x')
  form.append('file', new Blob([randomBytes(200_000), '\r\n--', '\r\n\r\nname="model"']), 'a "b".wav')
  form.append('prompt', 'Zoë\r\n--\r\n🍁')
  form.append('model', 'gpt-4o-transcribe')
  form.append('stream', '')

  it.each([1, 2, 3, 7, 63, 1000, 65_536, 1e9])('is read in pieces of %s bytes, whatever its files hold', async size => {
    const sent = await written(form)
    // the engine's own reader is the oracle
    const own = await new Response(sent.bytes as never, { headers: { 'content-type': sent.type } }).formData()
    const expected = Object.fromEntries(Object.keys(fields).map(name => [name, own.get(name)]))
    expect(readBack(sent, size)).toEqual([true, expected])
  })

  it('has no field whose text is longer than the limit', async () => {
    expect(readBack(await written(form), 1000, 10)).toEqual([true, { stream: '' }])
  })

  it('is read as far as it came where it is cut', async () => {
    const { type, bytes } = await written(form)
    const [complete, value] = readBack({ type, bytes: bytes.subarray(0, -20) }, 100)
    expect([complete, value]).toMatchObject([false, { model: 'gpt-4o-transcribe' }])
  })
})

it.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['Multipart/Form-Data; charset=utf-8; boundary="a b:c"', 'a b:c'],
])('a form is known by %s', (type, boundary) => {
  const head = 'content-disposition: form-data; name=model\r\ncontent-type: text/plain'
  const bytes = Buffer.from(`--${boundary}\r\n${head}\r\n\r\nm\r\n--${boundary}--\r\n`)
  expect(readBack({ type, bytes }, 4)).toEqual([true, { model: 'm' }])
})

it.each([null, 'application/json', 'multipart/form-data', 'multipart/mixed; boundary=a', 'text/multipart/form-data'])(
  '%s is no form',
  type => expect(formReader(type, fields, 10)).toBeUndefined(),
)

it('garbage has no fields, and reading it ends', () => {
  for (const bytes of [randomBytes(300_000), Buffer.alloc(300_000, '\r\n--abc\r\n'), Buffer.from('--abc--')]) {
    const [, value] = readBack({ type: 'multipart/form-data; boundary=abc', bytes }, 1234)
    expect(value).toEqual({})
  }
})
