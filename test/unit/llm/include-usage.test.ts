// Streams whose counts the tap requests without the application's knowledge: it reads what it would have read without.
import { existsSync } from 'node:fs'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { UsageFilter } from '../../../src/app/llm/observe/fetch/usage-filter'
import { type Consumer, leavers, readers } from './consumers'
import { FIXTURES, type Recording, recordings, SHARED, startReplay } from './replay'
import { collectGarbage, type Tapped, tapped } from './tapped'
import { asks, withoutUsageOption } from './without-usage-option'

const native = globalThis.fetch
/** Every recorded stream whose counts were requested. */
const known = new Map<string, Recording>()
for (const dir of [FIXTURES, SHARED]) {
  for (const recording of existsSync(dir) ? recordings(dir).values() : []) {
    const quiet = withoutUsageOption(recording)
    if (quiet) known.set(recording.id, quiet)
  }
}

let replay: Awaited<ReturnType<typeof startReplay>>
beforeAll(async () => {
  replay = await startReplay(known)
})
afterAll(() => replay.close())

let tap: Tapped | undefined
afterEach(() => {
  tap?.stop()
  tap = undefined
  replay.behave({})
  replay.received.length = 0
})

const asking = (content: 'full' | 'off' = 'off', under = native) =>
  tapped(content, under, false, { includeUsage: 'on' })

function call(id: string, init: RequestInit = {}): Promise<Response> {
  const { url, headers, body } = known.get(id)!.request
  const to = replay.base(id) + new URL(url).pathname
  return fetch(to, { method: 'POST', headers, body: JSON.stringify(body), ...init })
}

async function same(id: string, { read, end = 'complete' }: Consumer) {
  const without = await read(await call(id))
  tap = asking()
  expect(await read(await call(id))).toEqual(without)
  const { attributes } = await tap.span()
  expect(tap.failures).toEqual([])
  expect(replay.received.map(({ body }) => asks(body))).toEqual([false, true])
  expect(attributes['afn.llm.stream.end']).toBe(end)
  return attributes
}

describe('an application whose streams we request the counts of', () => {
  const whole = [...known.keys()].filter(id => !id.startsWith('cut-'))

  it.each([undefined, 1, 7, 1000])(
    'reads every recorded stream as without us, in pieces of %s bytes',
    { timeout: 240_000 },
    async split => {
      replay.behave(split ? { split } : {})
      for (const id of known.keys()) {
        const expected = await (await call(id)).text()
        expect(expected).not.toContain('"usage"')
        tap = asking('full')
        expect(await (await call(id)).text(), id).toBe(expected)
        const { attributes } = await tap.span()
        expect(attributes['afn.llm.usage.source'], id).toBe(whole.includes(id) ? 'provider' : 'missing')
        tap.stop()
      }
      expect(known.size).toBeGreaterThan(1)
    },
  )

  const id = 'chat-stream-usage'
  it.each(Object.keys(readers))('reads the same by %s, and the span has the counts', async name => {
    replay.behave({ split: 200, pauseMs: 1 })
    expect((await same(id, readers[name]!))['gen_ai.usage.input_tokens']).toBe(1170)
  })

  it.each(Object.keys(leavers))('can stop reading by %s as without us', async name => {
    replay.behave({ split: 200, pauseMs: 5 })
    await same(id, leavers[name]!)
  })

  it('gets the same chunks and errors from its client', async () => {
    const run = async (init: object = {}) => {
      const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${replay.base(id)}/v1`, maxRetries: 0 })
      const { data, response } = await client.chat.completions
        .create({ ...(known.get(id)!.request.body as object), stream: true } as never, init)
        .withResponse()
      const seen: unknown[] = [response.url, response.headers.get('content-type')]
      try {
        for await (const chunk of data as unknown as AsyncIterable<unknown>) seen.push(chunk)
      } catch (error) {
        seen.push((error as Error).name)
      }
      return seen
    }
    const bare = await run()
    replay.behave({ breakAfter: 3 })
    const broken = await run()
    tap = asking()
    expect(await run()).toEqual(broken)
    expect((await tap.span()).attributes['afn.llm.stream.end']).toBe('cut')
    tap.reset()
    replay.behave({})
    expect(await run()).toEqual(bare)
    expect((await tap.span()).attributes['gen_ai.usage.output_tokens']).toBe(31)
  })

  it('aborts as without us', async () => {
    replay.behave({ stallAfter: 3 })
    tap = asking()
    const controller = new AbortController()
    const reason = new Error('the user pressed stop')
    const response = await call(id, { signal: controller.signal })
    setTimeout(() => controller.abort(reason), 5)
    await expect(response.text()).rejects.toBe(reason)
    const { attributes, status } = await tap.span()
    expect([attributes['afn.llm.stream.end'], status.code]).toEqual(['aborted', 0])
  })

  it.each<[string, (response: Response) => unknown]>([
    ['unread', () => {}],
    ['cloned, and both unread', response => void response.clone()],
    [
      'with a reader released after one chunk',
      async response => {
        const reader = response.body!.getReader()
        await reader.read()
        reader.releaseLock()
      },
    ],
    [
      'with an iterator left without a word',
      response => (response.body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().next(),
    ],
  ])('can forget its answer %s, and the connection is closed', async (_, read) => {
    replay.behave({ split: 200, stallAfter: 5 })
    tap = asking()
    await new Promise(resolve => setTimeout(resolve, 50)) // what tests before this one left
    const dropped = replay.dropped()
    await (async () => read(await call(id)))()
    await new Promise(resolve => setTimeout(resolve, 50))
    await collectGarbage()
    expect((await tap.span()).attributes['afn.llm.stream.end']).toBe('consumer')
    await vi.waitFor(() => expect(replay.dropped()).toBeGreaterThan(dropped))
  })

  it('keeps its buffers, and the memory of the process stays flat', async () => {
    const chunk = Buffer.from('data: {"choices":[{"delta":{"content":"a"}}]}\n\n') // of the pool that small buffers share
    const body = () =>
      new ReadableStream({
        start(controller) {
          for (const bytes of [chunk, Buffer.from('data: x')]) controller.enqueue(bytes)
          controller.close()
        },
      })
    tap = asking('off', async () => new Response(body()))
    expect(await (await call(id)).text()).toBe(`${chunk}data: x`)
    expect(Buffer.from('still there').toString()).toBe('still there')
  })

  it('sees no content-length that is no longer right', async () => {
    const headers = { 'content-length': '8', 'x-request-id': 'r' }
    tap = asking('off', async () => new Response('data: x\n', { headers }))
    const { headers: shown } = await call(id)
    expect([shown.get('content-length'), shown.get('x-request-id')]).toEqual([null, 'r'])
  })
})

describe('a request to which the option for counts may be added', () => {
  const url = 'https://api.openai.com/v1/chat/completions'
  const chat = (more: string) => `{"model":"m", "messages":[],"stream":true${more}}`

  /** The bodies that went out. */
  async function sent(init: RequestInit, to = url, answer = () => new Response('data: [DONE]\n\n')) {
    const bodies: unknown[] = []
    tap = asking('off', async (_, passed) => {
      bodies.push(passed?.body)
      return answer()
    })
    const response = await fetch(to, { method: 'POST', ...init })
    return { bodies, status: response.status, text: await response.text() }
  }

  it.each([
    ['', '{"stream_options":{"include_usage":true},"model":"m", "messages":[],"stream":true}'],
    [',"stream_options" : null', chat(',"stream_options" : {"include_usage":true}')],
    [',"stream_options":{}', chat(',"stream_options":{"include_usage":true}')],
    [
      ', "stream_options": { "include_obfuscation": false } ,"n":1',
      chat(', "stream_options": {"include_usage":true, "include_obfuscation": false } ,"n":1'),
    ],
  ])('with %s changes by that one option alone', async (options, expected) => {
    expect((await sent({ body: chat(options) })).bodies).toEqual([expected])
    tap!.stop()
    const text = chat(`${options},"user":"Zoë 🍁"`)
    const { bodies } = await sent({ body: Buffer.from(text) as never })
    expect(Buffer.from(bodies[0] as Uint8Array).toString()).toBe(expected.replace(/\}$/, ',"user":"Zoë 🍁"}'))
  })

  const mine = { 'x-mine': '1' }
  it.each<[string, RequestInit, string?]>([
    ['asks itself', { body: chat(',"stream_options":{"include_usage":true}') }],
    ['declines', { body: chat(',"stream_options":{"include_usage":false}') }],
    ['is no stream', { body: '{"model":"m","messages":[]}' }],
    ['has a length', { body: chat(''), headers: { ...mine, 'Content-Length': '44' } }],
    ['is signed', { body: chat(''), headers: { ...mine, 'X-Amz-Date': '20261124T120000Z' } }],
    ['goes to a host that tells them anyway', { body: chat('') }, 'https://openrouter.ai/api/v1/chat/completions'],
    [
      'goes to an old Azure',
      { body: chat('') },
      'https://a.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-02-01',
    ],
    [
      'is of another protocol',
      { body: '{"model":"m","max_tokens":1,"messages":[],"stream":true}' },
      'https://api.anthropic.com/v1/messages',
    ],
    ['has a body that can be read once', { body: new Blob([chat('')]) }],
  ])('stays as it is where it %s', async (_, init, to) => {
    expect((await sent(init, to)).bodies).toEqual([init.body])
  })

  it('goes out again as it was where a server refuses the option, which does not get the option again', async () => {
    const to = 'https://old.example/v1/chat/completions'
    const body = chat('')
    const answers = [() => new Response('no such option', { status: 422 }), () => new Response('data: [DONE]\n\n')]
    const first = await sent({ body }, to, () => answers.shift()!())
    expect(first).toMatchObject({ status: 200, text: 'data: [DONE]\n\n' })
    expect(first.bodies.map(asks)).toEqual([true, false])
    expect((await tap!.span()).attributes['http.response.status_code']).toBe(200)
    tap!.stop()
    expect((await sent({ body }, to)).bodies).toEqual([body])
  })

  it('is sent once where its endpoint has answered before, whatever it is refused for', async () => {
    const to = 'https://new.example/v1/chat/completions'
    const answers = [() => new Response('data: [DONE]\n\n'), () => new Response('too long', { status: 400 })]
    await sent({ body: chat('') }, to, () => answers.shift()!())
    tap!.stop()
    const refused = await sent({ body: chat('') }, to, () => answers.shift()!())
    expect(refused).toMatchObject({ status: 400, text: 'too long' })
    expect(refused.bodies.map(asks)).toEqual([true])
  })

  it('is sent once where its endpoint has just refused it with the option and without, until one is accepted', async () => {
    const to = 'https://wrong.example/v1/chat/completions'
    const requests = async (answer: () => Response) => {
      const { bodies, text } = await sent({ body: chat('') }, to, answer)
      tap!.stop()
      return [bodies.map(asks), text]
    }
    const bad = () => new Response('no such deployment', { status: 400 })
    expect(await requests(bad)).toEqual([[true, false], 'no such deployment'])
    for (let n = 0; n < 3; n++) expect(await requests(bad)).toEqual([[false], 'no such deployment'])
    // now it is there: the counts of one call are missing, those of the next are not
    const good = () => new Response('data: [DONE]\n\n')
    expect(await requests(good)).toEqual([[false], 'data: [DONE]\n\n'])
    expect(await requests(good)).toEqual([[true], 'data: [DONE]\n\n'])
    expect(await requests(bad)).toEqual([[true], 'no such deployment'])
  })

  it('is remembered of endpoints without end: the oldest is forgotten', async () => {
    const bad = () => new Response('', { status: 400 })
    for (let n = 0; n < 105; n++) {
      await sent({ body: chat('') }, `https://many-${n}.example/v1/chat/completions`, bad)
      tap!.stop()
    }
    const sends = async (n: number) => {
      const { bodies } = await sent({ body: chat('') }, `https://many-${n}.example/v1/chat/completions`, bad)
      tap!.stop()
      return bodies.length
    }
    expect([await sends(104), await sends(0), await sends(104)]).toEqual([1, 2, 1])
  })

  const azure = 'https://a.openai.azure.com/openai'
  it.each([
    ['https://api.openai.com/v1/chat/completions', true],
    ['https://eu.api.openai.com/v1/chat/completions', true],
    [`${azure}/deployments/d/chat/completions?api-version=2024-09-01-preview`, true],
    [`${azure}/deployments/d/chat/completions?api-version=2024-10-21`, true],
    [`${azure}/v1/chat/completions`, true],
    [`${azure}/v1/chat/completions?api-version=preview`, true],
    ['http://127.0.0.1:11434/v1/chat/completions', true],
    ['http://gpu.internal:1234/v1/completions', true],
    [`${azure}/deployments/d/chat/completions?api-version=2024-08-01-preview`, false],
    ['http://127.0.0.1:8000/v1/chat/completions', false],
    ['https://gateway.internal/v1/chat/completions', false],
    ['https://openai.example/v1/chat/completions', false],
    ['https://api.groq.com/openai/v1/chat/completions', false],
    ['https://api.fireworks.ai/inference/v1/chat/completions', false],
  ])('gets the option by default at %s: %s', async (to, isRequested) => {
    const bodies: unknown[] = []
    const under = async (_: unknown, passed?: RequestInit) => {
      bodies.push(passed?.body)
      return new Response('data: [DONE]\n\n')
    }
    tap = tapped('off', under, false, { includeUsage: 'auto' })
    const body = to.endsWith('/v1/completions') ? '{"model":"m","prompt":"a","stream":true}' : chat('')
    await (await fetch(to, { method: 'POST', body })).text()
    expect(bodies.map(asks)).toEqual([isRequested])
    await tap.span()
  })

  it('stays as it is for Azure\'s "on your data"', async () => {
    const to = `${azure}/deployments/d/chat/completions?api-version=2024-10-21`
    const body = chat(',"data_sources":[]')
    expect((await sent({ body }, to)).bodies).toEqual([body])
  })

  it('that is wrong anyway fails as it would have', async () => {
    const refused = await sent({ body: chat('') }, url, () =>
      Response.json({ error: { code: 'bad' } }, { status: 400 }),
    )
    expect(refused).toMatchObject({ status: 400, text: '{"error":{"code":"bad"}}' })
    expect((await tap!.span()).attributes).toMatchObject({ 'error.type': '400', 'afn.llm.error.type': 'bad' })
  })
})

describe('what is removed from a stream', () => {
  const kept = 'data: {"choices":[{"index":0,"delta":{"content":"a \\"usage\\":null, é"}}]}'
  const counts = '{"prompt_tokens":1}'

  function filtered(stream: string, split: number): string {
    const filter = new UsageFilter()
    const bytes = Buffer.from(stream)
    const out: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += split) out.push(filter.push(bytes.subarray(at, at + split)))
    return Buffer.concat([...out, filter.end()]).toString()
  }

  it.each(['\n', '\r\n', '\r'])('is the same however the bytes are split, with lines that end in %j', end => {
    const event = (...lines: string[]) => lines.join(end) + end + end
    const stream = [
      event(': ping'),
      event(kept),
      event('data:{"choices":[{"delta":{"content":"b"}}],"usage":null}'),
      event('id: 1', 'data: { "usage" : null , "choices":[{"delta":{"content":"c"}}]}'),
      event(`data: {"choices":[],"usage":${counts}}`),
      event(`data: {"choices":null,"usage":${counts}}`),
      event(`data: {"usage":${counts}}`),
      event(`data: {"choices":[{"index":0,"delta":{},"finish_reason":null}],"usage":${counts}}`),
      event('data: [DONE]'),
    ]
    const expected = [
      event(': ping'),
      event(kept),
      event('data:{"choices":[{"delta":{"content":"b"}}]}'),
      event('id: 1', 'data: { "choices":[{"delta":{"content":"c"}}]}'),
      event('data: [DONE]'),
    ]
    for (let split = 1; split < 200; split++) expect(filtered(stream.join(''), split)).toBe(expected.join(''))
  })

  it.each([
    ['counts beside content', `data: {"choices":[{"delta":{"content":"a"}}],"usage":${counts}}\n\n`],
    ['counts beside the end', `data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":${counts}}\n\n`],
    ['a filter’s words on the prompt', 'data: {"choices":[],"prompt_filter_results":[]}\n\n'],
    ['a document', '{"choices":[],\n\n"usage":null}'],
    ['an error', 'data: {"error":{"message":"x"},"usage":null'],
    ['what is no JSON', 'data: {"usage":null, oh\n\n'],
    ['the beginning of an event', 'data: {"choices":[],"usa'],
  ])('is never %s', (_, stream) => {
    for (let split = 1; split <= stream.length; split++) expect(filtered(stream, split)).toBe(stream)
  })
})
