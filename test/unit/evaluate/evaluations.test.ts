// Which calls are judged, how many, and what becomes of those that are not.
import { expect, it } from 'vitest'
import { evaluatorOf } from '../../../src/app/evaluate/config/read'
import { createEvaluations, type Step } from '../../../src/app/evaluate/evaluations'
import type { Message } from '../../../src/app/llm/messages'
import type { Evaluation } from '../../../src/app/llm/report/quality/evaluation'

function start() {
  const steps: Step[] = []
  const recorded: Evaluation[] = []
  const problems: string[] = []
  const evaluations = createEvaluations({
    record: evaluation => recorded.push(evaluation),
    onProblem: problem => problems.push(problem),
    steps: { add: step => steps.push(step), finish: async () => void work(), get size() { return steps.length } }, // biome-ignore format: one line
    inEvaluation: (_, __, run) => run(),
    isOwn: ({ attributes }) => attributes['afn.llm.purpose'] === 'evaluation',
  })
  /** @returns how many steps it took */
  function work(): number {
    let count = 0
    for (let step = steps.shift(); step; step = steps.shift()) while (++count && step());
    return count
  }
  const add = (given: object) => evaluations.add(evaluatorOf(given, [], { redact: async text => text, environment: {} }).evaluator!) // biome-ignore format: one line
  let ids = 0
  const protocol = {
    input: (request: unknown) => ({
      messages: [{ role: 'user', parts: [{ type: 'text', content: String(request) }] }],
    }),
    output: (answer: unknown): Message[] => [{ role: 'assistant', parts: [{ type: 'text', content: String(answer) }] }],
  }
  /** @returns whether its content was wanted */
  function call(
    answer: string,
    attributes: Record<string, string> = {},
    isSampled = true,
    question = 'question',
  ): boolean {
    const context = { traceId: 'a'.repeat(32), spanId: String(++ids).padStart(16, '0'), traceFlags: isSampled ? 1 : 0 }
    const take = evaluations.choose()
    take?.(context, protocol, question, answer)
    evaluations.ended({ context, attributes, isSampled, merged: [] } as never)
    return take !== undefined
  }
  /** A call whose span does not come. */
  const begin = (question: string) => evaluations.choose()?.({ spanId: `${++ids}` } as never, protocol, question, 'x')
  return { evaluations, recorded, problems, work, add, call, begin }
}

const length = { name: 'length', type: 'length', max: 3 }

it('judges nothing before its turn, and then each call once', () => {
  const { recorded, work, add, call } = start()
  add(length)
  expect(call('one two')).toBe(true)
  expect(recorded).toEqual([])
  work()
  work()
  expect(recorded).toMatchObject([
    { name: 'length', score: 1, threshold: 1, evaluator: { name: 'length', type: 'code' } },
  ])
})

it('wants the content of as many calls as the highest rate says, and of none where there is no evaluator', () => {
  const { recorded, work, add, call, evaluations } = start()
  expect(call('x')).toBe(false)
  add({ ...length, name: 'rare', rate: 0.1, per_hour: 100_000 })
  add({ ...length, name: 'common', rate: 0.4, per_hour: 100_000 })
  let wanted = 0
  for (let i = 0; i < 10_000; i++) {
    if (call('x')) wanted++
    work()
  }
  const judged = (name: string) => recorded.filter(one => one.name === name).length
  expect(judged('common')).toBe(wanted)
  // four standard deviations
  expect(Math.abs(wanted - 4_000)).toBeLessThan(200)
  expect(Math.abs(judged('rare') - 1_000)).toBeLessThan(120)
  expect(evaluations.counts.rare).toMatchObject({ dropped: 0, failed: 0 })
})

it('leaves alone what is not sampled, what is an evaluation itself, and what has no content', () => {
  const { recorded, work, add, call, evaluations } = start()
  add(length)
  call('x', {}, false)
  call('x', { 'afn.llm.purpose': 'evaluation' })
  evaluations.ended({ context: { spanId: 'b' }, attributes: {}, isSampled: true, merged: [] } as never)
  work()
  expect(recorded).toEqual([])
})

it('reads content from a span that has it, whoever wrote it', () => {
  const { recorded, work, add, evaluations } = start()
  add(length)
  const attributes = {
    'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"a b c d"}]}]',
  }
  evaluations.ended({ context: { traceId: 'a', spanId: 'b' }, attributes, isSampled: true, merged: [] } as never)
  work()
  expect(recorded).toMatchObject([{ name: 'length', score: 0 }])
})

it('finds the content of a call that left as one with another span', () => {
  const { recorded, work, add, evaluations } = start()
  add(length)
  const ours = { traceId: 'a'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 }
  const output = () => [{ role: 'assistant', parts: [{ type: 'text', content: 'x' }] }]
  evaluations.choose()?.(ours, { input: () => ({ messages: [] }), output }, undefined, undefined)
  evaluations.ended({ context: { ...ours, spanId: '2'.repeat(16) }, merged: [ours.spanId], attributes: {}, isSampled: true } as never) // biome-ignore format: one line
  work()
  expect((recorded[0]!.target as { spanContext(): { spanId: string } }).spanContext().spanId).toBe('2'.repeat(16))
})

it('judges no more in an hour than it may, and reads no content for more', () => {
  const { recorded, work, add, call } = start()
  add({ ...length, per_hour: 5 })
  for (let i = 0; i < 20; i++) call('x')
  work()
  expect(recorded).toHaveLength(5)
  expect(call('x')).toBe(false)
})

it('keeps no more than 512 that wait, and no answer of more than 65,536 characters', () => {
  const { recorded, work, add, call, evaluations } = start()
  add(length)
  for (let i = 0; i < 600; i++) call('x')
  expect(evaluations.counts.length).toMatchObject({ dropped: 88 })
  work()
  expect(recorded).toHaveLength(512)
  call('x '.repeat(40_000))
  work()
  expect(evaluations.counts.length).toMatchObject({ judged: 512, dropped: 89 })
})

const megabyte = 'x'.repeat(2 ** 20)

it('calls that waited for a judge were bound by their number alone, however much text they brought', () => {
  const { problems, recorded, work, add, call, evaluations } = start()
  add(length)
  add({ ...length, name: 'second' })
  for (let i = 0; i < 20; i++) call('x', {}, true, megabyte)
  // two bytes a character, in 8 MiB
  expect(evaluations.counts).toMatchObject({ length: { dropped: 17 }, second: { dropped: 17 } })
  expect(problems[0]).toMatch(/^length: too many calls wait to be rated .* 8 MiB of content.*lower the rate/)
  work()
  expect(recorded).toHaveLength(6)
  // and what is judged gives its room back, whoever judged and whatever came of it
  for (let i = 0; i < 50; i++) {
    call('x', {}, true, megabyte)
    call('x', {}, false, megabyte)
    call('x', { 'afn.llm.purpose': 'evaluation' }, true, megabyte)
    call('x '.repeat(40_000), {}, true, megabyte)
    work()
  }
  expect(evaluations.counts.length).toMatchObject({ judged: 53, dropped: 67 })
})

it('content on spans was not bound', () => {
  const { work, add, evaluations } = start()
  add(length)
  const attributes = { 'gen_ai.output.messages': '[]', 'gen_ai.input.messages': megabyte }
  for (let i = 0; i < 20; i++) evaluations.ended({ context: { spanId: `${i}` }, attributes, isSampled: true, merged: [] } as never) // biome-ignore format: one line
  expect(evaluations.counts.length).toMatchObject({ dropped: 17 })
  work()
})

it('calls whose span never came took the room of all that followed', () => {
  const { recorded, work, add, call, begin, evaluations } = start()
  add(length)
  for (let i = 0; i < 300; i++) begin(megabyte)
  call('x', {}, true, megabyte)
  work()
  expect(recorded).toHaveLength(1)
  expect(evaluations.counts.length).toMatchObject({ judged: 1, dropped: 0 })
})

it('content that nobody judges, or that never fits, made other calls lose theirs', () => {
  const { recorded, work, add, evaluations } = start()
  add({ ...length, when: { model: 'gpt-5' } })
  const model = { 'gen_ai.request.model': 'gpt-5' }
  const ended = (spanId: string, attributes: object) =>
    evaluations.ended({ context: { spanId }, attributes, isSampled: true, merged: [] } as never)
  const content = (text: string) => ({ 'gen_ai.output.messages': '[]', 'gen_ai.input.messages': text })
  const protocol = { input: () => ({ messages: [] }), output: () => [] }
  evaluations.choose()!({ spanId: 'waits' } as never, protocol as never, megabyte, 'x')
  ended('other', content(megabyte.repeat(3)))
  ended('huge', { ...content(megabyte.repeat(9)), ...model })
  expect(evaluations.counts.length).toMatchObject({ dropped: 1 })
  ended('waits', model)
  work()
  expect(recorded).toHaveLength(1)
  expect(evaluations.counts.length).toMatchObject({ dropped: 1, judged: 1 })
})

it('takes a long answer in many steps, so that the event loop goes round', () => {
  const { work, add, call } = start()
  add({ name: 'loop', type: 'repetition' })
  call('many words of one answer '.repeat(2_500))
  expect(work()).toBeGreaterThan(5)
})

it('says what an evaluator throws or gives in the wrong shape, and goes on with the others', async () => {
  const { recorded, problems, work, add, call, evaluations } = start()
  add({ name: 'slow', evaluate: () => new Promise(() => {}), timeout_seconds: 1 })
  add({ name: 'thrown', evaluate: () => Promise.reject(new Error('not today')) })
  add({ name: 'wrong', evaluate: () => 0.5 })
  add({ name: 'nothing', evaluate: () => undefined })
  add({ name: 'word', evaluate: () => ({ label: 'pass' }), type: 'llm' })
  add(length)
  call('x')
  work()
  await evaluations.flush()
  expect(problems.sort()).toEqual([
    'slow: the judge took longer than 1 s',
    'thrown: not today',
    'wrong: the evaluator gave a number; return { score } or { label }',
  ])
  expect(recorded.map(({ name }) => name).sort()).toEqual(['length', 'word'])
  expect(evaluations.counts).toMatchObject({ nothing: { skipped: 1 }, slow: { failed: 1 }, word: { judged: 1 } })
})

it('questions that waited for a model when the process ended were asked one after the other', async () => {
  const { add, call, work, evaluations, problems } = start()
  const asked: ((finding: object) => void)[] = []
  add({ name: 'model', type: 'llm', evaluate: () => new Promise(resolve => asked.push(resolve as never)) })
  for (let i = 0; i < 5; i++) call('x')
  work()
  evaluations.end()
  const flushed = evaluations.flush()
  for (const answer of asked) answer({ score: 1 })
  await flushed
  expect(asked).toHaveLength(2)
  expect(evaluations.counts.model).toMatchObject({ judged: 2, dropped: 3 })
  expect(problems.join()).toMatch(/^model: the process ends while 3 answers wait .*flush\(\)/)
})

it('a flush in the life of the app left out those who waited for their turn', async () => {
  const { add, call, evaluations } = start()
  add({ name: 'model', type: 'llm', evaluate: async () => ({ score: 1 }) })
  for (let i = 0; i < 5; i++) call('x')
  await evaluations.flush()
  expect(evaluations.counts.model).toMatchObject({ judged: 5, dropped: 0 })
})

it('code that answers at once was left out at the end of the process', async () => {
  const { add, call, work, evaluations } = start()
  add({ name: 'own', evaluate: () => ({ score: 1 }) })
  for (let i = 0; i < 5; i++) call('x')
  work()
  evaluations.end()
  await evaluations.flush()
  expect(evaluations.counts.own).toMatchObject({ judged: 5, dropped: 0 })
})

it('a judge that rests was asked by those who had waited', async () => {
  const { add, call, evaluations } = start()
  let asked = 0
  add({
    name: 'down',
    evaluate: async () => {
      asked++
      throw new Error('no')
    },
  })
  for (let i = 0; i < 20; i++) call('x')
  await evaluations.flush()
  // the third failure is of a pair
  expect(asked).toBe(4)
  expect(evaluations.counts.down).toMatchObject({ failed: 20 })
})

it('an evaluator that throws what has no text became an unhandled rejection of the app', async () => {
  const { add, call, evaluations, problems } = start()
  add({
    name: 'odd',
    evaluate: () => {
      throw Object.create(null)
    },
  })
  add({
    name: 'hostile',
    evaluate: () => ({
      get score(): number {
        throw new Error('not this one')
      },
    }),
  })
  call('x')
  await evaluations.flush()
  expect(evaluations.counts).toMatchObject({ odd: { failed: 1 }, hostile: { failed: 1 } })
  expect(problems).toEqual(['odd: an error that cannot be read', 'hostile: not this one'])
})
