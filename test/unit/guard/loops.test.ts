// An agent that repeats itself is seen, and stopped where that is wanted; one that gets on never is.
import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { AgentLoopError } from '../../../src/app/guard/errors'
import { createGuard } from '../../../src/app/guard/guard'
import { repetitionIn } from '../../../src/app/guard/repetition'
import type { LlmTapOptions } from '../../../src/app/llm/observe/options'
import { protocolAt } from '../../../src/app/llm/providers/paths'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { diagnostics } from '../../../src/shared/diag/report'
import { Random } from '../../support/random'
import { FIXTURES, recordings, SHARED } from '../llm/replay'
import { type Tapped, tapped } from '../llm/tapped'
import { type Shape, shapes, type Turn } from './agents'
import { pricer } from './recorded'
import { call, excused, goodRun, loopOf, reordered, TOOLS, times } from './runs'

const TASK = 'Find the invoice of ACME.'
const found = (shape: Shape, turns: readonly Turn[], allowed: string[] = []) => {
  const url = new URL(shape.url)
  const reader = protocols[protocolAt(url.pathname)!]
  // over the wire
  const body = JSON.parse(JSON.stringify(shape.request(TASK, turns)))
  return repetitionIn(reader.input(body).messages, new Set(allowed))
}
describe.each(Object.entries(shapes))('an agent by %s', (_, shape) => {
  it('is found within three repetitions in each of fifty loops, after whatever it did before, and not before', () => {
    const next = new Random(37)
    for (let n = 0; n < 50; n++) {
      const before = times(next.below(8), at => call(next.pick(TOOLS), { at }, `found ${at}`))
      const cycle = loopOf(next, n % 5)
      const run = [...before]
      let isFound = false
      for (let round = 1; round <= 3; round++) {
        for (const turn of cycle) {
          if (isFound) throw new Error(`loop ${n} was found early`)
          run.push(excused(next, round === 2 ? reordered(turn) : turn))
          isFound = found(shape, run) !== undefined
        }
      }
      expect(found(shape, run), `loop ${n}`).toEqual({
        repetitions: 3,
        tools: [...new Set(cycle.flatMap(({ calls = [] }) => calls.map(({ tool }) => tool)))],
      })
    }
  })

  it('is left alone in each of five hundred runs that get on', () => {
    const next = new Random(500)
    for (let n = 0; n < 500; n++) {
      const run: Turn[] = []
      const goods = times(1 + next.below(4), () => next.below(9))
      for (const kind of goods) {
        for (const turn of goodRun(next, kind)) {
          run.push(turn)
          expect(found(shape, run), `run ${n} of ${goods}`).toBeUndefined()
        }
        // its answer, and the next task
        run.push({ text: `Done with ${n}.`, reply: next.pick(['Go on.', 'Thanks! And the next one?']) })
        expect(found(shape, run)).toBeUndefined()
      }
    }
  })

  it('is found by how often it has repeated itself, and with the tools in turn', () => {
    const stuck = call('search', { q: 'a' }, 'nothing')
    expect(
      found(
        shape,
        times(7, () => stuck),
      ),
    ).toEqual({ repetitions: 7, tools: ['search'] })
    const inTurn = [call('open', { page: 1 }, 'ok'), call('close', {}, 'ok')]
    expect(found(shape, times(4, () => inTurn).flat())).toEqual({ repetitions: 4, tools: ['open', 'close'] })
    // a part of a round more is no round
    expect(found(shape, [...times(3, () => inTurn).flat(), inTurn[0]!])).toEqual({
      repetitions: 3,
      tools: ['close', 'open'],
    })
  })

  it('gets out of a loop by another step, another result or another word of a person', () => {
    const stuck = times(3, () => call('search', { q: 'a' }, 'nothing'))
    expect(found(shape, [...stuck, call('search', { q: 'b' }, 'nothing')])).toBeUndefined()
    expect(found(shape, [...stuck, call('search', { q: 'a' }, 'found')])).toBeUndefined()
    expect(found(shape, [...stuck.slice(1), { ...stuck[0], reply: 'Try the archive.' }])).toBeUndefined()
  })

  it('may repeat a tool that is allowed to', () => {
    const waiting = times(5, () => call('wait', { seconds: 5 }, 'pending'))
    expect(found(shape, waiting)).toMatchObject({ repetitions: 5 })
    expect(found(shape, waiting, ['wait'])).toBeUndefined()
  })
})

it('no recorded conversation is a loop', () => {
  let several = 0
  for (const folder of [FIXTURES, SHARED].filter(existsSync))
    for (const { id, request } of recordings(folder).values()) {
      const url = new URL(request.url, 'http://localhost')
      const name = protocolAt(url.pathname) ?? protocolAt(url.href)
      const body = typeof request.body === 'string' ? read(request.body) : request.body
      if (!name || typeof body !== 'object' || body === null) continue
      const { messages } = protocols[name].input(body)
      if (messages.filter(({ role }) => role === 'assistant').length > 0) several++
      expect(repetitionIn(messages), id).toBeUndefined()
    }
  expect(several).toBeGreaterThan(0)
  console.log(`${several} recorded conversations of several turns`)
})

const read = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

it('results that are only known by their type are not taken for the same', () => {
  const messages = times(4, n => [
    { role: 'assistant', content: [{ type: 'tool_use', id: `t${n}`, name: 'look', input: {} }] },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: `t${n}`, content: [{ type: 'search_result', source: `${n}` }] }],
    },
  ]).flat()
  expect(repetitionIn(protocols['anthropic-messages'].input({ messages }).messages)).toBeUndefined()
})

it('a picture that changes is progress, and one that stays the same is none', () => {
  const seen = (picture: (n: number) => string) =>
    times(3, n => [
      { role: 'assistant', content: [{ type: 'tool_use', id: `t${n}`, name: 'press', input: { key: 'Down' } }] },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: `t${n}`,
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: picture(n) } }],
          },
        ],
      },
    ]).flat()
  const of = (messages: object[]) => repetitionIn(protocols['anthropic-messages'].input({ messages }).messages)
  const data = (n: number) => Buffer.alloc(3_000, n).toString('base64')
  expect(of(seen(data))).toBeUndefined()
  expect(of(seen(() => data(1)))).toMatchObject({ repetitions: 3 })
})

describe('the calls of a process', () => {
  let tap: Tapped | undefined
  afterEach(() => {
    tap?.stop()
    tap = undefined
  })

  function start(loops: 'report' | 'stop', loopsAllow: string[] = [], budget?: number) {
    const holder = {} as LlmTapOptions
    const guard = createGuard(holder, pricer, { serviceName: 'a', resourceAttributes: {} })
    guard.watchLoops({ loops, loopsAllow })
    const held = budget === undefined ? undefined : guard.add({ budget: { period: 'day', amount: budget } })
    const sent: string[] = []
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
    const under = async (_: unknown, init?: RequestInit) => {
      sent.push(String(init?.body))
      const choices = [{ index: 0, message: { role: 'assistant', content: 'No.' }, finish_reason: 'stop' }]
      return Response.json({ id: 'c', model: 'gpt-5', choices, usage })
    }
    tap = tapped('off', under as typeof fetch, false, { guard: holder.guard })
    const shape = shapes['OpenAI chat']!
    const ask = async (turns: readonly Turn[], body: BodyInit = JSON.stringify(shape.request(TASK, turns))) =>
      (await fetch(shape.url, { method: 'POST', body })).text()
    return { ask, sent, held, holder }
  }
  const stuck = (count: number) => times(count, () => call('search', { q: 'a' }, 'nothing'))

  it('the fourth call of a loop is refused before it is sent, with an error that names tool, count and remedy', async () => {
    const { ask, sent } = start('stop')
    for (const count of [0, 1, 2]) await ask(stuck(count))
    tap!.reset()
    const error = await ask(stuck(3)).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(AgentLoopError)
    expect(error).toMatchObject({ code: 'agent_loop', repetitions: 3, tools: ['search'], model: 'gpt-5' })
    expect((error as Error).message).toMatch(/search .* 3 times .*AFN_LOOPS_ALLOW/)
    expect(sent).toHaveLength(3)
    expect((await tap!.span()).attributes).toMatchObject({
      'error.type': 'agent_loop',
      'afn.llm.loop.repetitions': 3,
      'afn.llm.loop.tools': ['search'],
      'afn.llm.loop.stopped': true,
    })
  })

  it('a loop that is only reported is sent unchanged, and stands on the span of the call', async () => {
    const { ask, sent } = start('report')
    expect(await ask(stuck(4))).toContain('No.')
    expect(sent).toHaveLength(1)
    const { attributes } = await tap!.span()
    expect(attributes).toMatchObject({ 'afn.llm.loop.repetitions': 4, 'afn.llm.loop.stopped': false })
    expect(attributes['error.type']).toBeUndefined()
  })

  it('a call that is none of a loop has nothing of it, as one with an allowed tool', async () => {
    const { ask, sent } = start('stop', ['search'])
    await ask(stuck(5))
    expect(sent).toHaveLength(1)
    expect((await tap!.span()).attributes).not.toHaveProperty(['afn.llm.loop.repetitions'])
  })

  it('budgets hold beside it: a loop that is stopped reserves nothing, one that is reported is paid for', async () => {
    const reported = start('report', [], 0)
    const error = await reported.ask(stuck(3)).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'budget_exceeded' })
    expect((await tap!.span()).attributes).toMatchObject({ 'afn.llm.loop.repetitions': 3 })
    reported.held!.stop()
    // the end of the last budget is none of the watch
    expect(reported.holder.guard).toBeDefined()
    tap!.stop()
    const stopped = start('stop', [], 1)
    await expect(stopped.ask(stuck(3))).rejects.toMatchObject({ code: 'agent_loop' })
    expect(await stopped.held!.standing()).toMatchObject({ spent: 0, reserved: 0 })
  })

  it('a request that no reader can follow to its end is sent, and reported', async () => {
    const { ask, sent } = start('stop')
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
    const turn = (n: number) =>
      `{"role":"assistant","tool_calls":[{"id":"c${n}","type":"function","function":{"name":"a","arguments":"${deep}"}}]},{"role":"tool","tool_call_id":"c${n}","content":"b"}`
    await ask([], `{"model":"gpt-5","messages":[{"role":"user","content":"a"},${[1, 2, 3].map(turn)}]}`)
    expect(sent).toHaveLength(1)
    expect(diagnostics()).toContainEqual(expect.objectContaining({ code: 'AFN177' }))
  })
})
