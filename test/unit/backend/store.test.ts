// What goes into the embedded backend's store comes out of it, typed.
import { afterEach, expect, test } from 'vitest'
import { attribute, nestedAttribute, traceIdHex } from '../../../src/backend/store/columns'
import { openStore, type Store } from '../../../src/backend/store/store'

let store: Store | undefined
afterEach(() => store?.close())

const attributes = (values: Record<string, object>) => Object.entries(values).map(([key, value]) => ({ key, value }))

const span = {
  traceId: '000102030405060708090a0b0c0d0e0f',
  spanId: '00000000000000a1',
  name: 'chat',
  kind: 3,
  startTimeUnixNano: '1700000000000000001',
  endTimeUnixNano: '1700000001000000001',
  attributes: attributes({
    'gen_ai.request.model': { stringValue: 'm' },
    'http.response.status_code': { stringValue: 'not a number' },
    "it's": { intValue: '9007199254740993' },
    ratio: { doubleValue: 1 },
    list: { arrayValue: { values: [{ intValue: '1' }, { intValue: '2' }] } },
    one: { arrayValue: { values: [{ stringValue: 'alone' }] } },
    map: { kvlistValue: { values: attributes({ a: { intValue: '1' } }) } },
  }),
  events: [{ timeUnixNano: '5', name: 'e', attributes: attributes({ ok: { boolValue: true } }) }],
}

const request = (...spans: object[]) => ({
  resourceSpans: [
    {
      resource: { attributes: attributes({ 'service.name': { stringValue: 'shop' } }) },
      scopeSpans: [{ scope: { name: 'lib', version: '1' }, spans }],
    },
  ],
})

test('an attribute is found by its type, in a column of its own or in the maps', async () => {
  store = await openStore({ path: ':memory:' })
  expect(await store.write('traces', request(span))).toBeUndefined()
  const [row] = await store.query(`
    SELECT ${traceIdHex('s.trace_id')} AS trace, s.duration_ns,
      ${attribute('span', 'gen_ai.request.model', 'string')} AS model,
      ${attribute('span', 'http.response.status_code', 'int')} AS status,
      ${attribute('span', 'http.response.status_code', 'string')} AS status_text,
      ${attribute('span', "it's", 'int')} AS large, ${attribute('span', 'ratio', 'int')} AS no_int,
      ${attribute('span', 'ratio', 'float')} AS ratio, ${attribute('span', 'one', 'string')} AS one,
      s.attr_arrays['list'].i AS list, s.attr_other['map'] AS map,
      ${attribute('resource', 'service.name', 'string')} AS service,
      len(list_filter(s.events, lambda e: e.name = 'e' AND ${nestedAttribute('e', 'ok', 'bool')})) AS events
    FROM spans s JOIN resources r ON r.id = s.resource`)
  expect(row).toEqual({
    trace: '000102030405060708090a0b0c0d0e0f',
    duration_ns: 1_000_000_000n,
    model: 'm',
    status: null,
    status_text: 'not a number',
    large: 9007199254740993n,
    no_int: null,
    ratio: 1,
    one: 'alone',
    list: [1n, 2n],
    map: '{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}}',
    service: 'shop',
    events: 1n,
  })
})

test.each(['traces', 'logs', 'metrics'] as const)(
  'the environment of %s is found by its name of today, however it was sent',
  async signal => {
    store = await openStore({ path: ':memory:' })
    const of = (named: Record<string, string>) => ({
      attributes: attributes(
        Object.fromEntries(Object.entries(named).map(([key, value]) => [key, { stringValue: value }])),
      ),
    })
    const resources = [
      of({ 'deployment.environment': 'old' }),
      of({ 'deployment.environment': 'old', 'deployment.environment.name': 'today' }),
      of({ 'service.name': 'none' }),
    ]
    const within = {
      traces: { scopeSpans: [{ spans: [span] }] },
      logs: { scopeLogs: [{ logRecords: [{ timeUnixNano: '5' }] }] },
      metrics: {
        scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints: [{ timeUnixNano: '5', asInt: '1' }] } }] }],
      },
    }
    const document = {
      [`resource${{ traces: 'Spans', logs: 'Logs', metrics: 'Metrics' }[signal]}`]: resources.map(resource => ({
        resource,
        ...within[signal],
      })),
    }
    await store.write(signal, document)
    const [old, today] = ['deployment.environment', 'deployment.environment.name'].map(key =>
      attribute('resource', key, 'string'),
    )
    expect(await store.query(`SELECT ${old} AS old, ${today} AS today FROM resources r ORDER BY r.id`)).toEqual([
      { old: 'old', today: 'old' },
      { old: 'old', today: 'today' },
      { old: null, today: null },
    ])
  },
)

test('a span without ids is rejected and counted, and the others are stored', async () => {
  store = await openStore({ path: ':memory:' })
  const partial = await store.write('traces', request(span, { ...span, spanId: undefined }))
  expect(partial?.rejected).toBe(1)
  expect(await store.query('SELECT count(*) AS spans FROM spans')).toEqual([{ spans: 1n }])
})

test('what comes while a large commit is at work is stored by the next one, each span with its own texts', async () => {
  const opened = await openStore({ path: ':memory:' })
  store = opened
  let sent = 0
  const some = (count: number) =>
    request(
      ...Array.from({ length: count }, () => {
        const [id, text] = [(++sent).toString(16), `of the span with the number ${sent}`]
        const own = attributes({ own: { stringValue: text }, 'user.id': { stringValue: text } })
        return { ...span, traceId: id.padStart(32, '0'), spanId: id.padStart(16, '0'), name: text, attributes: own }
      }),
    )
  const writes: Promise<unknown>[] = []
  for (let at = 0; at < 40; at++) {
    writes.push(opened.write('traces', some(at % 10 === 0 ? 7_000 : 3)))
    await new Promise(resolve => setImmediate(resolve))
  }
  await Promise.all(writes)
  const text = `'of the span with the number ' || s.span_id`
  const own = [attribute('span', 'own', 'string'), attribute('span', 'user.id', 'string')]
  expect(
    await opened.query(`SELECT count(*)::INTEGER AS spans, count(DISTINCT s.span_id)::INTEGER AS distinct_spans,
      count(*) FILTER (s.name = ${text} AND ${own.map(sql => `${sql} = ${text}`).join(' AND ')})::INTEGER AS own,
      (SELECT sum(spans)::INTEGER FROM traces) AS traced FROM spans s`),
  ).toEqual([{ spans: sent, distinct_spans: sent, own: sent, traced: sent }])
})

/** One request of log records that all have a time. */
const records = (count: number) => ({
  resourceLogs: [
    {
      scopeLogs: [
        {
          logRecords: Array.from({ length: count }, (_, n) => ({
            timeUnixNano: '1700000000000000001',
            body: { stringValue: `basket ${n}` },
            attributes: attributes({ 'url.path': { stringValue: `/basket/${n}` } }),
          })),
        },
      ],
    },
  ],
})

test('a large request of log records holds up nothing else, and no commit has a part of it', async () => {
  const opened = await openStore({ path: ':memory:' })
  store = opened
  const [few, many] = [1, 40_000]
  let isStored = false
  let turns = 0
  const large = opened.write('logs', records(many)).then(() => {
    isStored = true
  })
  const seen = new Set<number>()
  const small: Promise<unknown>[] = []
  while (!isStored) {
    await new Promise(setImmediate)
    turns++
    // commits that begin while the large request is added
    if (small.length < 5) small.push(opened.write('logs', records(few)))
    const [row] = await opened.query(
      `SELECT count(*) AS stored FROM logs WHERE body LIKE 'basket %' AND body <> 'basket 0'`,
    )
    seen.add(Number(row!.stored))
  }
  await Promise.all([large, ...small])
  expect(turns).toBeGreaterThan(5)
  expect([...seen].filter(count => count !== 0 && count !== many - 1)).toEqual([])
  expect(await opened.query('SELECT count(*) AS stored FROM logs')).toEqual([{ stored: BigInt(many + small.length) }])
})

test('who asks or writes when the store is closed hears so, and the process goes on', async () => {
  const closed = await openStore({ path: ':memory:' })
  await closed.write('traces', request(span))
  // with what is at work, and with what comes between
  const during = Promise.allSettled([closed.query('SELECT count(*) FROM spans'), closed.sweep()])
  await closed.close()
  await during
  const later = [
    () => closed.query('FROM spans'),
    () => closed.write('traces', request(span)),
    () => closed.sweep(),
    () => closed.finalizeTraces(),
  ]
  for (const ask of later) await expect(ask()).rejects.toThrow('the store is closed')
})
