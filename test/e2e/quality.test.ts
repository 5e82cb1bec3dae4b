// Evaluations by three writers in one app under the packed preload, as a real `afn-otel up` counts them: our recordEvaluation() on open and on
// ended spans, OpenTelemetry's own logs API as the GenAI conventions say it, on calls that LangFuse's SDK has described (a recording of it).
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JudgedAnswers, QualityAnswer } from '../../src/backend/api/quality-answers'
import { makeApp, root } from '../support/packed'
import { run } from '../support/run'
import { type RunningUp, startUp } from '../support/up'

const recorded = path.join(root, 'test/fixtures/dialects/langfuse-manual.json')
const requests = 40

const app = `
  const { trace } = require('@opentelemetry/api')
  const { logs } = require('@opentelemetry/api-logs')
  const { recordEvaluation, flush } = require('@afn/otel/api')
  const langfuse = trace.getTracer('langfuse-sdk')
  const { attributes } = require('./langfuse.json').span
  for (let n = 0; n < ${requests}; n++) {
    trace.getTracer('app').startActiveSpan('POST /ask', request => {
      const call = langfuse.startSpan('generation', { attributes })
      call.end()
      const judged = { name: 'relevance', score: n % 4 === 0 ? 1 : 5, min: 1, max: 5, threshold: 3 }
      // of the request, and of the call that has ended: one answer, and one judgement
      recordEvaluation({ ...judged, explanation: 'number ' + n })
      recordEvaluation({ ...judged, target: call })
      recordEvaluation({ name: 'helpful', label: 'pass', evaluator: 'human', target: call })
      logs.getLogger('judge').emit({
        eventName: 'gen_ai.evaluation.result',
        attributes: { 'gen_ai.evaluation.name': 'faithfulness', 'gen_ai.evaluation.score.value': 2 + n / 100 },
      })
      request.end()
    })
  }
  flush(20_000).then(() => console.log('sent'))`

describe('evaluations of an app', () => {
  let up: RunningUp
  let found: QualityAnswer
  const ask = async (route: string) => (await fetch(`${up.url}/api/afn/${route}`)).json()

  beforeAll(async () => {
    up = await startUp()
    const folder = makeApp({
      files: { 'app.cjs': app, 'langfuse.json': readFileSync(recorded, 'utf8') },
      modules: { '@opentelemetry/api': '@opentelemetry/api', '@opentelemetry/api-logs': '@opentelemetry/api-logs' },
    })
    const outcome = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: up.otlp, OTEL_SERVICE_NAME: 'ask', AFN_CAPTURE_CONTENT: 'redacted' },
    })
    expect(outcome).toMatchObject({ code: 0, stdout: 'sent\n' })
    found = (await ask('quality?by=model,prompt')) as QualityAnswer
  }, 120_000)
  afterAll(() => up?.stop())

  it('count once, with the model and the prompt version of the call that was judged', () => {
    const answerOf = { model: 'gpt-4o', promptName: 'p', promptVersion: '3' }
    const relevance = found.groups.filter(({ evaluation }) => evaluation === 'relevance')
    expect(relevance).toMatchObject([{ ...answerOf, n: requests, passed: 30, failed: 10, scale: 'normalized' }])
    expect(relevance[0]!.score).toMatchObject({ n: requests, mean: 0.75, min: 0, max: 1 })
    const helpful = found.groups.filter(({ evaluation }) => evaluation === 'helpful')
    expect(helpful).toMatchObject([
      { ...answerOf, n: requests, passed: requests, evaluator: { name: null, type: 'human' }, score: null },
    ])
  })

  it('cost what LangFuse’s SDK said of the calls', () => {
    const { cost, goodAnswer } = found.groups.find(({ evaluation }) => evaluation === 'relevance')!
    // each has cost $0.3, and three of four are good
    expect(cost).toMatchObject({ calls: requests, unpriced: 0, priced: requests, perAnswer: expect.closeTo(0.3, 12) })
    expect(goodAnswer).toMatchObject({ usd: expect.closeTo(0.4, 12) })
  })

  it('are read from events of OpenTelemetry’s logs API, on a scale of their own', () => {
    const faithfulness = found.groups.filter(({ evaluation }) => evaluation === 'faithfulness')
    expect(faithfulness).toMatchObject([{ n: requests, unrated: requests, scale: 'own', source: 'judge' }])
    expect(faithfulness[0]!.score!.mean).toBeCloseTo(2 + (requests - 1) / 200, 9)
  })

  it('are listed from the worst on, with question and answer', async () => {
    const { answers, total } = (await ask('quality/answers?evaluation=relevance&limit=12')) as JudgedAnswers
    expect(total).toBe(requests)
    expect(answers.map(({ score }) => score)).toEqual([...Array(10).fill(0), 1, 1])
    expect(answers[0]).toMatchObject({
      verdict: 'fail',
      service: 'ask',
      prompt: 'x',
      answer: 'text',
      explanation: expect.stringMatching(/^number \d+$/),
    })
  })
})
