// What a judge is asked is redacted between the turns of the app's own work.
import { afterEach, expect, it, vi } from 'vitest'
import { createEvaluators } from '../../../src/app/evaluate'
import type { EvaluationHook } from '../../../src/app/llm/answered'
import { createRedactor } from '../../../src/shared/redact'

afterEach(() => vi.unstubAllGlobals())

it('three texts full of addresses were redacted in one turn of the event loop', async () => {
  const sent: string[] = []
  let turns = 0
  const count = () => {
    turns++
    if (sent.length === 0) setImmediate(count)
  }
  vi.stubGlobal('fetch', async (_: unknown, init: RequestInit) => {
    sent.push(String(init.body))
    return new Response(JSON.stringify({ choices: [{ message: { content: '{"score":1}' } }] }))
  })
  const evaluation: EvaluationHook = {}
  const recorded: unknown[] = []
  createEvaluators({
    record: one => recorded.push(one),
    report: (_, message) => recorded.push(message),
    redactor: createRedactor(),
    spans: { evaluation, identify: () => {} },
    status: {},
    steps: { add: step => { while (step()); }, finish: async () => {}, size: 0 }, // biome-ignore format: one line
  }).addOne({ name: 'judged', type: 'judge', model: 'm', rubric: 'Is it good?' })
  const content = 'Write to ada@example.com, order 17. '.repeat(1_000)
  const message = (role: string) => ({ role, parts: [{ type: 'text', content }] })
  const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }
  const protocol = {
    input: () => ({ messages: [message('system'), message('user')] }),
    output: () => [message('assistant')],
  }
  evaluation.choose!()!(context, protocol as never, undefined, undefined)
  setImmediate(count)
  evaluation.ended!({ context, attributes: {}, isSampled: true, merged: [] } as never)
  await evaluation.flush!()
  expect(recorded).toMatchObject([{ name: 'judged', score: 1 }])
  expect(sent.join()).not.toContain('ada@')
  // each of the three before it is read, and once within
  expect(turns).toBeGreaterThanOrEqual(6)
})
