// What the app gives to withAgent() and the like comes back as it would without us, and the span ends when it is over.
import { context, type Span, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setUser, withAgent, withConversation, withRetrieval, withTool, withWorkflow } from '../../../src/app/api'
import { scopeOf } from '../../../src/app/llm/spans/scope'
import { slot } from '../../../src/app/runtime'

let ended: ReadableSpan[]
let failures: unknown[]

beforeEach(() => {
  ended = []
  failures = []
  const processor = {
    onStart() {},
    onEnd: (span: ReadableSpan) => void ended.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }))
  slot().runtime = {
    status: () => ({}) as never,
    flush: async () => {},
    content: true,
    identify() {},
    failed: error => void failures.push(error),
  }
})

afterEach(() => {
  trace.disable()
  context.disable()
  delete slot().runtime
  expect(failures).toEqual([])
})

const names = () => ended.map(({ name }) => name)
const active = () => (trace.getActiveSpan() as (Span & ReadableSpan) | undefined)?.name
const later = () => new Promise(resolve => setImmediate(resolve))

describe('what comes back', () => {
  it('of a plain function is its own, and the span has ended', () => {
    const result = { a: 1 }
    expect(withAgent('a', () => result)).toBe(result)
    expect(names()).toEqual(['invoke_agent a'])
  })

  it('of an async function is a promise; the span is active until it settles', async () => {
    const promise = withAgent('a', async () => {
      await later()
      return active()
    })
    expect([promise.constructor, names()]).toEqual([Promise, []])
    expect([await promise, names()]).toEqual(['invoke_agent a', ['invoke_agent a']])
  })

  it.each<[string, (error: unknown) => unknown]>([
    [
      'thrown',
      error => {
        throw error
      },
    ],
    ['rejected', async error => Promise.reject(error)],
    [
      'thrown by a generator',
      error =>
        (async function* () {
          yield 1
          throw error
        })(),
    ],
  ])('an error that is %s is the same, and recorded', async (_, fail) => {
    const error = Object.assign(new TypeError('no such city'), { extra: 1 })
    const caught = await (async () => {
      for await (const _ of (await withTool('t', () => fail(error))) as AsyncIterable<unknown>);
    })().catch(thrown => thrown)
    expect(caught).toBe(error)
    expect(ended).toMatchObject([
      {
        name: 'execute_tool t',
        status: { code: 2, message: 'no such city' },
        attributes: { 'error.type': 'TypeError' },
        events: [{ name: 'exception' }],
      },
    ])
  })

  async function* numbers() {
    for (const n of [1, 2, 3]) {
      await later()
      yield [n, active()] as const
    }
  }

  it.each<[string, number, number]>([
    ['to its end', 9, 3],
    ['up to a break', 2, 2],
  ])('a generator that is read %s runs inside, and ends the span', async (_, most, read) => {
    const generator = numbers()
    const seen: unknown[] = []
    const followed = withAgent('a', () => generator)
    expect([followed === generator, names()]).toEqual([true, []])
    for await (const one of followed) if (seen.push(one) >= most) break
    expect(seen).toEqual([1, 2, 3].slice(0, read).map(n => [n, 'invoke_agent a']))
    expect(names()).toEqual(['invoke_agent a'])
    expect(active()).toBeUndefined()
  })

  it('a stream that a promise gives is followed too, on its own object', async () => {
    class Stream {
      #secret = 7
      tee = () => this.#secret;
      [Symbol.asyncIterator]() {
        return numbers()
      }
    }
    const stream = new Stream()
    const followed = await withAgent('a', async () => stream)
    expect([followed, followed.tee(), names()]).toEqual([stream, 7, []])
    for await (const _ of followed);
    expect(names()).toEqual(['invoke_agent a'])
  })

  it('a generator that is not async', () => {
    const followed = withTool('t', function* () {
      yield active()
      return 'last'
    })
    expect([followed.next(), names()]).toEqual([{ done: false, value: 'execute_tool t' }, []])
    expect([followed.next(), names()]).toEqual([{ done: true, value: 'last' }, ['execute_tool t']])
  })

  it('what works only when it is awaited is awaited once, and keeps its other methods', async () => {
    let runs = 0
    const query = {
      where: () => query,
      // biome-ignore lint/suspicious/noThenProperty: query builders are such
      then: (done: (rows: unknown) => void) => {
        runs++
        done(active())
      },
    }
    const followed = withTool('t', () => query).where()
    await later()
    expect([followed === query, runs, names()]).toEqual([true, 0, []])
    expect([await (followed as unknown), runs, names()]).toEqual(['execute_tool t', 1, ['execute_tool t']])
  })

  it("an SDK's own promise keeps its methods", async () => {
    class ApiPromise extends Promise<unknown> {
      raw = () => 'response'
    }
    const followed = withAgent('a', () => new ApiPromise(resolve => resolve(1)))
    expect([followed instanceof ApiPromise, followed.raw()]).toEqual([true, 'response'])
    expect([await followed.catch(() => 0).finally(() => {}), names()]).toEqual([1, ['invoke_agent a']])
  })

  it('an object that many calls return is hooked once, and ends the spans of all of them', async () => {
    class Shared extends Promise<number> {}
    const shared = Shared.resolve(7)
    const generator = (function* () {
      yield 1
    })()
    for (let n = 0; n < 20_000; n++) {
      withTool('promise', () => shared)
      withTool('generator', () => generator)
    }
    expect(await shared).toBe(7)
    expect([...generator]).toEqual([1])
    expect(ended).toHaveLength(40_000)
    withTool('later', () => shared)
    expect(await shared).toBe(7)
    expect(ended).toHaveLength(40_001)
  })

  it('what is frozen ends at once', () => {
    const frozen = Object.freeze({ [Symbol.asyncIterator]: numbers })
    expect([withAgent('a', () => frozen), names()]).toEqual([frozen, ['invoke_agent a']])
  })
})

describe('attributes', () => {
  it.each<[string, () => unknown, string, number, object]>([
    [
      'an agent',
      () => withAgent({ name: 'a', id: '1', description: 'helps', version: '2' }, () => 1),
      'invoke_agent a',
      0,
      { 'gen_ai.agent.name': 'a', 'gen_ai.agent.description': 'helps' },
    ],
    ['a workflow', () => withWorkflow('w', () => 1), 'invoke_workflow w', 0, { 'gen_ai.agent.name': 'w' }],
    [
      'a tool',
      () => withTool({ name: 't', callId: 'c', arguments: { city: 'Bern' } }, () => ({ degrees: 21 })),
      'execute_tool t',
      0,
      {
        'gen_ai.tool.name': 't',
        'gen_ai.tool.type': 'function',
        'gen_ai.tool.call.id': 'c',
        'gen_ai.tool.call.arguments': '{"city":"Bern"}',
        'gen_ai.tool.call.result': '{"degrees":21}',
      },
    ],
    [
      'a tool that gives text',
      () => withTool('t', () => 'warm'),
      'execute_tool t',
      0,
      { 'gen_ai.tool.call.result': 'warm' },
    ],
    [
      'a search',
      () => withRetrieval({ dataSource: 'docs', query: 'how', topK: 2 }, () => [{ id: 'd1', score: 0.5 }]),
      'retrieval',
      0,
      {
        'gen_ai.data_source.id': 'docs',
        'gen_ai.retrieval.top_k': 2,
        'gen_ai.retrieval.query.text': 'how',
        'gen_ai.retrieval.documents': '[{"id":"d1","score":0.5}]',
      },
    ],
  ])('%s', (_, act, name, kind, attributes) => {
    act()
    expect(ended).toMatchObject([{ name, kind, attributes }])
    expect(ended[0]?.attributes['gen_ai.operation.name']).toBe(name.split(' ', 1)[0])
  })

  it('of an agent have id and version only for who reads names of v1.41', () => {
    const run = () => withAgent({ name: 'a', id: '1', version: '2' }, () => 1)
    run()
    slot().runtime = { ...slot().runtime!, oldNames: true }
    run()
    const said = ended.map(({ attributes }) => [attributes['gen_ai.agent.id'], attributes['gen_ai.agent.version']])
    expect(said).toEqual([
      [undefined, undefined],
      ['1', '2'],
    ])
  })

  it('are cut to a bounded size and stay JSON', () => {
    withTool('t', () => [{ text: 'x'.repeat(2e5) }, { text: 'y'.repeat(2e5) }])
    const json = String(ended[0]?.attributes['gen_ai.tool.call.result'])
    expect([json.length < 65_537, JSON.parse(json).length]).toEqual([true, 2])
  })

  it('hold no content where none is captured', () => {
    Object.assign(slot().runtime ?? {}, { content: false })
    withTool({ name: 't', arguments: { a: 1 } }, () => 'warm')
    withRetrieval({ query: 'how' }, () => [1])
    expect(
      ended.flatMap(({ attributes }) => Object.keys(attributes)).filter(key => /call\.|text|documents/.test(key)),
    ).toEqual([])
  })

  it('what cannot be recorded is a diagnostic, and the function runs all the same', () => {
    expect(withTool('t', () => 1n)).toBe(1n)
    expect([names(), failures.splice(0).length]).toEqual([['execute_tool t'], 1])
  })
})

describe('the scope', () => {
  it('is what nested work finds, also in a generator', async () => {
    const next = () => {
      const found: Record<string, unknown>[] = []
      for (let scope = scopeOf(context.active()); scope; scope = scope.outer) found.push({ ...scope.set })
      return found
    }
    const followed = withConversation('c-1', () =>
      withAgent('outer', async function* () {
        yield next()
        yield withAgent('inner', next)
      }),
    )
    const seen = []
    for await (const one of followed) seen.push(one)
    const [conversation, outer, inner] = [
      { 'gen_ai.conversation.id': 'c-1' },
      { 'gen_ai.agent.name': 'outer' },
      { 'gen_ai.agent.name': 'inner' },
    ]
    expect(seen).toEqual([
      [outer, conversation],
      [inner, outer, conversation],
    ])
  })
})

it('without an SDK they only call the function', async () => {
  trace.disable()
  delete slot().runtime
  setUser('u')
  const result = {}
  const odd = [undefined, null, 7, {}] as unknown as string[]
  for (const name of odd) {
    setUser(name)
    expect(
      withAgent(name, () => withTool(name, () => withRetrieval(name, () => withWorkflow(name, () => result)))),
    ).toBe(result)
  }
  expect(await withConversation('c', async () => withAgent('a', async () => 1))).toBe(1)
})
