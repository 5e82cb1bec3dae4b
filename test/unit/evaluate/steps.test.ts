// Judges by code leave the event loop to the app between their steps, however an answer is made.
import { afterEach, expect, it, vi } from 'vitest'
import { evaluatorOf } from '../../../src/app/evaluate/config/read'
import type { Finding } from '../../../src/app/evaluate/evaluator'
import { finish } from './finish'

afterEach(() => vi.restoreAllMocks())

type Given = { answer: string; question?: string; input?: unknown[]; finishReasons?: [] }

function start(type: string, options: object, given: Given): Generator<undefined, Finding | undefined> {
  const means = { redact: async (text: string) => text, environment: {} }
  const { evaluator } = evaluatorOf({ name: 'x', type, ...options }, [], means)
  const { byCode } = evaluator!.judge as { byCode: (call: object) => Generator<undefined, Finding | undefined> }
  return byCode({ output: [{ role: 'assistant', parts: [{ type: 'text', content: given.answer }] }], ...given })
}

/** @returns the most that one step did: characters whose words were looked for, and words that were looked up */
function mostOfAStep(running: Generator<undefined, unknown>): { read: number; lookedUp: number } {
  const most = { read: 0, lookedUp: 0 }
  const step = { ...most }
  const { toLowerCase } = String.prototype
  const { has, add } = Set.prototype
  vi.spyOn(String.prototype, 'toLowerCase').mockImplementation(function (this: string) {
    step.read += this.length
    return toLowerCase.call(this)
  })
  vi.spyOn(Set.prototype, 'has').mockImplementation(function (this: Set<unknown>, value: unknown) {
    step.lookedUp++
    return has.call(this, value)
  })
  vi.spyOn(Set.prototype, 'add').mockImplementation(function (this: Set<unknown>, value: unknown) {
    step.lookedUp++
    return add.call(this, value)
  })
  finish(running, () => {
    for (const key of ['read', 'lookedUp'] as const) {
      most[key] = Math.max(most[key], step[key])
      step[key] = 0
    }
  })
  return most
}

const LENGTH = 65_536
const characters = Array.from({ length: LENGTH }, (_, at) => String.fromCharCode(0x4e00 + ((at * 7_919) % 20_000)))
const answers = {
  'of different characters without spaces': characters.join(''),
  'of one character': 'あ'.repeat(LENGTH),
  'of one word': 'a'.repeat(LENGTH),
  'of numbers': Array.from({ length: 10_000 }, (_, at) => 10_000 + at).join(' '),
  'of very short sentences': 'A b c. '.repeat(9_000),
  'of one sentence full of citations': `All of it is known ${'[1,2,3,4]'.repeat(7_000)}.`,
}
const tool = (response: unknown) => ({ role: 'tool', parts: [{ type: 'tool_call_response', response }] })
const mebibyte = 2 ** 20
const inputs = {
  'of many texts': Array.from({ length: 400 }, (_, at) => tool(`${at} ${characters.slice(at, at + 1_300).join('')}`)),
  'of one text without spaces': [tool(characters.join('').repeat(mebibyte / LENGTH))],
  'of one map': [tool({ found: characters.join('').repeat(mebibyte / LENGTH) })],
  'of nothing but marks': [tool('[1]\n'.repeat(mebibyte / 4))],
}
const pairs = Object.entries(answers).flatMap(([of, answer]) =>
  Object.entries(inputs).map(([found, input]) => [of, found, { answer, input }] as const),
)

it.each(pairs)('an answer %s and sources %s were compared in one long step', (_, __, given) => {
  const { read, lookedUp } = mostOfAStep(start('groundedness', {}, given))
  expect(read).toBeGreaterThan(0)
  expect(read).toBeLessThanOrEqual(8_192)
  expect(lookedUp).toBeLessThanOrEqual(8_192)
})

it.each(Object.entries(answers))('an answer %s was searched for repetitions in one long step', (_, answer) => {
  const { read, lookedUp } = mostOfAStep(start('repetition', {}, { answer }))
  expect(read).toBeLessThanOrEqual(8_192)
  expect(lookedUp).toBeLessThanOrEqual(8_192)
})

// each took seconds, which is longer than a test has
it.each([
  ['dots', '.'],
  ['quoted exclamations', '!"'],
  ['closing quotes', '”'],
])('a row of %s without an end was read from each of them anew', (_, mark) => {
  const answer = `Contents ${mark.repeat(LENGTH / mark.length)}x ${'.'.repeat(LENGTH)}5`
  expect(finish(start('length', { unit: 'sentences', max: 3 }, { answer })).result).toMatchObject({ score: 1 })
  const given = { answer, input: [tool('Contents of the book.')] }
  expect(finish(start('groundedness', {}, given)).steps).toBeGreaterThan(1)
})

it('a list whose items have a pattern was checked in one step', () => {
  const schema = { type: 'array', items: { type: 'string', pattern: '^[0-9]+$' } }
  const answer = JSON.stringify(Array.from({ length: 1_000 }, (_, at) => String(at)))
  const { result, steps } = finish(start('json_schema', { schema }, { answer }))
  expect(result).toMatchObject({ score: 1 })
  expect(steps).toBeGreaterThanOrEqual(1_000 / 8)
})

it('a source lost its words at line breaks, or all that stands behind the part that is read', () => {
  const answer = 'Batteries are covered 24 months.'
  const within = { text: 'yes\nbatteries\ncovered', terms: { months: [24] } }
  expect(finish(start('groundedness', {}, { answer, input: [tool([within])] })).result).toMatchObject({ score: 1 })
  const marked = [tool(`<document index="7" id="b">Nothing.</document>\n<source id='w'>${answer}`)]
  expect(finish(start('groundedness', {}, { answer: `${answer} [w]`, input: marked })).result).toMatchObject({ score: 1 }) // biome-ignore format: one line
  const first = [tool(`${answer} ${'x'.repeat(mebibyte)}`)]
  expect(finish(start('groundedness', {}, { answer, input: first })).result).toMatchObject({ score: 1 })
})
