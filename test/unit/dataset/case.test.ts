// What becomes a case of a dataset, what is the same case, and what promptfoo gets of it.
import { expect, it } from 'vitest'
import type { CallEvaluation, FoundCall } from '../../../src/backend/api/call-answers'
import { caseOf, type DatasetCase } from '../../../src/cli/dataset/case'
import { testOf } from '../../../src/cli/dataset/promptfoo'
import { createRedactor } from '../../../src/shared/redact'

const redactor = createRedactor({ content: 'redacted' })
const redact = (key: string, value: unknown) => redactor.value(key, value, true)

const said = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] })

const call = (more: Partial<FoundCall> = {}, attributes: FoundCall['attributes'] = {}): FoundCall => ({
  traceId: 'ab'.repeat(16),
  spanId: 'cd'.repeat(8),
  start: 1_790_000_000,
  end: 1_790_000_001,
  service: 'shop',
  serviceVersion: '1.2.3',
  isFailed: false,
  attributes: { 'gen_ai.request.model': 'gpt-5-mini', 'gen_ai.request.temperature': 0.2, ...attributes },
  inputMessages: JSON.stringify([said('user', 'Where is order A-17?')]),
  outputMessages: JSON.stringify([said('assistant', 'It left today.')]),
  systemInstructions: null,
  toolDefinitions: null,
  evaluations: [],
  ...more,
})

const evaluation = (more: Partial<CallEvaluation>): CallEvaluation => ({
  evaluation: 'helpful',
  evaluator: { name: 'judge', type: 'llm' },
  scale: 'normalized',
  score: null,
  label: null,
  verdict: 'unrated',
  explanation: null,
  isOnSpan: true,
  ...more,
})

function made(found: FoundCall): DatasetCase {
  const one = caseOf(found, '{}', redact)
  if (typeof one === 'string') throw new Error(one)
  return one
}

it('the same input is another case because of what is no input', () => {
  const id = made(call()).id
  expect(made(call({ service: 'other', outputMessages: null, start: 1 })).id).toBe(id)
  expect(made(call({}, { 'gen_ai.request.stream': true, 'user.id': 'u1', 'gen_ai.response.id': 'r2' })).id).toBe(id)
  const spaced = '[ {"parts": [{"content": "Where is order A-17?", "type": "text"}], "role": "user"} ]'
  expect(made(call({ inputMessages: spaced })).id).toBe(id)
})

it('a call with another model, parameter, tool, instruction or message is taken for the same case', () => {
  const others = [
    call({}, { 'gen_ai.request.model': 'gpt-5' }),
    call({}, { 'gen_ai.request.temperature': 0.3 }),
    call({ toolDefinitions: '[{"type":"function","name":"refund"}]' }),
    call({ systemInstructions: '[{"type":"text","content":"Be brief."}]' }),
    call({ inputMessages: JSON.stringify([said('user', 'Where is order A-18?')]) }),
  ]
  expect(new Set([call(), ...others].map(one => made(one).id)).size).toBe(others.length + 1)
})

it('what was captured in full leaves as it is', () => {
  const secret = 'anna.muster@example.com'
  const one = made(
    call({
      inputMessages: JSON.stringify([said('user', `I am ${secret}`)]),
      outputMessages: JSON.stringify([said('assistant', `Hello ${secret}`)]),
      evaluations: [
        evaluation({
          evaluation: 'correction',
          evaluator: { name: null, type: 'human' },
          explanation: `Dear ${secret}`,
        }),
      ],
    }),
  )
  expect(JSON.stringify([one, testOf(one)])).not.toContain(secret)
  expect(one.expected).toBe('Dear [EMAIL]')
})

it('an answer that somebody failed is what is expected', () => {
  const human = { name: null, type: 'human' }
  const expected = (...evaluations: CallEvaluation[]) => {
    const { expected, expectedFrom } = made(call({ evaluations }))
    return [expectedFrom, expected]
  }
  expect(expected()).toEqual(['answer', 'It left today.'])
  expect(expected(evaluation({ verdict: 'fail' }))).toEqual([null, null])
  // a person decides against an evaluator
  expect(expected(evaluation({ verdict: 'fail' }), evaluation({ evaluator: human, verdict: 'pass' }))[0]).toBe('answer')
  expect(expected(evaluation({ verdict: 'pass' }), evaluation({ evaluator: human, verdict: 'fail' }))[0]).toBe(null)
  const correction = evaluation({
    evaluation: 'correction',
    evaluator: human,
    verdict: 'fail',
    explanation: 'It is lost.',
  })
  expect(expected(correction)).toEqual(['correction', 'It is lost.'])
  const { expected: cutOff } = made(call({ isFailed: true }))
  expect(cutOff).toBe(null)
  // a model corrects nobody
  expect(expected({ ...correction, evaluator: { name: 'gpt-5', type: 'llm' } })).toEqual([null, null])
})

it('a call without content, or with a part of it, is a case', () => {
  expect(caseOf(call({ inputMessages: null }), '{}', redact)).toBe('no content')
  const whole = call().inputMessages!
  expect(caseOf(call({ inputMessages: whole.slice(0, -3) }), '{}', redact)).toBe('cut')
  expect(caseOf(call({ outputMessages: whole.slice(0, -3) }), '{}', redact)).toBe('cut')
})

it('promptfoo is given a template or the name of a file by what somebody wrote to a model', () => {
  const hostile = '{{ range.constructor("return process.env")() }} {% raw %} {# x #} #}} {{{'
  const one = made(
    call({
      inputMessages: JSON.stringify([said('user', hostile)]),
      outputMessages: JSON.stringify([said('assistant', `file://${hostile}`)]),
    }),
  )
  const { vars, assert, description } = testOf(one)
  expect(vars.messages).not.toMatch(/\{[{%#]|#\}/)
  expect(JSON.parse(vars.messages)).toEqual([{ role: 'user', content: hostile }])
  const { value } = assert![0]!
  expect(value.startsWith('{##}file://')).toBe(true)
  // what is left of it are our own templates, which stand for a brace each
  for (const text of [value, description]) {
    const rest = text.replace(/^\{##\}/, '').replaceAll(/\{\{ "[{}]" \}\}/g, '\0')
    expect(rest).not.toMatch(/\{[{%#]|#\}/)
  }
  expect(value.replace(/^\{##\}/, '').replaceAll(/\{\{ "([{}])" \}\}/g, '$1')).toBe(`file://${hostile}`)
})

it('tool calls and their results are lost on the way to promptfoo', () => {
  const messages = [
    said('user', 'Refund A-17'),
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'refund', arguments: { order: 'A-17' } }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { ok: true } }] },
  ]
  const one = made(
    call({ inputMessages: JSON.stringify(messages), systemInstructions: '[{"type":"text","content":"Be brief."}]' }),
  )
  expect(JSON.parse(testOf(one).vars.messages)).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Refund A-17' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'refund', arguments: '{"order":"A-17"}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: '{"ok":true}' },
  ])
})
