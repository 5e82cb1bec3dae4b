// Agreement of evaluators with people, from spans and records as the app sends them to the figures of the API.
import { afterEach, expect, it } from 'vitest'
import type { Agreement, AgreementAnswer } from '../../../../src/backend/api/quality-answers'
import { type Api, startApi } from './ask'

const start = 1_795_000_020_000
const window = `start=${start / 1_000}&end=${start / 1_000 + 3_600}`
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const list = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }))

type Verdict = 'pass' | 'fail'
interface Said {
  readonly name: string
  readonly verdict?: Verdict
  readonly evaluator?: string
  readonly type?: 'human' | 'llm' | 'code'
  readonly label?: string
  /** Milliseconds after the answer. */
  readonly at?: number
}
const record = (traceId: string, spanId: string, { name, verdict, evaluator, type, label, at = 0 }: Said) => ({
  traceId,
  spanId,
  timeUnixNano: `${start + at}000000`,
  eventName: 'gen_ai.evaluation.result',
  attributes: list({
    'gen_ai.evaluation.name': name,
    ...((verdict ?? label) && { 'gen_ai.evaluation.score.label': verdict ?? label! }),
    ...(evaluator && { 'afn.llm.evaluation.evaluator.name': evaluator }),
    ...(type && { 'afn.llm.evaluation.evaluator.type': type }),
  }),
})

/** A request with two calls, of which the second gave the answer. */
const request = (n: number) => ({
  traceId: hex(n + 1, 32),
  root: hex(n * 8 + 1, 16),
  first: hex(n * 8 + 2, 16),
  last: hex(n * 8 + 3, 16),
})
function spansOf(n: number, more: Readonly<Record<string, string>>): object[] {
  const { traceId, root, first, last } = request(n)
  const span = (spanId: string, parentSpanId: string, from: number, to: number, attributes = {}) => ({
    traceId,
    spanId,
    parentSpanId,
    name: 'span',
    kind: 1,
    startTimeUnixNano: `${start + from}000000`,
    endTimeUnixNano: `${start + to}000000`,
    attributes: list(attributes),
  })
  const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'some-model', ...more }
  return [span(root, '', 0, 100), span(first, root, 10, 40, call), span(last, root, 50, 90, call)]
}

let api: Api | undefined
afterEach(() => api?.store.close())

async function agreements(
  requests: number,
  logs: readonly object[],
  more = '',
  ofCall: (n: number) => Readonly<Record<string, string>> = () => ({}),
): Promise<readonly Agreement[]> {
  const resource = { attributes: list({ 'service.name': 'chat' }) }
  const spans = Array.from({ length: requests }, (_, n) => spansOf(n, ofCall(n))).flat()
  api = await startApi(
    [
      { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] },
      { resourceLogs: [{ resource, scopeLogs: [{ logRecords: logs }] }] },
    ],
    start + 3_600_000,
  )
  return ((await api.json(`/api/afn/quality/agreement?${window}${more}`)) as AgreementAnswer).agreements
}

/** By the table 20, 5, 10, 15: the evaluator passes 25 of 50, the person 30. */
const textbook = Array.from({ length: 50 }, (_, n): readonly [Verdict, Verdict] => {
  if (n < 20) return ['pass', 'pass']
  if (n < 25) return ['pass', 'fail']
  return n < 35 ? ['fail', 'pass'] : ['fail', 'fail']
})

it("a person's rating of a request is compared with the evaluator's of the call that gave the answer", async () => {
  const logs = textbook.flatMap(([evaluator, person], n) => {
    const { traceId, root, first, last } = request(n)
    return [
      record(traceId, root, { name: 'feedback', verdict: person, type: 'human' }),
      record(traceId, last, { name: 'helpful', verdict: evaluator, evaluator: 'judge', type: 'llm' }),
      // of a call before it, which the person has not seen
      record(traceId, first, { name: 'helpful', verdict: 'fail', evaluator: 'judge-of-steps', type: 'llm' }),
    ]
  })
  const [found, ...others] = await agreements(50, logs)
  expect(found).toMatchObject({
    evaluation: 'helpful',
    evaluator: { name: 'judge', type: 'llm' },
    humanEvaluation: 'feedback',
    pairs: 50,
    bothPassed: 20,
    evaluatorPassed: 5,
    humanPassed: 10,
    bothFailed: 15,
    kappa: { isBetterThanChance: true },
  })
  expect((found!.kappa as { value: number }).value).toBeCloseTo(0.4, 12)
  expect(others).toEqual([])
})

it('an evaluator whose verdicts have nothing to do with those of people is no better than chance', async () => {
  const logs = Array.from({ length: 40 }, (_, n) => {
    const { traceId, last } = request(n)
    return [
      record(traceId, last, { name: 'feedback', verdict: n % 2 === 0 ? 'pass' : 'fail', type: 'human' }),
      record(traceId, last, { name: 'length', verdict: n % 4 < 2 ? 'pass' : 'fail', type: 'code' }),
    ]
  }).flat()
  const [found] = await agreements(40, logs)
  expect(found).toMatchObject({
    pairs: 40,
    evaluator: { name: null, type: 'code' },
    kappa: { value: 0, isBetterThanChance: false },
  })
})

it('the newest result of an evaluator and of people counts, and nothing is said of fewer than 30 pairs', async () => {
  const { traceId, root, last } = request(0)
  const found = await agreements(2, [
    record(traceId, root, { name: 'feedback', verdict: 'pass', evaluator: 'ann', type: 'human', at: 1 }),
    record(traceId, last, { name: 'feedback', verdict: 'fail', evaluator: 'bob', type: 'human', at: 2 }),
    record(traceId, last, { name: 'helpful', verdict: 'fail', evaluator: 'judge', type: 'llm', at: 5 }),
    record(traceId, root, { name: 'helpful', verdict: 'pass', evaluator: 'judge', type: 'llm', at: 4 }),
    record(traceId, last, { name: 'helpful', verdict: 'pass', evaluator: 'judge', type: 'llm', at: 3 }),
    // nothing to compare: neither pass nor fail, nobody's, or an answer that no person rated
    record(traceId, last, { name: 'tone', label: 'warm', evaluator: 'judge', type: 'llm' }),
    record(request(1).traceId, request(1).last, { name: 'helpful', verdict: 'pass', evaluator: 'judge', type: 'llm' }),
  ])
  expect(found).toEqual([
    {
      evaluation: 'helpful',
      evaluator: { name: 'judge', type: 'llm' },
      humanEvaluation: 'feedback',
      pairs: 1,
      bothPassed: 0,
      bothFailed: 1,
      evaluatorPassed: 0,
      humanPassed: 0,
      kappa: { none: 'too_few' },
      parts: [],
    },
  ])
})

it('an evaluator that does not say what it is is taken for a person, or left out', async () => {
  const { traceId, last } = request(0)
  const found = await agreements(1, [
    record(traceId, last, { name: 'feedback', verdict: 'pass', type: 'human' }),
    record(traceId, last, { name: 'unsigned', verdict: 'pass' }),
    record(traceId, last, { name: 'named', verdict: 'fail', evaluator: 'azure' }),
  ])
  expect(found.map(({ evaluation, evaluator, bothPassed }) => [evaluation, evaluator, bothPassed])).toEqual([
    ['named', { name: 'azure', type: null }, 0],
    ['unsigned', { name: null, type: null }, 1],
  ])
})

it('agreement by model or prompt version has answers of another, or what is of one is said twice', async () => {
  // one model answers all of the table; the other one only where both passed
  const logs = Array.from({ length: 60 }, (_, n) => {
    const { traceId, root, last } = request(n)
    const [evaluator, person] = textbook[n] ?? ['pass', 'pass']
    return [
      record(traceId, root, { name: 'feedback', verdict: person, type: 'human' }),
      record(traceId, last, { name: 'helpful', verdict: evaluator, evaluator: 'judge', type: 'llm' }),
    ]
  }).flat()
  const ofCall = (n: number) => ({
    'gen_ai.request.model': n < 50 ? 'large' : 'small',
    'gen_ai.prompt.name': 'answer',
    ...(n < 59 && { 'gen_ai.prompt.version': n % 2 === 0 ? '1' : '2' }),
  })
  const [byModel] = await agreements(60, logs, '&by=model', ofCall)
  expect(byModel).toMatchObject({ pairs: 60, bothPassed: 30, bothFailed: 15 })
  expect(byModel!.parts).toMatchObject([
    { model: 'large', promptName: null, promptVersion: null, pairs: 50, bothPassed: 20, humanPassed: 10, kappa: { value: expect.closeTo(0.4, 12) } },
    { model: 'small', pairs: 10, bothPassed: 10, kappa: { none: 'too_few' } },
  ]) // biome-ignore format: a part a line
  const window60 = `/api/afn/quality/agreement?${window}`
  const ask = async (more: string) => ((await api!.json(`${window60}${more}`)) as AgreementAnswer).agreements[0]!.parts
  expect((await ask('&by=prompt')).map(({ promptName, promptVersion, pairs }) => [promptName, promptVersion, pairs])).toEqual([
    ['answer', '1', 30],
    ['answer', '2', 29],
    ['answer', null, 1],
  ]) // biome-ignore format: a part a line
  expect(await ask('&by=model,prompt')).toHaveLength(5)
  expect(await ask('')).toEqual([])
  expect((await api!.get(`${window60}&by=size`)).status).toBe(400)
})

it('each evaluation of people is compared on its own, and those of another service are left out', async () => {
  const { traceId, last } = request(0)
  const logs = [
    record(traceId, last, { name: 'feedback', verdict: 'pass', type: 'human' }),
    record(traceId, last, { name: 'stars', verdict: 'fail', type: 'human' }),
    record(traceId, last, { name: 'helpful', verdict: 'pass', type: 'llm' }),
  ]
  const found = await agreements(1, logs, '&service=chat')
  expect(
    found.map(({ humanEvaluation, bothPassed, evaluatorPassed }) => [humanEvaluation, bothPassed, evaluatorPassed]),
  ).toEqual([
    ['feedback', 1, 0],
    ['stars', 0, 1],
  ])
  expect(await api!.json(`/api/afn/quality/agreement?${window}&service=other`)).toEqual({ agreements: [], total: 0 })
  expect((await api!.get(`/api/afn/quality/agreement?${window}&limit=0`)).status).toBe(400)
})
