// An agent that repeats itself is seen where its requests have only what is new, and the provider keeps the rest.
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { AlwaysOffSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Remembered } from '../../../src/app/guard/remembered'
import * as observers from '../../../src/app/llm/observe/observers'
import { startLlmTap } from '../../../src/app/llm/observe/start'
import { protocolAt } from '../../../src/app/llm/providers/paths'
import { noHeader } from '../../../src/app/llm/providers/protocol'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { recordCalls } from '../../../src/app/sdk/sampler'
import { Random } from '../../support/random'
import { type Tapped, tapped } from '../llm/tapped'
import type { Turn } from './agents'
import { type Answered, answered, eventsOf, type KeptShape, keptShapes } from './kept-agents'
import { call, excused, goodRun, loopOf, reordered, TOOLS, times } from './runs'
import { watch } from './watch'

const TASK = 'Find the invoice of ACME.'

type Guard = ReturnType<typeof watch>

/** The calls of a run, one after the other. */
class Run {
  readonly #past: Answered[] = []

  constructor(
    private readonly guard: Guard,
    private readonly shape: KeptShape,
    private readonly name: string,
  ) {}

  /** Asks, and has the answer of this turn. @returns why the request before it was refused */
  async turn(turn: Turn): Promise<Error | undefined> {
    const { shape, name } = this
    const refusal = await this.asks()
    const next = answered(name, this.#past.length, turn)
    this.#answered?.(JSON.parse(JSON.stringify(shape.answer(name, next))))
    this.#past.push(next)
    return refusal
  }

  async asks(): Promise<Error | undefined> {
    const { shape, name } = this
    const url = new URL(shape.url(this.#past))
    const protocol = protocolAt(url.pathname)!
    const reader = protocols[protocol]
    const body = JSON.stringify(shape.request(name, TASK, this.#past))
    const parsed = reader.request(JSON.parse(body), url, noHeader)!
    const { provider } = reader
    const admission = this.guard.open({ protocol, reader, provider, url, parsed, body, context: ROOT_CONTEXT })
    this.#answered = admission?.answered
    return admission?.decision
  }

  #answered: ((answer: unknown) => void) | undefined
}

describe.each(Object.entries(keptShapes))('an agent of %s', (_, shape) => {
  it('is found within three repetitions in each of fifty loops, and not before', async () => {
    const next = new Random(37)
    const guard = watch()
    for (let n = 0; n < 50; n++) {
      const run = new Run(guard, shape, `l${n}`)
      for (const at of times(next.below(8), at => at))
        expect(await run.turn(call(next.pick(TOOLS), { at }, `found ${at}`))).toBeUndefined()
      const cycle = loopOf(next, n % 5)
      for (let round = 1; round <= 3; round++)
        for (const turn of cycle) {
          const made = excused(next, round === 2 ? reordered(turn) : turn)
          expect(await run.turn(made), `loop ${n}, round ${round}`).toBeUndefined()
        }
      expect(await run.asks(), `loop ${n}`).toMatchObject({
        code: 'agent_loop',
        repetitions: 3,
        tools: [...new Set(cycle.flatMap(({ calls = [] }) => calls.map(({ tool }) => tool)))],
      })
    }
  })

  it('is left alone in each of a hundred runs that get on', async () => {
    const next = new Random(500)
    const guard = watch()
    for (let n = 0; n < 100; n++) {
      const run = new Run(guard, shape, `g${n}`)
      for (const kind of times(1 + next.below(4), () => next.below(9))) {
        for (const turn of goodRun(next, kind)) expect(await run.turn(turn), `run ${n} of ${kind}`).toBeUndefined()
        await run.turn({ text: `Done with ${n}.`, reply: next.pick(['Go on.', 'Thanks! And the next one?']) })
      }
      expect(await run.asks()).toBeUndefined()
    }
  })

  it('goes on to be counted, gets out of a loop by another result, and may repeat a tool that is allowed to', async () => {
    const stuck = call('search', { q: 'a' }, 'nothing')
    const run = new Run(watch('report'), shape, 'r')
    for (const turn of times(5, () => stuck)) await run.turn(turn)
    expect(await run.asks()).toBeUndefined()
    const stopped = new Run(watch(), shape, 's')
    for (const turn of times(7, () => stuck)) await stopped.turn(turn)
    expect(await stopped.asks()).toMatchObject({ repetitions: 7 })
    await stopped.turn(call('search', { q: 'a' }, 'found'))
    expect(await stopped.asks()).toBeUndefined()
    const allowed = new Run(watch('stop', ['search']), shape, 'a')
    for (const turn of times(7, () => stuck)) expect(await allowed.turn(turn)).toBeUndefined()
  })

  it('in another run, with the same steps, is not taken for this one', async () => {
    const guard = watch()
    const stuck = call('search', { q: 'a' }, 'nothing')
    const runs = times(9, n => new Run(guard, shape, `o${n}`))
    for (const turn of [stuck, stuck]) for (const run of runs) expect(await run.turn(turn)).toBeUndefined()
    for (const run of runs) expect(await run.asks()).toBeUndefined()
  })
})

it('tells from a digest alone what was called, however long the arguments are', async () => {
  const guard = watch()
  const shape = keptShapes['responses that follow each other']!
  const long = (end: string) => call('write', { text: 'x'.repeat(30_000) + end }, 'failed')
  const same = new Run(guard, shape, 'same')
  for (const turn of times(3, () => long('a'))) await same.turn(turn)
  expect(await same.asks()).toMatchObject({ repetitions: 3 })
  const other = new Run(guard, shape, 'other')
  for (const turn of times(3, n => long(`${n}`))) await other.turn(turn)
  expect(await other.asks()).toBeUndefined()
})

describe('what is remembered', () => {
  it('is forgotten an hour after it was last asked for', () => {
    let now = 0
    const remembered = new Remembered<number>(() => now)
    remembered.put('a', 1)
    remembered.put('b', 2)
    now = 3_000_000
    expect(remembered.get('a')).toBe(1)
    now = 3_600_000
    expect([remembered.get('a'), remembered.get('b')]).toEqual([1, undefined])
    now = 7_200_000
    expect(remembered.get('a')).toBeUndefined()
  })

  it('is of ten thousand answers, and the one that was asked for the longest ago is forgotten first', () => {
    const remembered = new Remembered<number>(() => 0)
    for (let n = 0; n < 10_000; n++) remembered.put(`${n}`, n)
    expect(remembered.get('0')).toBe(0)
    remembered.put('more', 1)
    expect([remembered.get('0'), remembered.get('1'), remembered.get('2')]).toEqual([0, undefined, 2])
  })
})

describe('over the wire', () => {
  let tap: Tapped | undefined
  afterEach(() => {
    tap?.stop()
    tap = undefined
  })

  const shape = keptShapes['responses that follow each other']!
  const stuck = call('search', { q: 'a' }, 'nothing')

  it.each([true, false])(
    'a streamed answer (%s) is read for its calls, and nothing of it stands on a span',
    async stream => {
      const past: Answered[] = []
      const under = async () => {
        const body = shape.answer('', past.at(-1)!)
        if (!stream) return Response.json(body)
        const events = eventsOf(body as never).map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
        return new Response(events.join(''), { headers: { 'content-type': 'text/event-stream' } })
      }
      tap = tapped('off', under as unknown as typeof fetch, false, { guard: watch() })
      const ask = async () => {
        const request = { ...shape.request('', TASK, past), stream }
        past.push(answered('w', past.length, stuck))
        await (await fetch(shape.url(past), { method: 'POST', body: JSON.stringify(request) })).text()
      }
      for (const _ of times(3, n => n)) await ask()
      await expect(ask()).rejects.toMatchObject({ code: 'agent_loop', repetitions: 3 })
      await vi.waitFor(() => expect(tap!.spans()).toHaveLength(4))
      expect(JSON.stringify(tap.spans().map(({ attributes }) => attributes))).not.toContain('nothing')
      expect(tap.failures).toEqual([])
    },
  )

  it.each(['same', 'new'])('an answer in the background is read when it is fetched (%s results)', async results => {
    const past: Answered[] = []
    const under = async (input: unknown) => {
      const done = shape.answer('', past.at(-1)!) as { id: string }
      const isFetched = String(input).endsWith(`/${done.id}`)
      return Response.json(isFetched ? done : { ...done, background: true, status: 'queued', output: [] })
    }
    tap = tapped('off', under as unknown as typeof fetch, false, { guard: watch() })
    const ask = async () => {
      const body = JSON.stringify({ ...shape.request('', TASK, past), background: true })
      const result = results === 'same' ? 'nothing' : `${past.length}`
      past.push(answered('b', past.length, call('search', { q: 'a' }, result)))
      await (await fetch(shape.url(past), { method: 'POST', body })).json()
      await (await fetch(`${shape.url(past)}/${past.at(-1)!.id}`)).json()
      // what is fetched later is read in turns of its own; a tool takes longer than some of them
      for (const _ of times(10, n => n)) await new Promise(resolve => setImmediate(resolve))
    }
    for (const _ of times(3, n => n)) await ask()
    if (results === 'new') await ask()
    else await expect(ask()).rejects.toMatchObject({ code: 'agent_loop', repetitions: 3 })
    expect(tap.failures).toEqual([])
  })

  it('a call that is not sampled is followed, too', async () => {
    const past: Answered[] = []
    const native = globalThis.fetch
    globalThis.fetch = async () => Response.json(shape.answer('', past.at(-1)!))
    const tracer = new TracerProvider({ sampler: recordCalls(new AlwaysOffSampler()) }).getTracer('@afn/otel/llm')
    const onFailure = vi.fn()
    const started = startLlmTap({ captureContent: 'off', tracer, onFailure, guard: watch() }, () => observers)
    const ask = async () => {
      const body = JSON.stringify(shape.request('', TASK, past))
      past.push(answered('u', past.length, stuck))
      await (await fetch(shape.url(past), { method: 'POST', body })).text()
    }
    try {
      for (const _ of times(3, n => n)) await ask()
      await expect(ask()).rejects.toMatchObject({ code: 'agent_loop' })
    } finally {
      started.stop()
      globalThis.fetch = native
    }
    expect(onFailure).not.toHaveBeenCalled()
  })
})
