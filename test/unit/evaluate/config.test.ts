// A file of evaluators: all mistakes at once, each at its place; what is right of it runs.
import { expect, it } from 'vitest'
import * as yaml from 'yaml'
import { readEvaluators } from '../../../src/app/evaluate/config/file'
import { evaluatorOf } from '../../../src/app/evaluate/config/read'

const means = { redact: async (text: string) => text, environment: {} }
const read = (text: string) => readEvaluators(text, yaml, means)

it('says all that is wrong with a file at once, with line and column, the reason and the remedy', () => {
  const { evaluators, mistakes } = read(`version: 2
evaluators:
  - name: valid order
    type: json_schema
    rate: 10%
  - name: short
    type: lenght
  - name: polite
    type: patterns
    forbiden: [damn]
    forbidden: ['(']
  - name: grounded
    type: groundedness
    when: { modle: gpt-*, attributes: { feature: { a: 1 } } }
  - name: helpful
    type: judge
    model: gpt-5-mini
    url: localhost:11434
    min: 5
    max: 1
  - name: fine
    type: length
    max: 10
  - name: fine
    type: length
    max: 20
  - name: bounds
    type: length
`)
  expect(mistakes).toEqual([
    '1:10 version is 2; give 1',
    '3:5 schema is missing; give a JSON Schema',
    expect.stringContaining('3:11 name is "valid order"; give what is judged'),
    '5:11 rate is "10%"; give a number from 0 to 1',
    '7:11 type is "lenght"; give one of json_schema, tool_arguments, refusal, groundedness, language, length, patterns, repetition, judge',
    '10:5 forbiden is not known here; did you mean forbidden?',
    expect.stringContaining('11:16 forbidden is a list; Invalid regular expression'),
    '14:13 modle is not known here; did you mean model?',
    '14:50 feature is a map; give a text, a number or true or false, or a list of such',
    '15:5 rubric is missing; give a text',
    '18:10 url is "localhost:11434"; give an address that begins with http:// or https://',
    '24:11 name fine stands there twice; rename one of them',
    '27:5 min and max are missing; give one of them',
  ])
  expect(evaluators.map(({ name }) => name)).toEqual(['fine'])
})

it('says where a file is no YAML, or empty', () => {
  expect(read('evaluators:\n  - name: [a').mistakes[0]).toMatch(/^2:/)
  expect(read('').mistakes).toEqual(['1:1 is empty; give a map of version, evaluators'])
})

it('refuses a JSON Schema that it could not check', () => {
  const { problems } = evaluatorOf({ name: 'x', type: 'json_schema', schema: { properties: { a: { $ref: 'https://example.com/a' } } } }, [], means) // biome-ignore format: one line
  expect(problems[0]?.message).toContain('$ref leads to https://example.com/a; give one that begins with #')
})

it('takes a function of the app, and says what is wrong with what it is given', () => {
  const evaluate = () => ({ score: 1 })
  expect(evaluatorOf({ name: 'mine', evaluate, type: 'llm' }, [], means).evaluator).toMatchObject({
    name: 'mine',
    evaluator: { name: 'function', type: 'llm' },
    perHour: 60,
    rate: 1,
  })
  expect(evaluatorOf({ name: 'mine', evaluate, treshold: 1 }, [], means).problems.map(one => one.message)).toEqual([
    'treshold is not known here; did you mean threshold?',
  ])
  expect(evaluatorOf('length', [], means).problems).toHaveLength(1)
  expect(evaluatorOf({ name: 'mine', evaluate: 'yes' }, [], means).problems[0]?.message).toContain('type is missing')
})

it.each([
  [{ model: 'gpt-5*' }, true],
  [{ model: ['claude-*', '*-mini'] }, true],
  [{ model: 'gpt-5' }, false],
  [{ model: 'g*t*5*mini*mini' }, false],
  [{ provider: 'openai', operation: 'chat', agent: 'support' }, true],
  [{ agent: 'billing' }, false],
  [{ attributes: { feature: ['refunds', 'orders'], retry: false } }, true],
  [{ attributes: { tags: 'beta' } }, true],
  [{ attributes: { retry: 'false' } }, false],
  [{ attributes: { absent: '*' } }, false],
  [undefined, true],
])('%j is for the call: %s', (when, isMeant) => {
  const { evaluator } = evaluatorOf({ name: 'x', type: 'repetition', when }, [], means)
  const attributes = {
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.provider.name': 'openai',
    'gen_ai.operation.name': 'chat',
    'gen_ai.agent.name': 'support',
    feature: 'orders',
    retry: false,
    tags: ['alpha', 'beta'],
  }
  expect(evaluator?.isMeant({ attributes })).toBe(isMeant)
})
