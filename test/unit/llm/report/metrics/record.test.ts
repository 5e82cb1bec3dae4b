import { describe, expect, it } from 'vitest'
import { createCallMetrics } from '../../../../../src/app/llm/report/metrics/call-metrics'
import * as v1_41 from '../../../../../src/app/llm/report/v1-41'
import { chat, llmSpan, priced, type SpanLike } from '../../llm-span'
import { collected } from './collected'

function recorded(spans: SpanLike[], withOld = false) {
  const held = collected()
  const record = createCallMetrics({ meter: held.meter, v1_41: withOld ? v1_41 : undefined })
  for (const span of spans) record(llmSpan(span))
  return held
}

const full = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
  'server.address': 'api.openai.com',
  'server.port': 443,
}
const brief = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
}
const tokens = (kind: string) => `gen_ai.client.inference.usage.${kind}`

describe('the metrics of a call', () => {
  it('are those of the convention, with its attributes', async () => {
    const streamed = {
      ...priced,
      'gen_ai.response.time_to_first_chunk': 0.4,
      'afn.llm.time_per_output_chunk': 0.02,
      'gen_ai.usage.cache_read.input_tokens': 400,
      'gen_ai.usage.cache_write.input_tokens': 100,
      'gen_ai.usage.reasoning.output_tokens': 40,
    }
    const metrics = await recorded([{ attributes: streamed, seconds: 1.5 }]).all()
    const point = (sum: number, attributes: object) => [expect.objectContaining({ sum, attributes })]
    const unknown = { ...full, 'gen_ai.token.modality': 'unknown' }
    expect(metrics).toEqual({
      'gen_ai.client.inference.duration': point(1.5, full),
      'gen_ai.client.inference.time_to_first_chunk': point(0.4, full),
      'gen_ai.client.inference.time_per_output_chunk': point(0.02, full),
      'gen_ai.client.inference.operation.input_tokens': point(1_000, full),
      'gen_ai.client.inference.operation.output_tokens': point(100, full),
      [tokens('input_tokens')]: point(1_000, unknown),
      [tokens('output_tokens')]: point(100, unknown),
      [tokens('cache_read.input_tokens')]: point(400, unknown),
      [tokens('cache_write.input_tokens')]: point(100, unknown),
      [tokens('reasoning.output_tokens')]: point(40, unknown),
      'afn.llm.cost': [
        expect.objectContaining({ sum: 0.00015, attributes: cost('input') }),
        expect.objectContaining({ sum: 0.00006, attributes: cost('output') }),
      ],
      'afn.llm.operation.cost': point(0.00021, { ...brief, 'afn.llm.cost.source': 'local' }),
    })
  })

  const cost = (component: string) => ({
    ...brief,
    'afn.llm.cost.source': 'local',
    'afn.llm.cost.component': component,
  })

  it('have the recommended buckets, and no other, so that sums with other services hold', async () => {
    const metrics = await recorded([{ attributes: { ...chat, 'gen_ai.response.time_to_first_chunk': 0.1 } }]).all()
    for (const name of ['duration', 'time_to_first_chunk']) {
      const { boundaries } = metrics[`gen_ai.client.inference.${name}`]![0]!
      expect(boundaries).toEqual(Array.from({ length: 14 }, (_, n) => 2 ** n / 100))
    }
    expect(metrics['gen_ai.client.inference.operation.input_tokens']![0]!.boundaries.at(-1)).toBe(4 ** 13)
  })

  it('count what was cached by modality too', async () => {
    const cached = { 'gen_ai.usage.cache_read.input_tokens': 900, 'gen_ai.usage.image.cache_read.input_tokens': 300 }
    const attributes = { ...chat, ...cached, 'gen_ai.usage.text.cache_read.input_tokens': 500 }
    const points = await recorded([{ attributes }]).of(tokens('cache_read.input_tokens'))
    const counts = points.map(({ attributes, sum }) => [attributes['gen_ai.token.modality'], sum])
    expect(Object.fromEntries(counts)).toEqual({ text: 500, image: 300, unknown: 100 })
  })

  it('count each modality that the usage names, and the rest as unknown', async () => {
    const held = recorded([
      {
        attributes: {
          ...chat,
          'gen_ai.usage.text.input_tokens': 600,
          'gen_ai.usage.audio.input_tokens': 300,
          'gen_ai.usage.image.output_tokens': 100,
        },
      },
    ])
    const by = (points: { attributes: object; sum: number }[]) =>
      Object.fromEntries(points.map(({ attributes, sum }) => [(attributes as never)['gen_ai.token.modality'], sum]))
    expect(by(await held.of(tokens('input_tokens')))).toEqual({ text: 600, audio: 300, unknown: 100 })
    expect(by(await held.of(tokens('output_tokens')))).toEqual({ image: 100 })
  })

  it('keep the sum where the parts contradict it', async () => {
    const held = recorded([{ attributes: { ...chat, 'gen_ai.usage.audio.input_tokens': 3_000 } }])
    expect(await held.sum(tokens('input_tokens'))).toBe(1_000)
  })
})

describe('the metrics of a call that failed', () => {
  const failed = {
    attributes: { ...full, 'error.type': 'rate_limit_exceeded', 'afn.llm.usage.source': 'missing' },
    status: { code: 2 },
  }

  it('have its duration with its error, 0 tokens in the counters and nothing in the histograms', async () => {
    const metrics = await recorded([failed]).all()
    expect(Object.keys(metrics).sort()).toEqual([
      'gen_ai.client.inference.duration',
      tokens('input_tokens'),
      tokens('output_tokens'),
    ])
    expect(metrics['gen_ai.client.inference.duration']![0]!.attributes).toEqual({
      ...full,
      'error.type': 'rate_limit_exceeded',
    })
    expect(metrics[tokens('input_tokens')]).toMatchObject([{ sum: 0 }])
  })

  it('have an error.type also where the error has no name', async () => {
    const held = recorded([{ attributes: full, status: { code: 2 } }])
    expect((await held.of('gen_ai.client.inference.duration'))[0]!.attributes['error.type']).toBe('_OTHER')
  })
})

describe('a call without a price', () => {
  const reasons = async (attributes: object, more: SpanLike = {}) =>
    (await recorded([{ attributes: attributes as never, ...more }]).of('afn.llm.unpriced_operations')).map(
      ({ attributes }) => attributes['afn.llm.unpriced.reason'],
    )
  const unused = { ...full, 'afn.llm.usage.source': 'missing' }

  it('is counted with the reason, and never as a cost of 0', async () => {
    expect(await reasons(chat)).toEqual(['no_price'])
    expect(await reasons(unused)).toEqual(['no_usage'])
    expect(await reasons({ ...unused, 'afn.llm.stream.end': 'cut' }, { status: { code: 2 } })).toEqual(['no_usage'])
    expect(await recorded([{ attributes: chat }]).of('afn.llm.cost')).toEqual([])
  })

  it('is not one that costs nothing anyway', async () => {
    expect(await reasons(unused, { status: { code: 2 } })).toEqual([])
    expect(await reasons(priced)).toEqual([])
    expect(await reasons({ ...priced, 'afn.llm.cost.total': 0 })).toEqual([])
  })

  it('is also one whose cost is in another currency', async () => {
    expect(await reasons({ ...priced, 'afn.llm.cost.currency': 'EUR' })).toEqual(['no_price'])
  })
})

describe('the cost counter has the right source and component for a call whose cost is', () => {
  const components = async (attributes: object) =>
    Object.fromEntries(
      (await recorded([{ attributes: { ...chat, ...attributes } }]).of('afn.llm.cost')).map(point => [
        `${point.attributes['afn.llm.cost.component']}/${point.attributes['afn.llm.cost.source']}`,
        point.sum,
      ]),
    )

  it.each<[string, object, object]>([
    [
      'with a price a request',
      {
        'afn.llm.cost.total': 0.5,
        'afn.llm.cost.input': 0.25,
        'afn.llm.cost.output': 0.125,
        'afn.llm.cost.source': 'local',
      },
      { 'input/local': 0.25, 'output/local': 0.125, 'other/local': 0.125 },
    ],
    [
      'whole from the provider',
      { 'afn.llm.cost.total': 0.5, 'afn.llm.cost.source': 'provider' },
      { 'other/provider': 0.5 },
    ],
    ['from a foreign span', { 'afn.llm.cost.total': 0.5 }, { 'other/provider': 0.5 }],
    ['free', { 'afn.llm.cost.total': 0, 'afn.llm.cost.source': 'local' }, { 'other/local': 0 }],
    [
      'with parts larger than the whole',
      { 'afn.llm.cost.total': 0.5, 'afn.llm.cost.input': 2, 'afn.llm.cost.source': 'provider' },
      { 'other/provider': 0.5 },
    ],
    ['of NaN', { 'afn.llm.cost.total': Number.NaN }, {}],
    ['below 0', { 'afn.llm.cost.total': -1 }, {}],
  ])('%s', async (_, attributes, expected) => {
    expect(await components(attributes)).toEqual(expected)
  })
})

describe('an operation other than chat', () => {
  it('an embeddings call has its duration and what it spent', async () => {
    const embeddings = { ...priced, 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.output_tokens': undefined }
    const metrics = await recorded([{ attributes: embeddings as never }]).all()
    expect(Object.keys(metrics).sort()).toEqual([
      'afn.llm.cost',
      'afn.llm.operation.cost',
      'gen_ai.client.embeddings.duration',
      'gen_ai.client.embeddings.operation.input_tokens',
    ])
    expect(metrics['gen_ai.client.embeddings.operation.input_tokens']).toMatchObject([{ sum: 1_000 }])
  })

  it('the tokens of a batch are in a sum of tokens, by the names of v1.41 too', async () => {
    const batch = { ...priced, 'afn.llm.batch.requests': 19_000, 'gen_ai.usage.input_tokens': 38_000 }
    const embeddings = { ...batch, 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.output_tokens': undefined }
    const metrics = await recorded([{ attributes: batch }, { attributes: embeddings as never }], true).all()
    const sums = (name: string) => metrics[name]?.map(({ sum }) => sum)
    expect(sums(tokens('input_tokens'))).toEqual([38_000])
    expect(sums('gen_ai.client.embeddings.operation.input_tokens')).toEqual([38_000])
    expect(sums('gen_ai.client.token.usage')?.toSorted()).toEqual([100, 38_000, 38_000])
    // of single calls alone
    expect(sums('gen_ai.client.inference.operation.input_tokens')).toBeUndefined()
  })

  it('a search and an agent in this process have metrics of their own alone', async () => {
    const metrics = await recorded([
      { kind: 0, attributes: { ...priced, 'gen_ai.operation.name': 'invoke_agent' } },
      { attributes: { 'gen_ai.operation.name': 'retrieval' } },
    ]).all()
    expect(Object.keys(metrics)).toEqual(['gen_ai.invoke_agent.duration', 'gen_ai.retrieval.duration'])
  })

  it('an agent elsewhere has its duration', async () => {
    const metrics = await recorded([{ attributes: { 'gen_ai.operation.name': 'invoke_agent' } }]).all()
    expect(Object.keys(metrics)).toEqual(['gen_ai.client.operation.duration'])
  })

  it.each<[string, SpanLike]>([
    ['a span that repeats the usage of others', { attributes: { ...priced, 'afn.llm.usage.rollup': true } }],
    ['a span that is no LLM call', { attributes: { 'http.request.method': 'GET' } }],
  ])('%s is not counted', async (_, span) => {
    expect(await recorded([span]).all()).toEqual({})
  })
})

it('the metrics of v1.41 are there where the setting wants them', async () => {
  const embeddings = { ...priced, 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.output_tokens': undefined }
  const held = recorded([{ attributes: priced }, { attributes: embeddings as never }], true)
  const usage = await held.of('gen_ai.client.token.usage')
  expect(usage.map(({ attributes, sum }) => [attributes['gen_ai.token.type'], sum])).toEqual([
    ['input', 1_000],
    ['output', 100],
    ['input', 1_000],
  ])
  const durations = await held.of('gen_ai.client.operation.duration')
  expect(durations.map(({ attributes }) => attributes['gen_ai.operation.name'])).toEqual(['chat', 'embeddings'])
})

describe('the number of series', () => {
  it('is bounded for models that nobody knows, and for errors, providers and servers', async () => {
    const spans = Array.from({ length: 300 }, (_, n) => ({
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': `provider-${n}`,
        'gen_ai.request.model': `model-${n}`,
        'server.address': `host-${n}`,
        'server.port': 443,
        'error.type': `error-${n}`,
      },
    }))
    const durations = await recorded(spans).of('gen_ai.client.inference.duration')
    expect(durations).toHaveLength(51)
    expect(durations.at(-1)!.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'other',
      'gen_ai.request.model': 'other',
      'server.address': 'other',
      'error.type': '_OTHER',
    })
  })

  it('never gives up a model that has a price', async () => {
    const junk = Array.from({ length: 300 }, (_, n) => ({
      attributes: { ...chat, 'gen_ai.request.model': `junk-${n}` },
    }))
    const held = recorded([...junk, { attributes: priced }])
    expect(await held.of('afn.llm.operation.cost')).toMatchObject([
      { attributes: { 'gen_ai.request.model': 'gpt-4o-mini' } },
    ])
  })
})

it('no instrument exists before the first call', () => {
  let meters = 0
  const held = collected()
  const meter = () => {
    meters++
    return held.meter()
  }
  const record = createCallMetrics({ meter })
  record(llmSpan({ attributes: {} }))
  expect(meters).toBe(0)
  record(llmSpan({ attributes: chat }))
  record(llmSpan({ attributes: chat }))
  expect(meters).toBe(1)
})
