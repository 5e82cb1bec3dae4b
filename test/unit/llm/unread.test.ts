// Answers that nobody reads on. The clock is the test's, so that half a minute takes none.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Tapped } from './tapped'

let tap: Tapped
let bound: number
let controller: ReadableStreamDefaultController<Uint8Array>

const event = (content: string) =>
  new TextEncoder().encode(`data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`)
const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'a' }] })
const call = () => fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', body })
const ends = () => tap.spans().map(({ attributes }) => attributes['afn.llm.stream.end'])

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  vi.resetModules()
  const { tapped } = await import('./tapped')
  bound = (await import('../../../src/app/llm/observe/open-calls')).LONGEST_UNREAD
  const underlying = {
    start(made: typeof controller) {
      controller = made
    },
  }
  tap = tapped('off', async () => new Response(new ReadableStream(underlying)))
})
afterEach(() => {
  tap.stop()
  vi.useRealTimers()
})

it('a stream that is left after one chunk ends half a minute later, at the time of that chunk', async () => {
  const reader = (await call()).body!.getReader()
  controller.enqueue(event('a'))
  await reader.read()
  await vi.advanceTimersByTimeAsync(bound - 1)
  expect(ends()).toEqual([])
  await vi.advanceTimersByTimeAsync(6_000)
  expect(ends()).toEqual(['consumer'])
  const [{ duration, status }] = tap.spans() as [ReturnType<Tapped['spans']>[0]]
  expect([duration[0], status.code]).toEqual([0, 0])
})

it('a stream whose reader was given back ends a second later, and one that is handed on at once goes on', async () => {
  const body = (await call()).body!
  const first = body.getReader()
  controller.enqueue(event('a'))
  await first.read()
  first.releaseLock()
  const second = body.getReader()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(ends()).toEqual([])
  second.releaseLock()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(ends()).toEqual(['consumer'])
})

it('a flush ends a stream whose reader was given back, and leaves one that is held', async () => {
  const { endReleasedCalls } = await import('../../../src/app/llm/observe/open-calls')
  const body = (await call()).body!
  const held = body.getReader()
  controller.enqueue(event('a'))
  await held.read()
  await endReleasedCalls()
  expect(ends()).toEqual([])
  held.releaseLock()
  await endReleasedCalls()
  expect(ends()).toEqual(['consumer'])
})

it('a reader that comes back after the end of its span gets every byte, and there is no second span', async () => {
  const reader = (await call()).body!.getReader()
  controller.enqueue(event('a'))
  await reader.read()
  await vi.advanceTimersByTimeAsync(bound + 6_000)
  controller.enqueue(event('b'))
  controller.close()
  expect((await reader.read()).value).toEqual(event('b'))
  expect((await reader.read()).done).toBe(true)
  expect(ends()).toEqual(['consumer'])
  expect(tap.failures).toEqual([])
})

it('an answer that nobody begins to read ends, too', async () => {
  const response = await call()
  await vi.advanceTimersByTimeAsync(bound + 6_000)
  expect(ends()).toEqual(['consumer'])
  expect(response.bodyUsed).toBe(false)
})

it('a reader that waits for a slow provider keeps its call open', async () => {
  const read = (await call()).text()
  await vi.advanceTimersByTimeAsync(20 * bound)
  expect(ends()).toEqual([])
  controller.enqueue(Buffer.concat([event('a'), Buffer.from('data: [DONE]\n\n')]))
  controller.close()
  expect(await read).toContain('[DONE]')
  expect(ends()).toEqual(['complete'])
})

it('a call that has no answer yet is never taken for left', async () => {
  tap.stop()
  const { tapped } = await import('./tapped')
  tap = tapped('off', () => new Promise(() => {}))
  void call()
  await vi.advanceTimersByTimeAsync(20 * bound)
  expect(tap.spans()).toEqual([])
})
