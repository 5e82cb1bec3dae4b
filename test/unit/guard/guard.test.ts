// A budget before the calls of this process: which ones it concerns, what it refuses, and what it counts.
import { context, trace } from '@opentelemetry/api'
import { afterEach, expect, it, vi } from 'vitest'
import { BudgetExceededError, BudgetUnknownError } from '../../../src/app/guard/errors'
import { createGuard } from '../../../src/app/guard/guard'
import type { Guard, GuardOptions } from '../../../src/app/guard/options'
import type { BudgetStore } from '../../../src/app/guard/store'
import type { LlmTapOptions } from '../../../src/app/llm/observe/options'
import { withScope } from '../../../src/app/llm/spans/scope'
import { diagnostics } from '../../../src/shared/diag/report'
import { type Tapped, tapped } from '../llm/tapped'
import { pricer } from './recorded'

const OPENAI = 'https://api.openai.com/v1/chat/completions'
const asked = { model: 'gpt-4o-mini', max_tokens: 100, messages: [{ role: 'user', content: 'Rain?' }] }
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
/** USD: 10 tokens at 0.15 and 5 at 0.60 per million. */
const cost = (10 * 0.15 + 5 * 0.6) / 1e6

let tap: Tapped | undefined
afterEach(() => {
  tap?.stop()
  tap = undefined
})

const answer = (body: object = { id: 'c', model: 'gpt-4o-mini', choices: [{ index: 0, message: { role: 'assistant', content: 'No.' }, finish_reason: 'stop' }], usage }) =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }) // biome-ignore format: one line

interface Started {
  readonly guard: Guard
  readonly sent: string[]
  ask(body?: object, url?: string, init?: RequestInit): Promise<unknown>
}

function start(
  options: Partial<GuardOptions> & { amount?: number },
  respond: () => Response | Promise<Response> = answer,
): Started {
  const { amount = 1, ...rest } = options
  const holder = {} as LlmTapOptions
  const settings = { serviceName: 'chat', resourceAttributes: { team: 'pay' } }
  const guard = createGuard(holder, pricer, settings).add({ budget: { name: 'b', period: 'day', amount }, ...rest })
  const sent: string[] = []
  const under = async (_: unknown, init?: RequestInit) => {
    sent.push(String(init?.body))
    init?.signal?.throwIfAborted()
    return respond()
  }
  tap = tapped('off', under as typeof fetch, false, { guard: holder.guard })
  return {
    guard,
    sent,
    ask: async (body = asked, url = OPENAI, init) =>
      (await fetch(url, { method: 'POST', body: JSON.stringify(body), ...init })).text(),
  }
}

const settled = (guard: Guard) =>
  vi.waitFor(async () => {
    const standing = await guard.standing()
    expect(standing.reserved).toBe(0)
    return standing
  })

it('a call is refused before it is sent, with an error that names budget, sums and bound', async () => {
  const { ask, sent } = start({ amount: 0 })
  const error = await ask().catch((error: unknown) => error)
  expect(error).toBeInstanceOf(BudgetExceededError)
  expect(error).toMatchObject({
    code: 'budget_exceeded',
    status: 402,
    budget: 'b',
    limit: 0,
    spent: 0,
    reserved: 0,
    model: 'gpt-4o-mini',
  })
  // 100 tokens of the answer alone, at the price of the fastest tier
  expect((error as BudgetExceededError).bound).toBeGreaterThan((100 * 1) / 1e6)
  expect((error as Error).message).toContain('Lower max_tokens')
  expect(sent).toEqual([])
  const span = await tap!.span()
  expect(span.attributes['error.type']).toBe('budget_exceeded')
})

it('what a call really cost takes the place of what was reserved for it', async () => {
  const { ask, guard } = start({})
  await ask()
  expect((await settled(guard)).spent).toBeCloseTo(cost, 9)
  await ask()
  await vi.waitFor(async () => expect((await guard.standing()).spent).toBeCloseTo(2 * cost, 9))
})

const SPEECH = 'https://api.openai.com/v1/audio/speech'
const sound = () => new Response('ID3sound', { headers: { 'content-type': 'audio/mpeg' } })

it('speech, whose answer is plain sound, is refused for want of a bound, or counts as nothing', async () => {
  const { ask, guard } = start({}, sound)
  await ask({ model: 'tts-1', input: 'Good morning', voice: 'alloy' }, SPEECH)
  expect((await settled(guard)).spent).toBeCloseTo(12 * 15e-6, 9)
  const unknown = await ask({ model: 'gpt-4o-mini-tts', input: 'Hello', voice: 'alloy' }, SPEECH).catch(
    (error: unknown) => error,
  )
  expect(unknown).toBeInstanceOf(BudgetUnknownError)
  expect(String(unknown)).toContain('no document bounds')
})

it('the file of a form is not looked at, or the form does not reach the provider as it was', async () => {
  const wav = Buffer.alloc(44 + 320_000)
  wav.write('RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data', 'latin1')
  const form = new FormData()
  form.set('model', 'whisper-1')
  form.set('file', new Blob([wav]), 'a.wav')
  const transcribe = () => fetch('https://api.openai.com/v1/audio/transcriptions', { method: 'POST', body: form })
  const heard = start({}, () => answer({ text: 'Hello', usage: { type: 'duration', seconds: 10 } }))
  await (await transcribe()).text()
  expect((await settled(heard.guard)).spent).toBeCloseTo(10 * 1e-4, 9)
  tap?.stop()
  // 12 seconds at most
  start({ amount: 0.0011 })
  await expect(transcribe()).rejects.toMatchObject({ code: 'budget_exceeded', bound: expect.closeTo(0.0012, 9) })
})

it('a ranking counts as the most that it could cost, though its answer says how many searches it was', async () => {
  const { ask, guard } = start({}, () => answer({ results: [], meta: { billed_units: { search_units: 1 } } }))
  const long = Array(150).fill('a'.repeat(900))
  await ask({ model: 'rerank-v3.5', query: 'Who?', documents: long }, 'https://api.cohere.com/v2/rerank')
  expect((await settled(guard)).spent).toBeCloseTo(0.002, 9)
})

it('only calls of its scope are held: by provider, model, feature, user, service and team', async () => {
  const scoped = async (
    scope: GuardOptions['scope'],
    body?: object,
    run = (work: () => Promise<unknown>) => work(),
  ) => {
    const { ask, sent } = start({ amount: 0, ...(scope && { scope }) })
    const refused = await run(() => ask(body)).then(
      () => false,
      error => error instanceof BudgetExceededError,
    )
    expect(sent).toHaveLength(refused ? 0 : 1)
    tap?.stop()
    return refused
  }
  const inScope = (name: string, value: string) => (work: () => Promise<unknown>) =>
    context.with(withScope(context.active(), { [name]: value }), work)
  expect(await scoped({ provider: 'openai', service: 'chat', team: 'pay' })).toBe(true)
  expect(await scoped({ provider: 'anthropic' })).toBe(false)
  expect(await scoped({ service: 'other' })).toBe(false)
  expect(await scoped({ model: ['gpt-4o', 'gpt-4o-mini'] })).toBe(true)
  expect(await scoped({ model: 'gpt-4o' })).toBe(false)
  expect(await scoped({ feature: 'support' }, asked, inScope('gen_ai.agent.name', 'support'))).toBe(true)
  expect(await scoped({ feature: 'support' }, asked, inScope('gen_ai.agent.name', 'sales'))).toBe(false)
  expect(await scoped({ feature: 'support' })).toBe(false)
  expect(await scoped({ user: 'u1' }, asked, inScope('user.id', 'u1'))).toBe(true)
  const onSpan = async (work: () => Promise<unknown>) => {
    const span = tap!.provider.getTracer('app').startSpan('request', { attributes: { 'user.id': 'u1' } })
    return context.with(trace.setSpan(context.active(), span), work)
  }
  expect(await scoped({ user: 'u1' }, asked, onSpan)).toBe(true)
})

it('of several budgets all have to fit, and what one granted is given back when another refuses', async () => {
  const holder = {} as LlmTapOptions
  const guards = createGuard(holder, pricer, { serviceName: 'chat', resourceAttributes: {} })
  const wide = guards.add({ budget: { name: 'wide', period: 'month', amount: 1 } })
  const narrow = guards.add({ budget: { name: 'narrow', period: 'day', amount: 0 } })
  tap = tapped('off', (async () => answer()) as typeof fetch, false, { guard: holder.guard })
  const ask = async () => (await fetch(OPENAI, { method: 'POST', body: JSON.stringify(asked) })).text()
  await expect(ask()).rejects.toMatchObject({ budget: 'narrow' })
  expect(await settled(wide)).toMatchObject({ spent: 0 })
  narrow.stop()
  await ask()
  expect((await settled(wide)).spent).toBeGreaterThan(0)
})

it('a call that fails costs nothing, and one of which nobody knows what it cost counts as the most that it could', async () => {
  const failed = start({}, () => new Response('{"error":{"message":"no"}}', { status: 429 }))
  await failed.ask()
  expect(await settled(failed.guard)).toMatchObject({ spent: 0 })
  tap?.stop()
  const unreachable = start({}, () =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })),
  )
  await unreachable.ask().catch(() => {})
  expect(await settled(unreachable.guard)).toMatchObject({ spent: 0 })
  tap?.stop()
  const untold = start({}, () =>
    answer({
      id: 'c',
      model: 'gpt-4o-mini',
      choices: [{ index: 0, message: { role: 'assistant', content: 'No.' }, finish_reason: 'stop' }],
    }),
  )
  await untold.ask()
  expect((await settled(untold.guard)).spent).toBeGreaterThan(100e-6)
  expect(diagnostics().some(({ code, message }) => code === 'AFN177' && message.includes('counts as spent'))).toBe(true)
})

it('a stream that the app leaves counts what is known, and for the rest the most that it could be', async () => {
  const chunk = (data: object) => `data: ${JSON.stringify({ id: 'c', model: 'gpt-4o-mini', ...data })}\n\n`
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(chunk({ choices: [{ index: 0, delta: { content: 'N' } }] })))
    },
  })
  const { ask: _, guard } = start({}, () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
  const response = await fetch(OPENAI, { method: 'POST', body: JSON.stringify({ ...asked, stream: true }) })
  for await (const piece of response.body!) {
    expect(piece.length).toBeGreaterThan(0)
    break
  }
  expect((await settled(guard)).spent).toBeGreaterThan(100e-6)
})

it('a call that the app gives up before it is sent costs nothing', async () => {
  const { ask, guard } = start({})
  await expect(ask(asked, OPENAI, { signal: AbortSignal.abort() })).rejects.toThrow()
  expect(await settled(guard)).toMatchObject({ spent: 0 })
})

it('a call without a known bound or price is refused, and sent where the app says so', async () => {
  const unknown = { ...asked, model: 'nobody-has-a-price' }
  const closed = start({})
  const error = await closed.ask(unknown).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(BudgetUnknownError)
  expect((error as Error).message).toContain('no price is known')
  expect(closed.sent).toEqual([])
  tap?.stop()
  const open = start({ failOpen: true })
  await open.ask(unknown)
  expect(open.sent).toHaveLength(1)
})

it('a store that is away refuses calls, and lets them through where the app says so', async () => {
  const down = () => Promise.reject(new Error('connection is closed'))
  const store: BudgetStore = { reserve: down, settle: down, renew: down, sums: down }
  const closed = start({ store })
  await expect(closed.ask()).rejects.toMatchObject({
    code: 'budget_unknown',
    message: expect.stringContaining('connection is closed'),
  })
  tap?.stop()
  const open = start({ store, failOpen: true })
  await open.ask()
  expect(open.sent).toHaveLength(1)
})

it('a failure of ours stops no call', async () => {
  const { ask, sent } = start({ countTokens: () => { throw new Error('tokenizer') } }) // biome-ignore format: one line
  await ask()
  expect(sent).toHaveLength(1)
})

it('every wrong option is said at once, with the remedy', () => {
  const wrong = { budget: { period: 'year', amount: -1, timeZone: 'Asia/Tokio' }, scope: { modell: 'x' }, failOpen: 1 }
  const add = () =>
    createGuard({} as LlmTapOptions, pricer, { serviceName: 'a', resourceAttributes: {} }).add(wrong as never)
  expect(add).toThrow(TypeError)
  for (const part of ['day, week, month', 'US dollars', 'did you mean "Asia/Tokyo"', 'scope.modell', 'failOpen is 1'])
    expect(add).toThrow(part)
})

it('a setting makes budgets of this process, and says which of its parts is none', async () => {
  const holder = {} as LlmTapOptions
  const guard = createGuard(holder, pricer, { serviceName: 'a', resourceAttributes: {} })
  guard.addAll(['20/days'])
  expect(holder.guard).toBeUndefined()
  expect(diagnostics().some(({ message }) => message.includes('"20/days" is no budget'))).toBe(true)
  guard.addAll(['0/month'])
  tap = tapped('off', (async () => answer()) as typeof fetch, false, { guard: holder.guard })
  const ask = fetch(OPENAI, { method: 'POST', body: JSON.stringify(asked) })
  await expect(ask).rejects.toMatchObject({ budget: '0/month' })
})

it('a client that repeats every rejected fetch gets an answer that throws the error when it is looked at', async () => {
  const { sent } = start({ amount: 0 })
  const headers = { 'x-stainless-retry-count': '0' }
  const response = await fetch(OPENAI, { method: 'POST', body: JSON.stringify(asked), headers })
  expect(() => response.ok).toThrow(BudgetExceededError)
  expect(sent).toEqual([])
})

it.each([
  ['NaN', Number.NaN],
  ['less than nothing', -1e9],
  ['a text', '7'],
])('a tokenizer of the app that gave %s refused every call, or let every call pass', async (_, tokens) => {
  const countTokens = () => tokens as number
  const { ask, sent } = start({ countTokens })
  await ask()
  expect(sent).toHaveLength(1)
  tap?.stop()
  const poor = start({ countTokens, amount: 0 })
  expect(await poor.ask().catch((error: unknown) => error)).toBeInstanceOf(BudgetExceededError)
  expect(poor.sent).toEqual([])
  expect(diagnostics().some(({ message }) => /countTokens failed, and bytes count/.test(message))).toBe(true)
})

it('a call that was sent unchecked, since the check failed, cost its budget nothing', async () => {
  const failing = vi.spyOn(pricer, 'price').mockImplementationOnce(() => {
    throw new Error('no table')
  })
  const { ask, guard } = start({})
  // of one that was asked before, what a token costs is known
  await ask({ ...asked, model: 'gpt-4.1-nano' })
  await vi.waitFor(async () => expect((await guard.standing()).spent).toBeCloseTo(cost, 9))
  failing.mockRestore()
})

it('fake timers of an app held its calls for ever', async () => {
  vi.useFakeTimers()
  try {
    const never: BudgetStore = {
      reserve: () => new Promise(() => {}),
      settle: async () => {},
      renew: async () => {},
      sums: async () => ({ spent: 0, reserved: 0 }),
    }
    const { ask } = start({ store: never })
    expect(await ask().catch((error: unknown) => error)).toBeInstanceOf(BudgetUnknownError)
  } finally {
    vi.useRealTimers()
  }
})

it('each call of a model asked again what a token costs at most', async () => {
  const { ask, sent, guard } = start({})
  await ask()
  await settled(guard)
  const price = vi.spyOn(pricer, 'price')
  await ask()
  expect(sent).toHaveLength(2)
  await settled(guard)
  // what it cost
  expect(price.mock.calls.length).toBe(1)
  price.mockRestore()
})
