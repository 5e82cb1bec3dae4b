// What becomes of a person's feedback that a page sends: an evaluation of the app, once, and never more than a page may say.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { otlpHandler } from '../../../src/app/next/otlp-handler'
import { inertRuntime, type Runtime, slot } from '../../../src/app/runtime'
import { type Receiver, startReceiver } from '../../../src/backend/receiver'

const ORIGIN = 'https://shop.example'
const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

type Said = Record<string, string | number>
const anyValue = (value: string | number) =>
  typeof value === 'string' ? { stringValue: value } : { doubleValue: value }
const record = (said: Said, more: object = {}) => ({
  timeUnixNano: '1700000000000000000',
  eventName: 'gen_ai.evaluation.result',
  traceId,
  spanId,
  attributes: Object.entries(said).map(([key, value]) => ({ key, value: anyValue(value) })),
  ...more,
})
const thumb: Said = {
  'gen_ai.evaluation.name': 'helpful',
  'gen_ai.evaluation.score.value': 0,
  'gen_ai.evaluation.explanation': 'too long',
  'afn.llm.evaluation.score.min': 0,
  'afn.llm.evaluation.score.max': 1,
  'afn.llm.evaluation.threshold': 1,
  'afn.llm.evaluation.evaluator.type': 'human',
}
const judged = {
  name: 'helpful',
  score: 0,
  min: 0,
  max: 1,
  threshold: 1,
  explanation: 'too long',
  evaluator: { type: 'human' },
  target: { traceId, spanId },
}

describe('feedback of a page', () => {
  let receiver: Receiver
  const received: string[] = []
  const recordEvaluation = vi.fn<NonNullable<Runtime['recordEvaluation']>>()
  let handle: ReturnType<typeof otlpHandler>

  beforeAll(async () => {
    const take = (request: object) => void received.push(JSON.stringify(request))
    receiver = await startReceiver({ onLogs: take, onTraces: take, onMetrics: take })
  })
  afterAll(() => receiver.close())
  beforeEach(() => {
    received.splice(0)
    recordEvaluation.mockClear()
    handle = otlpHandler({ endpoint: receiver.url, serviceNames: ['shop-web'] })
    slot().runtime = { ...inertRuntime({} as ReturnType<Runtime['status']>), recordEvaluation }
  })
  afterEach(() => {
    delete slot().runtime
  })

  const send = async (records: object[], by = handle) => {
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] })
    const headers = { 'content-type': 'application/json', origin: ORIGIN }
    return (await by(new Request(`${ORIGIN}/api/otel/v1/logs`, { method: 'POST', headers, body }))).status
  }

  it('is an evaluation of the app, and no event of the page besides', async () => {
    expect(await send([record(thumb)])).toBe(200)
    expect(recordEvaluation.mock.calls).toEqual([[judged]])
    expect(received).toEqual([])
  })

  it('leaves what was sent with it on its way', async () => {
    expect(await send([record(thumb), { ...record({}), eventName: 'saved' }])).toBe(200)
    expect(recordEvaluation).toHaveBeenCalledTimes(1)
    expect(received).toHaveLength(1)
    expect(received[0]).toContain('"eventName":"saved"')
    expect(received[0]).not.toContain('helpful')
  })

  it('counts once when the page sends it again', async () => {
    await send([record(thumb)])
    await send([record(thumb), record(thumb, { timeUnixNano: '1700000000000000001' })])
    expect(recordEvaluation).toHaveBeenCalledTimes(2)
  })

  it('waits where the page is told to come again', async () => {
    const away = otlpHandler({ endpoint: 'http://127.0.0.1:9' })
    const both = [record(thumb), { ...record({}), eventName: 'saved' }]
    expect(await send(both, away)).toBe(503)
    expect(recordEvaluation).not.toHaveBeenCalled()
    expect(await send(both)).toBe(200)
    expect(recordEvaluation).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['that is off its scale', { ...thumb, 'gen_ai.evaluation.score.value': 7 }, {}],
    ['whose scale is none', { ...thumb, 'afn.llm.evaluation.score.max': 0 }, {}],
    ['with a sentence for a name', { ...thumb, 'gen_ai.evaluation.name': 'ask hannah@example.org' }, {}],
    ['of no answer', thumb, { traceId: '', spanId: '' }],
  ])('%s is no evaluation', async (_, said, more) => {
    expect(await send([record(said, more)])).toBe(200)
    expect(recordEvaluation).not.toHaveBeenCalled()
    expect(received).toHaveLength(1)
    expect(received[0]).not.toContain('hannah@')
  })

  it('under names that a stranger makes up took all names that metrics have', async () => {
    const named = (at: number) => record({ ...thumb, 'gen_ai.evaluation.name': `name-${at}` })
    await send(Array.from({ length: 60 }, (_, at) => named(at)))
    await send([named(0), named(59)].map(one => ({ ...one, timeUnixNano: '1700000000000000007' })))
    expect(recordEvaluation).toHaveBeenCalledTimes(33)
    // what is not taken is an event, as before
    expect(received).toHaveLength(2)
  })

  it('that a stranger sends without end was recorded without end', async () => {
    for (let request = 0; request < 20; request++)
      await send(Array.from({ length: 64 }, (_, at) => record(thumb, { timeUnixNano: `17000000000${String(request * 64 + at).padStart(8, '0')}` }))) // biome-ignore format: one line
    expect(recordEvaluation).toHaveBeenCalledTimes(1_024)
  })

  it('says no more than a person may where no telemetry runs in the process', async () => {
    delete slot().runtime
    const forged = {
      ...thumb,
      'afn.llm.evaluation.evaluator.name': 'judge-v2',
      'gen_ai.usage.input_tokens': 5,
      'afn.llm.cost.total': 3,
    }
    await send([record(forged), record({ ...thumb, 'afn.llm.evaluation.evaluator.type': 'llm' })])
    expect(received).toHaveLength(1)
    expect(received[0]).toContain('"gen_ai.evaluation.name","value":{"stringValue":"helpful"}')
    expect(received[0]!.split('"human"')).toHaveLength(2)
    expect(received[0]).not.toMatch(/judge-v2|input_tokens|cost|"llm"/)
    // of an event by another name nothing of it
    received.splice(0)
    await send([{ ...record(thumb), eventName: 'saved' }])
    expect(received[0]).not.toContain('evaluation')
  })
})
