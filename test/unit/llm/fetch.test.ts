// fetch itself is the one that was there: its promises, errors, arguments and context, and the bytes that it sends.
import { context, createContextKey, propagation, type Span, trace } from '@opentelemetry/api'
import { isTracingSuppressed, suppressTracing } from '@opentelemetry/core'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import * as observers from '../../../src/app/llm/observe/observers'
import { startLlmTap } from '../../../src/app/llm/observe/start'
import { startReplay } from './replay'
import { type Tapped, tapped } from './tapped'

let replay: Awaited<ReturnType<typeof startReplay>>
beforeAll(async () => {
  replay = await startReplay()
})
afterAll(() => replay.close())

let tap: Tapped | undefined
afterEach(() => {
  tap?.stop()
  tap = undefined
  replay.received.length = 0
})

type HeaderSource = NonNullable<RequestInit['headers']>

const CHAT = 'https://api.openai.com/v1/chat/completions'
const BODY = '{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"Grüße 🍁"}]}'
const post = (body: unknown = BODY, more: RequestInit = {}) => ({ method: 'POST', body, ...more }) as RequestInit
const answer = () => Promise.resolve(Response.json({ id: 'chatcmpl-1', model: 'm', choices: [] }))
const local = (id = 'chat-plain') => `${replay.base(id)}/v1/chat/completions`

describe('the fetch that the app calls', () => {
  it("has the source text of Node's own fetch, which the AI SDK reads before it passes a look-up", () => {
    const text = Function.prototype.toString.call(fetch)
    const original = fetch
    tap = tapped('off')
    expect(fetch).not.toBe(original)
    expect(Function.prototype.toString.call(fetch)).toBe(text)
    expect(text).toContain('lazy loading of undici')
  })

  it('has the name, length, properties and property descriptor of the original', () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
    const marked = Object.assign((() => answer()) as unknown as typeof fetch, { __nextPatched: true })
    tap = tapped('off', marked)
    const after = Object.getOwnPropertyDescriptor(globalThis, 'fetch')!
    expect({ ...after, value: undefined }).toEqual({ ...before, value: undefined })
    expect(fetch).toHaveProperty('__nextPatched', true)
    expect([fetch.name, fetch.length]).toEqual([marked.name, marked.length])
    tap.stop()
    tap = tapped('off')
    expect([fetch.name, fetch.length]).toEqual(['fetch', 1])
  })

  it('returns a promise as the original does, which resolves with the very Response', async () => {
    const response = await answer()
    tap = tapped('off', () => Promise.resolve(response))
    const got = fetch(CHAT, post())
    expect(Object.getPrototypeOf(got)).toBe(Promise.prototype)
    expect(await got).toBe(response)
  })

  it('returns the very promise of the original for what is no call of a model', () => {
    const promise = answer()
    tap = tapped('off', () => promise)
    expect(fetch('https://example.com/', post())).toBe(promise)
  })

  it('passes `this` and all arguments on, and adds none', async () => {
    const seen: unknown[][] = []
    tap = tapped('off', function (this: unknown, ...args: unknown[]) {
      seen.push([this, ...args])
      return answer()
    } as typeof fetch)
    const detached = fetch
    const self = { fetch: detached }
    const init = post()
    await detached(CHAT, init)
    await self.fetch(CHAT, init)
    await (fetch as (...args: unknown[]) => unknown)(CHAT, init, 'third')
    await fetch('https://example.com/')
    await (fetch as () => unknown)()
    expect(seen).toEqual([
      [undefined, CHAT, init],
      [self, CHAT, init],
      [undefined, CHAT, init, 'third'],
      [undefined, 'https://example.com/'],
      [undefined],
    ])
    expect(seen[0]![2]).toBe(init)
  })

  it('throws and rejects with the very errors of the original', async () => {
    const error = new TypeError('no')
    tap = tapped('off', () => {
      throw error
    })
    expect(() => fetch(CHAT, post())).toThrow(error)
    expect((await tap.span()).attributes['error.type']).toBe('TypeError')
    tap.stop()
    tap = tapped('off', () => Promise.reject(error))
    await expect(fetch(CHAT, post())).rejects.toBe(error)
    expect((await tap.span()).status.code).toBe(2)
  })

  it('does not change the request, the init or the headers of the app', async () => {
    tap = tapped('full', answer)
    const headers = Object.freeze({ 'x-mine': '1' })
    const init = Object.freeze(post(BODY, { headers }))
    const bytes = Buffer.from(BODY)
    await fetch(CHAT, init)
    await fetch(CHAT, post(bytes))
    expect(bytes.toString()).toBe(BODY)
    expect(init.headers).toBe(headers)
  })

  it('resolves in the same turn of the event loop as without us', async () => {
    const response = await answer()
    const order: string[] = []
    tap = tapped('off', () => Promise.resolve(response))
    const ticks = (async () => {
      for (let i = 0; i < 5; i++) order.push(`${await i}`)
    })()
    await Promise.all([ticks, fetch(CHAT, post()).then(() => order.push('fetch'))])
    // one step later than without us: the promise is the one that follows
    expect(order.indexOf('fetch')).toBe(2)
  })
})

describe('fetch counts as an LLM call', () => {
  async function spansOf(input: Parameters<typeof fetch>[0], init?: RequestInit) {
    tap = tapped('off', answer)
    const response = await fetch(input, init)
    await response.text()
    return tap.spans()
  }

  it.each([
    ['a string', BODY],
    ['a Uint8Array', new Uint8Array(Buffer.from(BODY))],
    ['part of a larger buffer', Buffer.from(`xx${BODY}`).subarray(2)],
    ['an ArrayBuffer', new Uint8Array(Buffer.from(BODY)).buffer],
    ['a DataView', new DataView(new Uint8Array(Buffer.from(BODY)).buffer)],
  ])('a POST whose body is %s', async (_, body) => {
    const [span] = await spansOf(CHAT, post(body))
    expect(span).toMatchObject({ name: 'chat gpt-5.4-mini' })
  })

  it.each([
    'https://api.openai.com/v1/chat/completions?x=1',
    'http://localhost:8000/v1/chat/completions',
    'https://me.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21',
    'https://me.openai.azure.com/openai/v1/chat/completions',
    'https://api.deepseek.com/chat/completions#x',
  ])('%s', async url => {
    expect(await spansOf(url, post())).toHaveLength(1)
    tap!.stop()
    expect(await spansOf(new URL(url), post(BODY, { method: 'post' }))).toHaveLength(1)
  })

  it.each([
    ['a GET', CHAT, { method: 'GET' }],
    ['another path', 'https://api.openai.com/v1/chat/completions/abc', post()],
    ['a path in the query', 'https://example.com/?to=/v1/chat/completions', post()],
    ['a body of another shape', CHAT, post('{"messages":"no list","model":"m"}')],
    ['a body without a model', CHAT, post('{"messages":[]}')],
    ['a body that is no JSON', CHAT, post('model=m&messages=[]')],
    ['a form', CHAT, post(new URLSearchParams({ model: 'm' }))],
    ['a stream', CHAT, post(new ReadableStream(), { duplex: 'half' } as RequestInit)],
    ['no body', CHAT, { method: 'POST' }],
    ['batches', 'https://api.anthropic.com/v1/messages/batches', post()],
    ['counting', 'https://api.anthropic.com/v1/messages/count_tokens', post()],
    ['an address that is none', '/v1/chat/completions', post()],
    ['somebody else’s messages', 'https://example.com/v1/messages', post('{"model":"m","messages":[]}')],
    ['somebody else’s Request', new Request('https://example.com/v1/messages', post()), undefined],
  ])('and not %s', async (_, input, init) => {
    expect(await spansOf(input, init)).toEqual([])
    expect(tap!.failures).toEqual([])
  })

  it('no request while tracing is suppressed, as our own exports are', async () => {
    tap = tapped('off', answer)
    await context.with(suppressTracing(context.active()), () => fetch(CHAT, post()))
    expect(tap.spans()).toEqual([])
  })
})

it('the HTTP client is instrumented once, before the first call that is no LLM call, and an error in that reaches no app', async () => {
  const seen: unknown[] = []
  const native = globalThis.fetch
  globalThis.fetch = ((input: unknown) => {
    seen.push(input)
    return answer()
  }) as typeof fetch
  const handle = startLlmTap(
    {
      captureContent: 'off',
      tracer: trace.getTracer('x'),
      onFailure: (error, where) => seen.push(`${where}: ${(error as Error).message}`),
      beforeOtherCall() {
        seen.push('told')
        throw new Error('no')
      },
    },
    () => observers,
  )
  try {
    await fetch(CHAT, post())
    await fetch('https://example.com/1')
    await fetch('https://example.com/2')
    expect(seen).toEqual([CHAT, 'told', 'HTTP client: no', 'https://example.com/1', 'https://example.com/2'])
  } finally {
    handle.stop()
    globalThis.fetch = native
  }
})

it('an LLM call has no second span and no trace headers from the instrumentation of fetch, others have both', async () => {
  tap = tapped('off', undefined, true)
  const instrumentation = new UndiciInstrumentation()
  instrumentation.setTracerProvider(tap.provider)
  instrumentation.enable()
  try {
    const parent = tap.provider.getTracer('app').startSpan('handler')
    await context.with(trace.setSpan(context.active(), parent), async () => {
      await (await fetch(local(), post())).text()
      await (await fetch(`${replay.base('chat-plain')}/other`)).text()
    })
    const [llm, other] = replay.received.map(({ rawHeaders }) => rawHeaders.includes('traceparent'))
    expect([llm, other]).toEqual([false, true])
    expect(tap.everySpan().map(span => span.name)).toEqual(['chat gpt-5.4-mini', 'GET'])
  } finally {
    instrumentation.disable()
  }
})

describe('the active context', () => {
  const key = createContextKey('mine')

  it('suppresses spans for what fetch does inside, and stays as it was for the caller', async () => {
    const inside: unknown[] = []
    tap = tapped('off', async () => {
      inside.push(isTracingSuppressed(context.active()), context.active().getValue(key))
      await Promise.resolve()
      inside.push(isTracingSuppressed(context.active()))
      return answer()
    })
    await context.with(context.active().setValue(key, 'here'), async () => {
      const response = await fetch(CHAT, post())
      expect(isTracingSuppressed(context.active())).toBe(false)
      for await (const _ of response.body as unknown as AsyncIterable<Uint8Array>) {
        expect(context.active().getValue(key)).toBe('here')
        expect(isTracingSuppressed(context.active())).toBe(false)
      }
    })
    expect(inside).toEqual([true, 'here', true])
  })

  it("is the parent of an LLM call's span", async () => {
    tap = tapped('off', answer)
    const parent = tap.provider.getTracer('app').startSpan('handler')
    await context.with(trace.setSpan(context.active(), parent), async () => (await fetch(CHAT, post())).text())
    const span = await tap.span()
    expect(span.parentSpanContext?.spanId).toBe(parent.spanContext().spanId)
    expect(span.kind).toBe(2)
  })
})

describe('on an LLM call, trace headers', () => {
  async function sent(headersOf: (span: Span) => HeaderSource, baggage = true): Promise<Record<string, string>> {
    const seen: Headers[] = []
    tap = tapped(
      'off',
      (_, init) => {
        seen.push(new Headers(init?.headers))
        return answer()
      },
      true,
    )
    const span = tap.provider.getTracer('app').startSpan('handler')
    let active = trace.setSpan(context.active(), span)
    if (baggage) active = propagation.setBaggage(active, propagation.createBaggage({ user: { value: 'u1' } }))
    const headers = headersOf(span)
    const before = JSON.stringify([...new Headers(headers)])
    await context.with(active, () => fetch(CHAT, post(BODY, { headers })))
    expect(JSON.stringify([...new Headers(headers)])).toBe(before) // the application's stay as they were
    return Object.fromEntries(seen[0]!)
  }
  const own = (span: Span) => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`
  const foreign = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

  it.each([
    ['an object', (h: Record<string, string>) => h],
    ['a list', (h: Record<string, string>) => Object.entries(h)],
    ['Headers', (h: Record<string, string>) => new Headers(h)],
  ] as [string, (h: Record<string, string>) => HeaderSource][])(
    'of our own propagator are removed from %s',
    async (_, shape) => {
      const got = await sent(span =>
        shape({ 'X-Mine': '1', Traceparent: own(span), Baggage: 'user=u1', 'x-last': '2' }),
      )
      expect(got).toEqual({ 'x-mine': '1', 'x-last': '2' })
    },
  )

  it('of another trace stay, with all headers that belong to them', async () => {
    const headers = { traceparent: foreign, tracestate: 'a=b', baggage: 'c=d' }
    expect(await sent(() => headers)).toEqual(headers)
  })

  it('that no propagator can have written are sent as they are', async () => {
    const got = await sent(span => ({ traceparent: own(span), tracestate: 'mine=1', baggage: 'mine=2' }), false)
    expect(got).toEqual({ tracestate: 'mine=1', baggage: 'mine=2' })
  })
})

describe('at a host that may have `traceparent`, the headers of a call', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  async function sent(headers: HeaderSource | undefined, url = CHAT): Promise<unknown> {
    let seen: unknown
    const under = (_: unknown, init?: RequestInit) => {
      seen = init?.headers
      return answer()
    }
    tap = tapped('off', under, true, { traceparent: () => traceparent })
    await fetch(url, post(BODY, headers && { headers }))
    return seen
  }

  it.each([
    ['an object', { 'X-Mine': '1' }, { 'X-Mine': '1', traceparent }],
    [
      'a list',
      [
        ['a', '1'],
        ['a', '2'],
      ],
      [
        ['a', '1'],
        ['a', '2'],
        ['traceparent', traceparent],
      ],
    ],
  ] as [string, HeaderSource, unknown][])('lose their shape: %s', async (_, headers, wanted) => {
    expect(await sent(headers)).toEqual(wanted)
  })

  it('lose their class', async () => {
    const got = await sent(new Headers({ 'x-mine': '1' }))
    expect(Object.fromEntries(got as Headers)).toEqual({ 'x-mine': '1', traceparent })
  })

  it.each([
    ['that have one in other letters', { TraceParent: 'mine' }],
    ['of a map, which its class alone can read', new Map([['x-mine', '1']]) as unknown as HeaderSource],
    ['that are signed for AWS', { Authorization: 'AWS4-HMAC-SHA256 Credential=…' }],
    ['that are signed by RFC 9421', { 'Signature-Input': 'sig1=()', signature: 'sig1=:c:' }],
  ] as [string, HeaderSource][])('change %s', async (_, headers) => {
    expect(await sent(headers)).toBe(headers)
  })

  it('change where the address is signed', async () => {
    const headers = { 'x-mine': '1' }
    expect(await sent(headers, `${CHAT}?X-Amz-Signature=c`)).toBe(headers)
  })
})

describe('the bytes of an LLM call on the wire are the same', () => {
  async function both(call: () => Promise<unknown>) {
    replay.received.length = 0
    await call()
    tap = tapped('full')
    await call()
    await tap.span()
    expect(tap.failures).toEqual([])
    const [without, withTap] = replay.received
    expect(withTap).toEqual(without)
    return tap.spans()[0]!
  }
  const headers = { 'Content-Type': 'application/json', 'X-Mine': 'ü'.normalize('NFD').slice(0, 1) }

  it('where trace headers were removed: names and order of the others stay', async () => {
    const raw = async (more: Record<string, string>) => {
      const headers = new Headers({ 'X-Mine': '1', ...more, 'A-Last': '2' })
      await (await fetch(local(), post(BODY, { headers }))).text()
      return replay.received.pop()!.rawHeaders
    }
    const without = await raw({})
    tap = tapped('off', undefined, true)
    const span = tap.provider.getTracer('app').startSpan('handler')
    const traceparent = `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`
    expect(await context.with(trace.setSpan(context.active(), span), () => raw({ traceparent }))).toEqual(without)
  })

  it('where the body is a string', () => both(async () => (await fetch(local(), post(BODY, { headers }))).text()))
  it('where the body is bytes', () =>
    both(async () => (await fetch(local(), post(Buffer.from(BODY), { headers }))).text()))

  it.each([
    ['a string', () => ({ body: BODY })],
    ['bytes', () => ({ body: Buffer.from(BODY) })],
    ['a stream', () => ({ body: new Blob([BODY]).stream(), duplex: 'half' })],
  ] as [string, () => object][])('where a Request has %s, and its body is recorded too', async (_, init) => {
    const span = await both(async () => {
      const request = new Request(local(), post(undefined, { headers, ...init() } as RequestInit))
      const sending = fetch(request)
      expect(request.bodyUsed).toBe(true)
      await expect(fetch(request)).rejects.toThrow(TypeError)
      await (await sending).text()
    })
    expect(span.name).toBe('chat gpt-5.4-mini')
    expect(span.attributes['gen_ai.input.messages']).toContain('Grüße 🍁')
  })

  it('where a Request is sent with other headers and another body', async () => {
    const span = await both(async () => {
      const request = new Request(local(), post('{}', { headers }))
      await (await fetch(request, { body: BODY, headers: { ...headers, 'x-other': '1' } })).text()
    })
    expect(span.name).toBe('chat gpt-5.4-mini')
  })

  it('where a Request is cloned for a retry', async () => {
    await both(async () => {
      const request = new Request(local(), post(BODY, { headers }))
      const again = request.clone()
      await (await fetch(request)).text()
      expect(await again.text()).toBe(BODY)
    })
  })
})

describe('the tap on fetch', () => {
  it('is set once, reports a replacement, and puts the original back at its stop', async () => {
    const original = vi.fn(answer) as unknown as typeof fetch
    tap = tapped('off', original)
    const handle = startLlmTap({ captureContent: 'off', tracer: trace.getTracer('x'), onFailure() {} }, () => observers)
    expect(handle.state()).toBe('tapped')
    expect(handle.protocols).toContain('openai-chat')
    const ours = fetch
    globalThis.fetch = (...args) => ours(...args)
    expect(handle.state()).toBe('replaced')
    await (await fetch(CHAT, post())).text()
    expect(tap.spans()).toHaveLength(1) // a wrapper around ours keeps working
    globalThis.fetch = Object.assign((...args: Parameters<typeof fetch>) => ours(...args), { __nextPatched: true })
    expect(handle.state()).toBe('tapped') // by Next.js, which is known to call what it wraps
    globalThis.fetch = ours
    handle.stop()
    expect(fetch).toBe(original)
  })

  it('passes calls on untouched after a stop that could not remove it', async () => {
    tap = tapped('off', answer)
    const ours = fetch
    const wrapper: typeof fetch = (...args) => ours(...args)
    globalThis.fetch = wrapper
    startLlmTap({ captureContent: 'off', tracer: trace.getTracer('x'), onFailure() {} }, () => observers).stop()
    expect(fetch).toBe(wrapper)
    await fetch(CHAT, post())
    expect(tap.spans()).toEqual([])
  })

  it('is not set where there is no fetch', () => {
    const native = globalThis.fetch
    globalThis.fetch = undefined as unknown as typeof fetch
    try {
      const handle = startLlmTap(
        { captureContent: 'off', tracer: trace.getTracer('x'), onFailure() {} },
        () => observers,
      )
      expect(handle.state()).toBe('absent')
      handle.stop()
    } finally {
      globalThis.fetch = native
    }
  })
})

it('a failure of ours is reported and never the application’s', async () => {
  const failures: string[] = []
  const broken = {
    startSpan() {
      throw new Error('tracer')
    },
  }
  const native = globalThis.fetch
  globalThis.fetch = answer as typeof fetch
  const handle = startLlmTap(
    {
      captureContent: 'off',
      tracer: broken as never,
      onFailure(error, where) {
        failures.push(`${where}: ${(error as Error).message}`)
        throw new Error('the report fails, too')
      },
    },
    () => observers,
  )
  try {
    const response = await fetch(CHAT, post())
    expect(await response.json()).toMatchObject({ id: 'chatcmpl-1' })
    expect(failures).toEqual(['request: tracer'])
  } finally {
    handle.stop()
    globalThis.fetch = native
  }
})
