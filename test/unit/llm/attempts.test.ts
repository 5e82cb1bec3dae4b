// Which attempt a request is, and what the answer says about the rate limit.
import { context, trace } from '@opentelemetry/api'
import { afterEach, describe, expect, it } from 'vitest'
import { rateLimitAttributes } from '../../../src/app/llm/observe/response-attributes'
import { collectGarbage, type Tapped, tapped } from './tapped'

let tap: Tapped | undefined
afterEach(() => tap?.stop())

const CHAT = 'https://api.openai.com/v1/chat/completions'
const body = (content: string) => JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] })
const refused = () => Response.json({ error: { message: 'slow down', code: 'rate_limit_exceeded' } }, { status: 429 })
const answered = () => Response.json({ id: 'c', model: 'm', choices: [] })

/** Sends each body in turn under one span, and tells the attempts that the spans carry. */
async function attempts(
  requests: { body: string | Uint8Array; url?: string; headers?: RequestInit['headers']; answer: () => Response }[],
) {
  const answers = requests.map(({ answer }) => answer)
  tap = tapped('off', async () => answers.shift()!())
  const parent = tap.provider.getTracer('app').startSpan('handler')
  await context.with(trace.setSpan(context.active(), parent), async () => {
    for (const { body, url = CHAT, headers } of requests) {
      await (await fetch(url, { method: 'POST', body: body as string, ...(headers && { headers }) })).text()
    }
  })
  return tap.spans().map(({ attributes }) => attributes['afn.llm.attempt'])
}

describe('calls of an LLM that a client repeats', () => {
  it('have one error.type where they fail in the same way, whether their body was read or not', async () => {
    // The client's own retries are the oracle: it reads the body of the last attempt only.
    const { default: OpenAI } = await import('openai')
    const answer = () => Response.json({ error: { message: 'busy', type: 'server_error' } }, { status: 503 })
    tap = tapped('off', async () => new Response(answer().body, { status: 503, headers: { 'retry-after-ms': '1' } }))
    const client = new OpenAI({ apiKey: 'sk-test', maxRetries: 2, fetch: (...args) => fetch(...args) })
    const chat = client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'a' }] })
    await expect(chat).rejects.toMatchObject({ status: 503, type: 'server_error' })
    await collectGarbage() // the bodies that were not read
    const types = tap
      .spans()
      .map(({ attributes }) => [attributes['error.type'], attributes['http.response.status_code']])
    expect(types).toEqual([
      ['503', 503],
      ['503', 503],
      ['503', 503],
    ])
  })

  it('are counted where the same bytes go out again after a failure', async () => {
    const [a, b] = [body('a'), body('b')]
    expect(
      await attempts([
        { body: a, answer: refused },
        { body: b, answer: answered },
        { body: a, answer: refused },
        { body: new TextEncoder().encode(a), answer: refused },
        { body: a, answer: answered },
        { body: a, answer: answered }, // a repetition after a success is another call
      ]),
    ).toEqual([undefined, undefined, 2, 3, 4, undefined])
  })

  it('to another address are no attempts at the same call', async () => {
    const requests = [
      { body: body('a'), answer: refused },
      { body: body('a'), url: `${CHAT}?x=1`, answer: answered },
    ]
    expect(await attempts(requests)).toEqual([undefined, undefined])
  })

  it('are taken from the count of an SDK, however the headers are passed', async () => {
    const count = (value: string) => ({ 'X-Stainless-Retry-Count': value })
    expect(
      await attempts([
        { body: body('a'), headers: count('0'), answer: refused },
        { body: body('a'), headers: new Headers(count('1')), answer: refused },
        { body: body('a'), headers: Object.entries(count('2')), answer: answered },
        { body: body('a'), headers: count('many'), answer: answered },
      ]),
    ).toEqual([1, 2, 3, undefined])
  })

  it('leave an iterator of headers to fetch', async () => {
    const seen: string[] = []
    tap = tapped('off', async (_, init) => {
      for (const [name] of init!.headers as Iterable<[string, string]>) seen.push(name)
      return answered()
    })
    const headers = new Map([['x-mine', '1']]).entries()
    await fetch(CHAT, { method: 'POST', body: body('a'), headers: headers as never })
    expect(seen).toEqual(['x-mine'])
  })

  it('are known by what they asked, and the prompt of one that failed does not stay in memory', async () => {
    tap = tapped('off', async () => refused())
    const bodies: WeakRef<ArrayBuffer>[] = []
    for (const content of ['a', 'b', 'c']) {
      const bytes = new TextEncoder().encode(body(content))
      bodies.push(new WeakRef(bytes.buffer))
      await fetch(CHAT, { method: 'POST', body: bytes, headers: { 'x-stainless-retry-count': '0' } })
    }
    await collectGarbage()
    // the last may still stand on the stack
    expect(bodies.slice(0, -1).map(bytes => bytes.deref())).toEqual([undefined, undefined])
  })

  it('are not looked for where no span is around them', async () => {
    const answers = [refused, answered]
    tap = tapped('off', async () => answers.shift()!())
    for (const _ of [1, 2]) await (await fetch(CHAT, { method: 'POST', body: body('a') })).text()
    expect(tap.spans().map(({ attributes }) => attributes['afn.llm.attempt'])).toEqual([undefined, undefined])
  })
})

describe('the rate limit that a provider names', () => {
  const at = Date.parse('2026-11-24T12:00:00Z')
  const attributesOf = (headers: Record<string, string>, status = 200) =>
    rateLimitAttributes(name => headers[name], status, at)
  const limits = (requests: number[], tokens: number[]) => ({
    'afn.llm.rate_limit.requests.limit': requests[0],
    'afn.llm.rate_limit.requests.remaining': requests[1],
    'afn.llm.rate_limit.tokens.limit': tokens[0],
    'afn.llm.rate_limit.tokens.remaining': tokens[1],
  })

  it.each([
    [
      'OpenAI',
      'x-ratelimit-limit-requests',
      'x-ratelimit-remaining-requests',
      'x-ratelimit-limit-tokens',
      'x-ratelimit-remaining-tokens',
    ],
    [
      'Anthropic',
      'anthropic-ratelimit-requests-limit',
      'anthropic-ratelimit-requests-remaining',
      'anthropic-ratelimit-tokens-limit',
      'anthropic-ratelimit-tokens-remaining',
    ],
    [
      'Together',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-limit-tokens',
      'x-ratelimit-remaining-tokens',
    ],
    [
      'Mistral',
      'x-ratelimit-limit-req-minute',
      'x-ratelimit-remaining-req-minute',
      'x-ratelimit-limit-tokens-minute',
      'x-ratelimit-remaining-tokens-minute',
    ],
  ])('is on the span, as %s writes it', (_, a, b, c, d) => {
    expect(attributesOf({ [a]: '500', [b]: '0', [c]: '200000', [d]: '199000' })).toEqual(
      limits([500, 0], [200_000, 199_000]),
    )
  })

  it('is left out where it is no number', () => {
    expect(attributesOf({ 'x-ratelimit-limit-requests': 'unlimited', 'x-ratelimit-remaining-requests': '-1' })).toEqual(
      {},
    )
  })

  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': '1.5' }, 1.5],
    [{ 'retry-after-ms': '250', 'retry-after': '1' }, 0.25],
    [{ 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' }, 30],
    [{ 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('has the seconds for which a refused client has to wait, from %j', (headers, seconds) => {
    expect(attributesOf(headers as Record<string, string>, 429)['afn.llm.retry_after']).toBe(seconds)
    expect(attributesOf(headers as Record<string, string>)['afn.llm.retry_after']).toBeUndefined()
  })
})
