// `afn-otel dataset` of the packed package over a real `afn-otel up`.
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DatasetCase } from '../../src/cli/dataset/case'
import { type RunningUp, startUp } from '../support/up'

const kv = (key: string, value: string | number) => ({
  key,
  value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
})
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const said = (role: string, content: string) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }])
const now = Date.now()
const at = (second: number) => `${now - 600_000 + second * 1_000}000000`

interface Asked {
  readonly question?: string
  readonly answer?: string
  readonly temperature?: number
  readonly operation?: string
  readonly purpose?: string
}

/** A request with a call below it, in trace `n`. */
const traceOf = (
  n: number,
  { question, answer = 'It left today.', temperature = 0.2, operation = 'chat', purpose }: Asked,
) => [
  {
    traceId: hex(n, 32),
    spanId: hex(2 * n, 16),
    name: 'POST /ask',
    startTimeUnixNano: at(n),
    endTimeUnixNano: at(n + 2),
    attributes: [kv('http.route', '/ask')],
  },
  {
    traceId: hex(n, 32),
    spanId: hex(2 * n + 1, 16),
    parentSpanId: hex(2 * n, 16),
    name: `${operation} gpt-5-mini`,
    startTimeUnixNano: at(n),
    endTimeUnixNano: at(n + 1),
    attributes: [
      kv('gen_ai.operation.name', operation),
      kv('gen_ai.provider.name', 'openai'),
      kv('gen_ai.request.model', 'gpt-5-mini'),
      kv('gen_ai.request.temperature', temperature),
      ...(purpose === undefined ? [] : [kv('afn.llm.purpose', purpose)]),
      ...(question === undefined
        ? []
        : [
            kv('gen_ai.input.messages', said('user', question)),
            kv('gen_ai.output.messages', said('assistant', answer)),
          ]),
    ],
  },
]

/** What somebody said of the request in trace `n`. */
const evaluationOf = (n: number, attributes: Readonly<Record<string, string | number>>) => ({
  timeUnixNano: at(n + 3),
  traceId: hex(n, 32),
  spanId: hex(2 * n, 16),
  eventName: 'gen_ai.evaluation.result',
  attributes: Object.entries(attributes).map(([key, value]) => kv(key, value)),
})

const asked: Asked[] = [
  { question: 'Where is order A-17?' },
  { question: 'Where is order A-17?', answer: 'In the van.' },
  { question: 'Where is order A-17?', temperature: 0.9 },
  { question: 'Write to anna.muster@example.com', answer: 'anna.muster@example.com has it.' },
  { question: 'Who are you?', answer: 'I am a person.' },
  {},
  { question: 'an embedded text', operation: 'embeddings' },
  { question: 'what a judge is asked', purpose: 'evaluation' },
]

let up: RunningUp
beforeAll(async () => {
  up = await startUp()
  const resource = { attributes: [kv('service.name', 'shop'), kv('service.version', '1.2.3')] }
  const spans = asked.flatMap((one, at) => traceOf(at + 1, one))
  await up.post('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
  const human = { 'afn.llm.evaluation.evaluator.type': 'human', 'gen_ai.evaluation.score.label': 'fail' }
  const logRecords = [
    evaluationOf(5, { ...human, 'gen_ai.evaluation.name': 'thumbs' }),
    evaluationOf(5, {
      ...human,
      'gen_ai.evaluation.name': 'correction',
      'gen_ai.evaluation.explanation': 'I am a program.',
    }),
    evaluationOf(3, {
      'gen_ai.evaluation.name': 'helpful',
      'gen_ai.evaluation.score.value': 0.25,
      'afn.llm.evaluation.score.normalized': 0.25,
      'afn.llm.evaluation.outcome': 'fail',
      'afn.llm.evaluation.evaluator.type': 'llm',
      'afn.llm.evaluation.evaluator.name': 'gpt-5',
    }),
  ]
  await up.post('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
}, 120_000)
afterAll(() => up?.stop())

const query = '{ span.http.route = "/ask" }'
const casesIn = (jsonl: string) =>
  jsonl
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as DatasetCase)

it('the calls below matching requests are not each one case with its scores, or their data leaves unmasked', async () => {
  const { code, stdout, stderr } = await up.command(['dataset', '--query', query])
  expect(stderr.split('\n').filter(Boolean)).toEqual([
    'afn-otel dataset: 4 cases of 6 calls; 1 call with the input of another left out',
    'afn-otel dataset: 1 call without content left out; set AFN_CAPTURE_CONTENT=redacted in the app to record messages from now on',
    "afn-otel dataset: 1 case without an expected answer: there is none, or it failed; a person's evaluation named correction gives one",
  ])
  expect(code).toBe(0)
  const cases = casesIn(stdout)
  const brief = cases.map(({ messages, parameters, expected, expectedFrom, provenance }) => [
    messages[0]!.parts[0]!.content,
    parameters.temperature,
    expected,
    expectedFrom,
    provenance.duplicates,
  ])
  // the newest first
  expect(brief).toEqual([
    ['Who are you?', 0.2, 'I am a program.', 'correction', 0],
    ['Write to [EMAIL]', 0.2, '[EMAIL] has it.', 'answer', 0],
    ['Where is order A-17?', 0.9, null, null, 0],
    ['Where is order A-17?', 0.2, 'In the van.', 'answer', 1],
  ])
  expect(stdout).not.toContain('anna.muster')
  const [corrected, , failed] = cases
  expect(failed!.scores).toMatchObject([
    { name: 'helpful', evaluator: 'gpt-5', type: 'llm', score: 0.25, verdict: 'fail' },
  ])
  expect(corrected!.scores.map(({ name }) => name)).toEqual(['thumbs', 'correction'])
  expect(corrected!.provenance).toMatchObject({
    traceId: hex(5, 32),
    spanId: hex(11, 16),
    time: new Date(now - 595_000).toISOString(),
    service: 'shop',
    serviceVersion: '1.2.3',
    query,
    writtenBy: expect.stringMatching(/^@afn\/otel \d/),
  })
})

it('a call that matches by itself is another case than below its request', async () => {
  const below = await up.command(['dataset', '--query', query])
  const itself = await up.command(['dataset', '--query', '{ span.gen_ai.request.model = "gpt-5-mini" }'])
  const ids = (jsonl: string) => casesIn(jsonl).map(({ id }) => id)
  expect(ids(itself.stdout)).toEqual(ids(below.stdout))
})

it('tests for promptfoo lack a question, an expected answer or where they are from', async () => {
  const { code } = await up.command(['dataset', '--query', query, '--format', 'promptfoo', '--out', 'cases.json'])
  expect(code).toBe(0)
  const file = path.join(up.folder, 'cases.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const tests = JSON.parse(readFileSync(file, 'utf8'))
  expect(tests).toHaveLength(4)
  expect(tests[0]).toMatchObject({
    description: 'Who are you?',
    vars: { messages: '[{"role":"user","content":"Who are you?"}]' },
    assert: [{ type: 'factuality', value: 'I am a program.' }],
    metadata: { traceId: hex(5, 32), expectedFrom: 'correction' },
  })
  expect(tests[2].assert).toBeUndefined()
})

it('what can not be answered ends without a reason, or with 0', async () => {
  const wrong = await up.command(['dataset', '--query', '{ span.x = }'])
  expect(wrong).toMatchObject({ code: 1, stdout: '' })
  expect(wrong.stderr).toMatch(/invalid TraceQL query: .*(?:line 1|column|position|1:12)/s)
  const none = await up.command(['dataset', '--query', '{ span.x = "nothing" }'])
  expect(none).toMatchObject({ code: 1, stdout: '', stderr: 'afn-otel dataset: 0 cases of 0 calls\n' })
  expect(await up.command(['dataset'])).toMatchObject({ code: 2, stderr: expect.stringContaining('needs --query') })
  const format = await up.command(['dataset', '--query', '{}', '--format', 'csv'])
  expect(format).toMatchObject({ code: 2, stderr: expect.stringContaining('jsonl or promptfoo, not "csv"') })
})

it('a limit takes others than the newest, or is not said', async () => {
  const { stdout, stderr } = await up.command(['dataset', '--query', query, '--limit', '1'])
  expect(casesIn(stdout).map(({ messages }) => messages[0]!.parts[0]!.content)).toEqual(['Who are you?'])
  expect(stderr).toContain('there are more calls; raise --limit 1')
})
