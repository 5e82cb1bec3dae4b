// What goes into the embedded backend's store comes out of it, typed.
import { afterEach, expect, test } from 'vitest'
import { attribute, nestedAttribute, traceIdHex } from '../../../src/local/store/columns'
import { openStore, type Store } from '../../../src/local/store/store'

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

test('a span without ids is rejected and counted, and the others are stored', async () => {
  store = await openStore({ path: ':memory:' })
  const partial = await store.write('traces', request(span, { ...span, spanId: undefined }))
  expect(partial?.rejected).toBe(1)
  expect(await store.query('SELECT count(*) AS spans FROM spans')).toEqual([{ spans: 1n }])
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
