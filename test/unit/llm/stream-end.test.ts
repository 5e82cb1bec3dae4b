// Each way in which a call can end: the span ends exactly once, says how, and the application sees what it saw before.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Behaviour, startReplay } from './replay'
import { collectGarbage, type Tapped, tapped } from './tapped'

let replay: Awaited<ReturnType<typeof startReplay>>
beforeAll(async () => {
  replay = await startReplay()
})
afterAll(() => replay.close())

let tap: Tapped
beforeEach(() => {
  replay.behave({})
  tap = tapped('full')
})
afterEach(() => {
  expect(tap.failures).toEqual([])
  tap.stop()
})

function call(id: string, init: RequestInit = {}): Promise<Response> {
  const { url, headers, body } = replay.recordings.get(id)!.request
  const to = replay.base(id) + new URL(url).pathname
  return fetch(to, { method: 'POST', headers, body: JSON.stringify(body), ...init })
}

async function ended() {
  const { attributes, status } = await tap.span()
  return {
    end: attributes['afn.llm.stream.end'],
    complete: attributes['afn.llm.response.complete'],
    error: attributes['error.type'],
    status: status.code,
  }
}

const chunks = (response: Response) => response.body as unknown as AsyncIterable<Uint8Array>

describe('an abort by the app is recorded as no error', () => {
  it('where it comes before the headers', async () => {
    const controller = new AbortController()
    const calling = call('chat-stream-usage', { signal: controller.signal })
    controller.abort()
    await expect(calling).rejects.toMatchObject({ name: 'AbortError' })
    expect(await ended()).toEqual({ end: 'aborted', complete: undefined, error: undefined, status: 0 })
  })

  it('where it comes before the call', async () => {
    const reason = new Error('changed my mind')
    await expect(call('chat-stream-usage', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(await ended()).toMatchObject({ end: 'aborted', status: 0 })
  })

  it("where it comes in the middle of the answer, with a reason of the app's own", async () => {
    replay.behave({ stallAfter: 3 })
    const controller = new AbortController()
    const reason = new Error('the user pressed stop')
    const response = await call('chat-stream-usage', { signal: controller.signal })
    const reading = (async () => {
      for await (const _ of chunks(response)) setTimeout(() => controller.abort(reason), 5)
    })()
    await expect(reading).rejects.toBe(reason)
    expect(await ended()).toEqual({ end: 'aborted', complete: false, error: undefined, status: 0 })
  })

  it('where it comes by the signal of a Request object', async () => {
    replay.behave({ stallAfter: 3 })
    const controller = new AbortController()
    const { headers, body } = replay.recordings.get('chat-stream-usage')!.request
    const url = `${replay.base('chat-stream-usage')}/v1/chat/completions`
    const init = { method: 'POST', headers, body: JSON.stringify(body), signal: controller.signal }
    const request = new Request(url, init)
    const response = await fetch(request)
    setTimeout(() => controller.abort(), 5)
    await expect(response.text()).rejects.toMatchObject({ name: 'AbortError' })
    // Node.js holds the signal of a Request weakly: where nothing has the request any more, an abort is lost, without us too
    expect(request.signal.aborted).toBe(true)
    expect(await ended()).toMatchObject({ end: 'aborted', status: 0 })
  })

  it('unless a deadline has passed, which is an error', async () => {
    // long enough for the answer to begin on a machine that is busy
    replay.behave({ stallAfter: 3 })
    const response = await call('chat-stream-usage', { signal: AbortSignal.timeout(500) })
    await expect(response.text()).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(await ended()).toEqual({ end: 'aborted', complete: false, error: 'TimeoutError', status: 2 })
  })

  it('and changes nothing after the end of the protocol', async () => {
    const controller = new AbortController()
    const response = await call('chat-stream-usage', { signal: controller.signal })
    const reading = (async () => {
      for await (const chunk of chunks(response)) if (Buffer.from(chunk).includes('[DONE]')) controller.abort()
    })()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    expect(await ended()).toEqual({ end: 'complete', complete: true, error: undefined, status: 0 })
  })
})

describe('a failed call is recorded as an error', () => {
  it('where the connection breaks in the middle', async () => {
    replay.behave({ breakAfter: 4 })
    const response = await call('chat-stream-usage')
    await expect(response.text()).rejects.toMatchObject({ message: 'terminated' })
    expect(await ended()).toEqual({ end: 'cut', complete: false, error: 'UND_ERR_SOCKET', status: 2 })
  })

  it('where the answer ends in the middle of its JSON', async () => {
    replay.behave({ split: 100, breakAfter: 3 })
    await expect((await call('chat-plain')).json()).rejects.toThrow()
    expect(await ended()).toEqual({ end: undefined, complete: false, error: 'UND_ERR_SOCKET', status: 2 })
  })

  it('where the host refuses the connection', async () => {
    const refused = fetch('http://127.0.0.1:1/v1/chat/completions', {
      method: 'POST',
      body: '{"model":"m","messages":[],"stream":true}',
    })
    await expect(refused).rejects.toMatchObject({ message: 'fetch failed' })
    expect(await ended()).toMatchObject({ end: undefined, complete: undefined, status: 2 })
    expect(tap.spans()[0]!.attributes['error.type']).toMatch(/^(ECONNREFUSED|TypeError)$/)
  })

  it("where the status says so, with the provider's name of the error", async () => {
    await (await call('message-overloaded-529')).text()
    expect(await ended()).toEqual({ end: undefined, complete: undefined, error: '529', status: 2 })
    expect(tap.spans()[0]!.attributes['afn.llm.error.type']).toBe('overloaded_error')
    expect(tap.spans()[0]!.status.message).toBe('Overloaded')
  })

  it('where the status says so and nobody reads the body', async () => {
    await (await call('chat-error-503')).body!.cancel()
    expect(await ended()).toMatchObject({ error: '503', status: 2 })
  })

  it('where a stream that began well has an error event', async () => {
    await (await call('message-stream-overloaded')).text()
    expect(await ended()).toEqual({ end: 'cut', complete: false, error: 'overloaded_error', status: 2 })
    expect(tap.spans()[0]!.attributes['afn.llm.error.type']).toBe('overloaded_error')
  })
})

describe('an answer that the app forgets ends its span at its last byte, not at the garbage collection', () => {
  async function forgets(read: (response: Response) => Promise<unknown>, behaviour: Behaviour = {}) {
    replay.behave(behaviour)
    const begun = performance.now()
    await (async () => {
      await read(await call('chat-stream-usage'))
    })()
    const took = performance.now() - begun
    await new Promise(resolve => setTimeout(resolve, 150))
    await collectGarbage()
    expect(await ended()).toEqual({ end: 'consumer', complete: false, error: undefined, status: 0 })
    const { duration } = tap.spans()[0]!
    expect(duration[0] * 1000 + duration[1] / 1e6).toBeLessThan(took + 1)
  }

  it('where it is unread', () => forgets(async () => {}))
  it('where it is unread and more comes', () => forgets(async () => {}, { stallAfter: 3 }))
  it('where it is cloned and both are unread', () => forgets(async response => response.clone()))
  it('with a reader released after one chunk', () =>
    forgets(async response => {
      const reader = response.body!.getReader()
      await reader.read()
      reader.releaseLock()
    }))
  it('with a reader released and more to come', () =>
    forgets(
      async response => {
        const reader = response.body!.getReader()
        await reader.read()
        reader.releaseLock()
      },
      { stallAfter: 3 },
    ))
  it('with an iterator dropped half way', () =>
    forgets(
      async response => {
        const iterator = chunks(response)[Symbol.asyncIterator]()
        await iterator.next()
      },
      { stallAfter: 3 },
    ))
})

it('a heap stays flat over thousands of streams, read, left and forgotten', { timeout: 240_000 }, async () => {
  const events = 'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"hi"}}]}\n\n'.repeat(20)
  tap.stop()
  tap = tapped('full', async () => new Response(events, { headers: { 'content-type': 'text/event-stream' } }))
  const init = { method: 'POST', body: '{"model":"m","messages":[]}' }
  const one = async (i: number) => {
    const response = await fetch('https://api.openai.com/v1/chat/completions', init)
    if (i % 3 === 0) await response.text()
    else if (i % 3 === 1) for await (const _ of chunks(response)) break
  }
  const round = async (n: number) => {
    for (let i = 0; i < n; i++) await one(i)
    await collectGarbage()
    expect(tap.spans()).toHaveLength(n)
    tap.reset()
    await collectGarbage(2)
    return process.memoryUsage().heapUsed
  }
  for (let warm = 0; warm < 3; warm++) await round(1500)
  const before = await round(1500)
  const after = await round(1500)
  expect((after - before) / 1500).toBeLessThan(500) // bytes a stream; a call that is held takes some thousands
})
