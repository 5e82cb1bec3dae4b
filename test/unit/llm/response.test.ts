// The answer of an LLM call is the one that fetch gives: whatever an application does with it, it sees the same.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Consumer, leavers, readers } from './consumers'
import { startReplay } from './replay'
import { type Tapped, tapped } from './tapped'

let replay: Awaited<ReturnType<typeof startReplay>>
beforeAll(async () => {
  replay = await startReplay()
  replay.behave({ split: 200, pauseMs: 1 })
})
afterAll(() => replay.close())

let tap: Tapped | undefined
afterEach(() => {
  tap?.stop()
  tap = undefined
})

const stream = 'chat-stream-usage'

function call(id: string): Promise<Response> {
  const { url, headers, body } = replay.recordings.get(id)!.request
  const to = replay.base(id) + new URL(url).pathname
  return fetch(to, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function same(id: string, consumer: Consumer) {
  const without = await consumer.read(await call(id))
  tap = tapped('full')
  const seen = await consumer.read(await call(id))
  expect(seen).toEqual(without)
  const span = await tap.span()
  expect(tap.failures).toEqual([])
  return span.attributes
}

describe('an answer is read the same with and without us, and is recorded whole', () => {
  it.each(Object.keys(readers))('%s', async name => {
    const attributes = await same(stream, readers[name]!)
    expect(attributes['afn.llm.stream.end']).toBe('complete')
    expect(attributes['gen_ai.usage.input_tokens']).toBe(1170)
    expect(attributes['gen_ai.usage.output_tokens']).toBe(31)
    expect(attributes['gen_ai.output.messages']).toContain('いってらっしゃい! 🍁')
  })

  it.each(['text()', 'json()', 'clone(), both read', 'blob()'])('%s of an answer that is no stream', async name => {
    const attributes = await same('chat-plain', readers[name]!)
    expect(attributes['gen_ai.usage.output_tokens']).toBe(19)
    expect(attributes['afn.llm.response.complete']).toBe(true)
    expect(attributes['afn.llm.stream.end']).toBeUndefined()
  })
})

describe('an application that stops reading stops the same, and its span ends without an error', () => {
  it.each(Object.keys(leavers))('%s', async name => {
    const { end = 'complete', read } = leavers[name]!
    replay.behave({ split: 200, pauseMs: 5 })
    const attributes = await same(stream, { read })
    replay.behave({ split: 200, pauseMs: 1 })
    expect(attributes['afn.llm.stream.end']).toBe(end)
    expect(attributes['error.type']).toBeUndefined()
    expect(tap!.spans()[0]!.status.code).toBe(0)
  })

  it('the connection is closed when the reader stops, not kept open for us', async () => {
    tap = tapped('off')
    const before = replay.dropped()
    replay.behave({ split: 50, stallAfter: 5 })
    for await (const _ of (await call(stream)).body as unknown as AsyncIterable<Uint8Array>) break
    replay.behave({ split: 200, pauseMs: 1 })
    await vi.waitFor(() => expect(replay.dropped()).toBe(before + 1))
  })
})

it('nothing is read ahead: without a reader no chunk is taken from the socket', async () => {
  tap = tapped('full')
  const response = await call(stream)
  await new Promise(resolve => setTimeout(resolve, 60))
  expect(response.bodyUsed).toBe(false)
  expect(tap.spans()).toEqual([])
  await response.text()
  await tap.span()
})

it('a response that is read changes no prototype', async () => {
  const protos = [Response, Request, Headers, ReadableStream, Promise].map(({ prototype }) => prototype as object)
  const members = () =>
    protos.flatMap(proto =>
      Reflect.ownKeys(proto).flatMap(key => {
        const { value, get, set } = Object.getOwnPropertyDescriptor(proto, key)!
        return [key, value, get, set]
      }),
    )
  const before = members()
  tap = tapped('full')
  await (await call(stream)).text()
  const after = members()
  expect(after.length).toBe(before.length)
  expect(after.every((member, i) => member === before[i])).toBe(true)
})
