// What evaluations say of answers, over a load that is made here with its own counts: each figure of the API is compared with plain
// arithmetic over what was made. Wilson's interval is compared with a published table as well.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JudgedAnswer, QualityAnswer, QualityGroup } from '../../../../src/backend/api/quality-answers'
import { Random } from '../../../support/random'
import { type Api, startApi } from './ask'

const start = 1_795_000_020_000
const minutes = 50
const window = `start=${start / 1_000}&end=${start / 1_000 + 60 * minutes}`
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>
const floats = /cost|score|threshold/
const list = (attributes: Attributes): object[] =>
  Object.entries(attributes).flatMap(([key, value]): object[] => {
    if (value === undefined) return []
    if (typeof value === 'string') return [{ key, value: { stringValue: value } }]
    if (typeof value === 'boolean') return [{ key, value: { boolValue: value } }]
    return [{ key, value: floats.test(key) ? { doubleValue: value } : { intValue: String(value) } }]
  })

/** What is made, as the test reckons with it. */
interface Made {
  readonly service: string
  readonly model: string
  readonly version: string
  readonly minute: number
  readonly cost: number | undefined
  readonly evaluations: readonly Judged[]
}
interface Judged {
  readonly name: string
  /** On the scale of the evaluator: 0 to 1, 1 to 5, or one that nobody knows. */
  readonly value?: number
  readonly normalized?: number
  readonly label?: string
  readonly outcome?: 'pass' | 'fail' | 'skipped' | 'error'
}

const models = ['gpt-5-mini', 'claude-sonnet-5', 'local-llm'] as const
const versions = ['3', '4'] as const

function make(count: number): { made: Made[]; requests: object[] } {
  const random = new Random(18)
  const next = () => random.next()
  const pick = <Item>(items: readonly Item[]): Item => random.pick(items)
  const made: Made[] = []
  const spans = new Map<string, object[]>()
  const logs = new Map<string, object[]>()
  const put = (into: Map<string, object[]>, service: string, what: object) =>
    into.set(service, [...(into.get(service) ?? []), what])

  for (let n = 1; n <= count; n++) {
    const [service, model, version] = [pick(['chat', 'search']), pick(models), pick(versions)]
    const minute = Math.floor(next() * minutes)
    const startMs = start + minute * 60_000 + Math.floor(next() * 50_000)
    // no table has a price for one model, and now and then for another
    const cost = model === 'local-llm' || next() < 0.02 ? undefined : 0.001 + next() * 0.01
    const good = next() < (version === '3' ? 0.7 : 0.85)
    const score = good ? 3.5 + next() * 1.5 : 1 + next() * 2.4
    const grounded: Judged[] = [
      { name: 'grounded', outcome: pick(['skipped', 'error']) },
      { name: 'grounded', normalized: next(), outcome: pick(['pass', 'fail']) },
    ]
    const evaluations: Judged[] = [
      { name: 'relevance', value: score, normalized: (score - 1) / 4, outcome: score >= 3.5 ? 'pass' : 'fail' },
      { name: 'tone', label: pick(['warm', 'cold', 'neutral']) },
      ...(next() < 0.5 ? [{ name: 'length', value: Math.floor(next() * 900) }] : []),
      ...(next() < 0.5 ? [pick(grounded)] : []),
    ]
    made.push({ service, model, version, minute, cost, evaluations })

    const [traceId, requestId, callId] = [hex(n, 32), hex(n * 16, 16), hex(n * 16 + 1, 16)]
    const times = { startTimeUnixNano: `${startMs}000000`, endTimeUnixNano: `${startMs + 900}000000` }
    const attributesOf = ({ name, value, normalized, label, outcome }: Judged): Attributes => ({
      'gen_ai.evaluation.name': name,
      'gen_ai.evaluation.score.value': value ?? (normalized === undefined ? undefined : normalized),
      'gen_ai.evaluation.score.label': label,
      'gen_ai.evaluation.explanation': `because of ${n}`,
      'afn.llm.evaluation.score.normalized': normalized,
      'afn.llm.evaluation.outcome': outcome ?? 'skipped',
    })
    /** As the conventions have it, without what we add. */
    const plain = ({ name, value, normalized, label }: Judged): Attributes => ({
      'gen_ai.evaluation.name': name,
      'gen_ai.evaluation.score.value': value ?? normalized,
      'gen_ai.evaluation.score.label': label,
    })
    const event = (judged: Judged) => ({
      name: 'gen_ai.evaluation.result',
      timeUnixNano: `${startMs + 800}000000`,
      attributes: list(attributesOf(judged)),
    })
    const span = (judged: Judged, parentSpanId: string, at: number) => ({
      traceId,
      spanId: hex(n * 16 + 2 + at, 16),
      parentSpanId,
      name: `evaluate ${judged.name}`,
      kind: 1,
      startTimeUnixNano: times.endTimeUnixNano,
      endTimeUnixNano: times.endTimeUnixNano,
      attributes: list(attributesOf(judged)),
    })
    const record = (judged: Judged, more: object) => ({
      timeUnixNano: `${startMs + 850}000000`,
      eventName: 'gen_ai.evaluation.result',
      attributes: list({ ...attributesOf(judged), 'gen_ai.response.id': `response-${n}` }),
      ...more,
    })
    const events: { request: object[]; call: object[] } = { request: [], call: [] }
    for (const [at, judged] of evaluations.entries()) {
      const way = Math.floor(next() * 8)
      if (way === 0) events.call.push(event(judged))
      else if (way === 1) events.request.push(event(judged))
      else if (way === 2) put(spans, service, span(judged, callId, at))
      else if (way === 3) put(logs, service, record(judged, { traceId, spanId: callId }))
      else if (way === 4) put(logs, service, record(judged, {}))
      // twice: by two libraries, of which one knows the request alone, and one by the conventions alone
      else if (way === 5) {
        events.call.push(event(judged))
        put(logs, service, record(judged, { traceId, spanId: callId }))
      } else if (way === 6) {
        events.request.push(event(judged))
        put(spans, service, span(judged, callId, at))
      } else {
        put(spans, service, span(judged, callId, at))
        put(logs, service, { ...record(judged, { traceId, spanId: callId }), attributes: list(plain(judged)) })
      }
    }
    put(spans, service, {
      traceId,
      spanId: requestId,
      // of something that does not send here
      parentSpanId: hex(n * 16 + 15, 16),
      name: 'POST /chat',
      kind: 2,
      ...times,
      events: events.request,
    })
    put(spans, service, {
      traceId,
      spanId: callId,
      parentSpanId: requestId,
      name: `chat ${model}`,
      kind: 3,
      ...times,
      attributes: list({
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': model,
        'gen_ai.response.id': `response-${n}`,
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'afn.llm.cost.total': cost,
        // as our exporter writes it, and as LangFuse's does
        'langfuse.observation.prompt.name': 'answer',
        ...(n % 2 === 0
          ? { 'langfuse.observation.prompt.version': version }
          : { 'langfuse.observation.prompt.version': Number(version) }),
        'gen_ai.input.messages': JSON.stringify([
          { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', content: `Question ${n}` }] },
        ]),
        'gen_ai.output.messages': JSON.stringify([
          { role: 'assistant', parts: [{ type: 'text', content: `Answer ${n}` }] },
        ]),
      }),
      events: events.call,
    })
  }
  const resource = (service: string) => ({ attributes: list({ 'service.name': service }) })
  const requests = [
    ...Array.from(spans, ([service, found]) => ({
      resourceSpans: [{ resource: resource(service), scopeSpans: [{ scope: { name: 'test' }, spans: found }] }],
    })),
    ...Array.from(logs, ([service, logRecords]) => ({
      resourceLogs: [{ resource: resource(service), scopeLogs: [{ scope: { name: 'test' }, logRecords }] }],
    })),
  ]
  return { made, requests }
}

const { made, requests } = make(600)
let api: Api
beforeAll(async () => {
  api = await startApi(requests, start + 3_600_000)
})
afterAll(() => api.store.close())

const ask = async (parameters = ''): Promise<QualityAnswer> =>
  (await api.json(`/api/afn/quality?${window}&${parameters}`)) as QualityAnswer
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Of all answers that fit, those that have this evaluation. */
const having = (name: string, fits: (one: Made) => boolean = () => true) =>
  made
    .filter(fits)
    .flatMap(one => one.evaluations.filter(judged => judged.name === name).map(judged => ({ one, judged })))
const times = (found: ReturnType<typeof having>, outcome: string | undefined) =>
  found.filter(({ judged }) => judged.outcome === outcome).length

describe('the quality of answers', () => {
  it.each(models.flatMap(model => versions.map(version => [model, version] as const)))(
    'of %s with version %s of the prompt counts each evaluation once',
    async (model, version) => {
      const { groups } = await ask('by=model,prompt')
      const group = groups.find(
        one => one.evaluation === 'relevance' && one.model === model && one.promptVersion === version,
      )!
      const found = having('relevance', one => one.model === model && one.version === version)
      const [passed, failed] = [times(found, 'pass'), times(found, 'fail')]
      expect(group).toMatchObject({
        n: found.length,
        passed,
        failed,
        unrated: 0,
        scale: 'normalized',
        promptName: 'answer',
      })
      expect(group.score!.n).toBe(found.length)
      expect(group.score!.mean).toBeCloseTo(mean(found.map(({ judged }) => judged.normalized!)), 12)
      expect(group.passShare!.share).toBeCloseTo(passed / found.length, 12)
      const costs = found.flatMap(({ one }) => one.cost ?? [])
      const usd = costs.reduce((sum, cost) => sum + cost, 0)
      const unpriced = found.length - costs.length
      expect(group.cost).toMatchObject({ calls: found.length, unpriced, priced: costs.length })
      expect(group.cost.unpricedBy).toEqual({ no_price: unpriced, no_usage: 0 })
      if (costs.length === 0) expect(group.cost).toMatchObject({ usd: null, perAnswer: null })
      else expect(group.cost.usd).toBeCloseTo(usd, 12)
      if (costs.length < 0.95 * found.length) expect(group.goodAnswer).toEqual({ none: 'unpriced' })
      else {
        const { usd: good } = group.goodAnswer as { usd: number }
        expect(good).toBeCloseTo(usd / costs.length / (passed / found.length), 12)
        // where each has a price: the cost of all answers, divided by those that passed
        if (unpriced === 0) expect(good).toBeCloseTo(usd / passed, 12)
      }
    },
  )

  it('over time adds up to the total, at the times of the answers', async () => {
    const { groups, stepSeconds } = await ask('by=none&step=60')
    const group = groups.find(({ evaluation }) => evaluation === 'relevance')!
    expect(stepSeconds).toBe(60)
    for (const [at, n, average, passed, rated] of group.points) {
      const found = having('relevance', ({ minute }) => start / 1_000 + minute * 60 === at)
      expect({ n, passed, rated }).toEqual({ n: found.length, passed: times(found, 'pass'), rated: found.length })
      expect(average).toBeCloseTo(mean(found.map(({ judged }) => judged.normalized!)), 9)
    }
    expect(group.points.reduce((sum, [, n]) => sum + n, 0)).toBe(having('relevance').length)
  })

  it('of a service is that of its answers alone', async () => {
    const { groups } = await ask('by=none&service=chat')
    const group = groups.find(({ evaluation }) => evaluation === 'relevance')!
    expect(group.n).toBe(having('relevance', ({ service }) => service === 'chat').length)
    expect((await ask('service=nobody')).groups).toEqual([])
  })

  it('of scores whose range nobody knows is never mixed with scores from 0 to 1', async () => {
    const { groups } = await ask('by=none')
    const length = groups.filter(({ evaluation }) => evaluation === 'length')
    const found = having('length').map(({ judged }) => judged.value!)
    expect(length).toHaveLength(1)
    expect(length[0]).toMatchObject({ scale: 'own', source: 'test', n: found.length, unrated: found.length })
    expect(length[0]!.score).toMatchObject({ min: Math.min(...found), max: Math.max(...found) })
    expect(length[0]!.score!.mean).toBeCloseTo(mean(found), 9)
  })

  it('is the share of each label where scores are words', async () => {
    const { groups } = await ask('by=none')
    const tone = groups.find(({ evaluation }) => evaluation === 'tone')!
    expect(tone).toMatchObject({ scale: 'none', score: null, passShare: null, n: made.length, unrated: made.length })
    expect(tone.labels.n).toBe(made.length)
    const counted = tone.labels.most.map(({ label, n }) => [label, n])
    const expected = ['warm', 'cold', 'neutral'].map(label => [
      label,
      having('tone').filter(({ judged }) => judged.label === label).length,
    ])
    expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(expected))
  })

  it('counts separately what was skipped and where an evaluator failed', async () => {
    const { groups } = await ask('by=none')
    const grounded = groups.filter(({ evaluation }) => evaluation === 'grounded')
    const found = having('grounded')
    expect(grounded).toHaveLength(1)
    expect(grounded[0]).toMatchObject({
      n: found.length,
      skipped: times(found, 'skipped'),
      errors: times(found, 'error'),
      passed: times(found, 'pass'),
      failed: times(found, 'fail'),
    })
    expect(grounded[0]!.score!.n).toBe(found.filter(({ judged }) => judged.normalized !== undefined).length)
  })

  it('says how many groups a short list leaves out', async () => {
    const all = await ask('by=model,prompt')
    expect(all.total).toBe(all.groups.length)
    const few = await ask('by=model,prompt&limit=3')
    const names = ({ groups }: QualityAnswer) =>
      groups.map(({ evaluation, model, promptVersion }) => [evaluation, model, promptVersion])
    expect(few.total).toBe(all.total)
    expect(names(few)).toEqual(names(all).slice(0, 3))
  })

  it.each(['by=user', 'step=0', 'limit=x', 'scale=own', 'scale=nope', 'after=x'])(
    'is refused with 400 for %s',
    async parameters => {
      const route = /scale|after/.test(parameters) ? 'quality/answers' : 'quality'
      const response = await api.get(`/api/afn/${route}?${window}&${parameters}`)
      expect({ status: response.status, body: await response.json() }).toEqual({
        status: 400,
        body: { error: expect.stringContaining('invalid') },
      })
    },
  )
})

describe('the list of the worst answers', () => {
  async function all(parameters: string): Promise<JudgedAnswer[]> {
    const found: JudgedAnswer[] = []
    for (let after = ''; ; ) {
      const page = await api.json(`/api/afn/quality/answers?${window}&limit=130&${parameters}&after=${after}`)
      found.push(...page.answers)
      if (page.next === null) return found
      after = page.next
    }
  }

  it('comes page by page, the lowest first, each once, with question and answer', async () => {
    const found = await all('evaluation=relevance')
    const expected = having('relevance').map(({ judged }) => judged.normalized!)
    expect(found.map(({ score }) => score)).toEqual(
      expected.toSorted((a, b) => a - b).map(score => expect.closeTo(score, 12)),
    )
    expect(new Set(found.map(({ traceId }) => traceId)).size).toBe(made.length)
    for (const { traceId, prompt, answer, explanation, ...one } of found.slice(0, 20)) {
      const n = Number(`0x${traceId}`)
      const { model, version, cost, service } = made[n - 1]!
      expect({ prompt, answer, explanation }).toEqual({
        prompt: `Question ${n}`,
        answer: `Answer ${n}`,
        explanation: expect.stringMatching(/^because of/),
      })
      expect(one).toMatchObject({
        model,
        promptVersion: version,
        service,
        calls: 1,
        unpriced: cost === undefined ? 1 : 0,
      })
      if (cost !== undefined) expect(one.costUsd).toBeCloseTo(cost, 12)
    }
  })

  it("compares over several evaluations what can be compared, and says how many can't", async () => {
    const { total, unranked, answers } = await api.json(`/api/afn/quality/answers?${window}&limit=200`)
    const comparable = [...having('relevance'), ...having('grounded')].filter(
      ({ judged }) => judged.outcome === 'pass' || judged.outcome === 'fail',
    )
    expect(total).toBe(comparable.length)
    expect(unranked).toBe(having('tone').length + having('length').length)
    const scores = answers.map(({ score }: JudgedAnswer) => score)
    expect(scores).toEqual(scores.toSorted((a: number, b: number) => a - b))
  })

  it('has the lowest scores of an evaluation with a scale of its own', async () => {
    const found = await all('evaluation=length&scale=own&source=test')
    expect(found.map(({ score }) => score)).toEqual(
      having('length')
        .map(({ judged }) => judged.value!)
        .toSorted((a, b) => a - b),
    )
  })
})

it('an interval of a share is the one that Newcombe (1998, table I) has by Wilson’s method', async () => {
  // 81 of 263: 0.2553 to 0.3662; 15 of 148: 0.0624 to 0.1605; 1 of 29: 0.0061 to 0.1718
  const answers = (name: string, passed: number, of: number, from: number) =>
    Array.from({ length: of }, (_, n) => ({
      traceId: hex(from + n, 32),
      spanId: hex(from + n, 16),
      name: 'chat',
      kind: 3,
      startTimeUnixNano: `${start}000000`,
      endTimeUnixNano: `${start + 1}000000`,
      attributes: list({
        'gen_ai.operation.name': 'chat',
        'gen_ai.evaluation.name': name,
        'gen_ai.evaluation.score.label': n < passed ? 'pass' : 'fail',
      }),
    }))
  const spans = [...answers('a', 81, 263, 1), ...answers('b', 15, 148, 1_000), ...answers('c', 1, 29, 2_000)]
  const api = await startApi([{ resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] }], start + 60_000)
  const { groups } = (await api.json(`/api/afn/quality?${window}`)) as QualityAnswer
  await api.store.close()
  const bounds = ({ passShare }: QualityGroup) =>
    [passShare!.low, passShare!.high].map(value => Number(value.toFixed(4)))
  expect(Object.fromEntries(groups.map(group => [group.evaluation, bounds(group)]))).toEqual({
    a: [0.2553, 0.3662],
    b: [0.0624, 0.1605],
    c: [0.0061, 0.1718],
  })
  // nothing is said of the cost of a good answer where nobody knows what the answers cost
  expect(groups.map(({ evaluation, goodAnswer }) => [evaluation, goodAnswer])).toEqual([
    ['a', { none: 'unpriced' }],
    ['b', { none: 'unpriced' }],
    ['c', { none: 'too_few' }],
  ])
})

describe('the evaluation of a whole request', () => {
  const span = (trace: number, id: number, parent: number, attributes: Attributes, more: object = {}) => ({
    traceId: hex(trace, 32),
    spanId: hex(id, 16),
    parentSpanId: parent === 0 ? '' : hex(parent, 16),
    name: 'a span',
    kind: 1,
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${start + 10}000000`,
    attributes: list(attributes),
    ...more,
  })
  const call = (operation: string, model: string, cost: number, version?: string): Attributes => ({
    'gen_ai.operation.name': operation,
    'gen_ai.request.model': model,
    'gen_ai.usage.input_tokens': 1,
    'afn.llm.cost.total': cost,
    'traceloop.prompt.version': version === undefined ? undefined : Number(version),
  })
  const evaluation = (name: string) => ({
    name: 'gen_ai.evaluation.result',
    timeUnixNano: `${start}000000`,
    attributes: list({ 'gen_ai.evaluation.name': name, 'gen_ai.evaluation.score.label': 'Pass' }),
  })
  const spans = [
    span(1, 1, 0, {}, { events: [evaluation('with retrieval')] }),
    span(1, 2, 1, call('embeddings', 'embedding-model', 0.25)),
    span(1, 3, 1, { 'gen_ai.operation.name': 'invoke_agent' }),
    span(1, 4, 3, call('chat', 'chat-model', 1, '7')),
    span(2, 1, 0, {}, { events: [evaluation('of two models')] }),
    span(2, 2, 1, call('chat', 'chat-model', 1)),
    span(2, 3, 1, call('chat', 'judge-model', 2)),
    // its own usage repeats that of the call below it, as outer spans of some instrumentations do
    span(
      3,
      1,
      0,
      { ...call('chat', 'chat-model', 1), 'afn.llm.usage.rollup': true },
      { events: [evaluation('twice')] },
    ),
    span(3, 2, 1, call('chat', 'chat-model', 1), { events: [evaluation('twice')] }),
    // from another process, which knows the judged span by a link alone
    span(
      4,
      1,
      0,
      { 'gen_ai.evaluation.name': 'linked', 'gen_ai.evaluation.score.label': 'fail' },
      { links: [{ traceId: hex(3, 32), spanId: hex(2, 16) }] },
    ),
    // what points to itself, which only a broken sender makes
    span(5, 1, 2, {}, { events: [evaluation('circle')] }),
    span(5, 2, 1, {}),
  ]

  it('has the model on which its calls agree, and costs what all of them cost', async () => {
    const api = await startApi([{ resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] }], start + 60_000)
    const { groups } = (await api.json(`/api/afn/quality?${window}&by=model,prompt`)) as QualityAnswer
    await api.store.close()
    const rows = groups.map(({ evaluation, n, passed, failed, model, promptVersion, cost }) => [
      evaluation,
      { n, passed, failed, model, promptVersion, calls: cost.calls, usd: cost.usd },
    ])
    const one = { n: 1, passed: 1, failed: 0, promptVersion: null }
    expect(Object.fromEntries(rows)).toEqual({
      'with retrieval': { ...one, model: 'chat-model', promptVersion: '7', calls: 2, usd: 1.25 },
      'of two models': { ...one, model: null, calls: 2, usd: 3 },
      twice: { ...one, model: 'chat-model', calls: 1, usd: 1 },
      linked: { ...one, passed: 0, failed: 1, model: 'chat-model', calls: 1, usd: 1 },
      circle: { ...one, model: null, calls: 0, usd: null },
    })
  })
})
