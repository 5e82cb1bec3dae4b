// Traces sorted by the server, page by page: the order is that of the generator's own numbers, sorted here.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SearchAnswer } from '../../../../src/backend/api/answers'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000
const window = `start=${start / 1_000}&end=${start / 1_000 + 600}`
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')

interface Given {
  readonly id: string
  readonly name: string
  readonly at: number
  readonly ms: number
  /** USD; undefined: no price is known. */
  readonly cost: number | undefined
  readonly tokens: number
  readonly failed: number
}

/** No two have the same number, and none of the numbers grows with the time. */
const given = Array.from({ length: 250 }, (_, n): Given => {
  const mixed = (n * 97) % 251
  return {
    id: hex(n + 1, 32),
    name: `task ${hex(mixed, 4)}`,
    at: start + n * 2_000,
    ms: 10 + mixed,
    cost: mixed % 10 === 3 ? undefined : (mixed + 1) / 1_000,
    tokens: 1_000 + mixed,
    failed: n % 4,
  }
})

const attribute = (key: string, value: object) => ({ key, value })

function spansOf({ id, name, at, ms, cost, tokens, failed }: Given): object[] {
  const span = (part: number, more: object) => ({
    traceId: id,
    spanId: hex(Number.parseInt(id, 16) * 16 + part, 16),
    startTimeUnixNano: `${at}000000`,
    endTimeUnixNano: `${at + ms}000000`,
    ...more,
  })
  const root = span(1, { name, kind: 2 })
  const call = span(2, {
    name: 'chat',
    kind: 3,
    parentSpanId: (root as { spanId: string }).spanId,
    attributes: [
      attribute('gen_ai.operation.name', { stringValue: 'chat' }),
      attribute('gen_ai.usage.input_tokens', { intValue: String(tokens) }),
      attribute('user.id', { stringValue: `user-${tokens}` }),
      attribute('gen_ai.input.messages', {
        stringValue: JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: `question ${name}` }] }]),
      }),
      attribute('gen_ai.output.messages', {
        stringValue: JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: `answer ${name}` }] }]),
      }),
      ...(cost === undefined ? [] : [attribute('afn.llm.cost.total', { doubleValue: cost })]),
    ],
  })
  const steps = Array.from({ length: failed }, (_, n) =>
    span(3 + n, { name: 'step', kind: 1, parentSpanId: (root as { spanId: string }).spanId, status: { code: 2 } }),
  )
  return [root, call, ...steps]
}

/** The largest first, what is not known last, and of what is equal the newest. */
const by = (value: (trace: Given) => number | string | undefined, sign: 1 | -1) =>
  [...given]
    .sort((a, b) => {
      const [one, other] = [value(a), value(b)]
      if (one === other) return b.at - a.at
      if (one === undefined) return 1
      if (other === undefined) return -1
      return one < other ? -sign : sign
    })
    .map(({ name }) => name)

describe('a search that the server sorts', () => {
  let api: Api

  beforeAll(async () => {
    const resource = { attributes: [attribute('service.name', { stringValue: 'sorted' })] }
    const scopeSpans = [{ scope: { name: 'test' }, spans: given.flatMap(spansOf) }]
    api = await startApi([{ resourceSpans: [{ resource, scopeSpans }] }], start + 600_000)
  })
  afterAll(() => api.store.close())

  const page = (query: string): Promise<SearchAnswer> => api.json(`/api/search?${window}&afn=true&${query}`)
  const all = async (query: string) => {
    const names: (string | undefined)[] = []
    for (let offset = 0; ; offset += 100) {
      const { traces = [] } = await page(`limit=100&${query}&offset=${offset}`)
      names.push(...traces.map(({ rootTraceName }) => rootTraceName))
      if (traces.length < 100) return names
    }
  }

  it.each<[string, (trace: Given) => number | string | undefined]>([
    ['cost', ({ cost }) => cost],
    ['duration', ({ ms }) => ms],
    ['tokens', ({ tokens }) => tokens],
    ['errors', ({ failed }) => failed],
    ['spans', ({ failed }) => failed],
    ['root', ({ name }) => name],
    ['start', ({ at }) => at],
  ])('has the top of a page at the top of all, or loses a trace between pages: by %s', async (name, value) => {
    expect(await all(`sort=${name}`)).toEqual(by(value, -1))
    expect(await all(`sort=${name}&order=asc`)).toEqual(by(value, 1))
  })

  it('sorts traces that the query does not find', async () => {
    const found = await all(`sort=cost&q=${encodeURIComponent('{ status = error }')}`)
    const failed = new Set(given.filter(trace => trace.failed > 0).map(({ name }) => name))
    expect(found).toEqual(by(({ cost }) => cost, -1).filter(name => failed.has(name)))
  })

  it('has no user, and no first words of what was asked and answered', async () => {
    const { traces = [] } = await page('sort=tokens&limit=1')
    const most = given.reduce((a, b) => (b.tokens > a.tokens ? b : a))
    expect(traces[0]?.afn).toMatchObject({
      user: `user-${most.tokens}`,
      prompt: `question ${most.name}`,
      answer: `answer ${most.name}`,
    })
  })

  it('takes a word that is no order', async () => {
    for (const query of ['sort=fame', 'sort=cost&order=up', 'sort=cost&offset=-1'])
      expect((await api.get(`/api/search?${query}`)).status).toBe(400)
  })
})
