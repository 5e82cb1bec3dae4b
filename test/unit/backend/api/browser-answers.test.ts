// What browsers record, by page and by session. The oracle is arithmetic over what the test sent.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TimelineAnswer, WebVitalsAnswer } from '../../../../src/backend/api/browser-answers'
import type { SessionsAnswer } from '../../../../src/backend/api/session-answers'
import { type Api, startApi } from './ask'

const now = 1_795_003_600_000
const window = `start=${now / 1_000 - 3_600}&end=${now / 1_000}`
const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)

type Value = string | number
const attributes = (values: Readonly<Record<string, Value>>) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : Number.isInteger(value)
          ? { intValue: value }
          : { doubleValue: value },
  }))

const record = (at: number, eventName: string, values: Readonly<Record<string, Value>>, traceId = '', spanId = '') => ({
  timeUnixNano: nanos(now - at),
  eventName,
  severityNumber: 9,
  traceId,
  spanId,
  attributes: attributes(values),
})
const vital = (url: string, name: string, value: number, session = 's-2') =>
  record(60_000, 'browser.web_vital', {
    'browser.document.url.full': url,
    'browser.web_vital.name': name,
    'browser.web_vital.value': value,
    'session.id': session,
  })

const trace = '0af7651916cd43dd8448eb211c80319c'
const page = (path: string) => ({ 'browser.document.url.full': `https://shop.example/${path}`, 'session.id': 's-1' })
const requests = [
  {
    resourceLogs: [
      {
        resource: { attributes: attributes({ 'service.name': 'shop-web' }) },
        scopeLogs: [
          {
            logRecords: [
              ...[1000, 1200.5, 4000, 9000].map(value => vital('https://shop.example/cart?item=1#top', 'lcp', value)),
              vital('https://shop.example/cart?item=2', 'lcp', 2000),
              vital('https://shop.example/cart', 'cls', 0.25),
              vital('https://shop.example/', 'lcp', 800),
              record(50_000, 'browser.navigation', page('cart')),
              record(
                20_000,
                'exception',
                { ...page('cart'), 'exception.type': 'TypeError' },
                trace,
                '00f067aa0ba902b8',
              ),
              record(30_000, 'browser.user_action.click', page('cart')),
              record(15_000, 'exception', { ...page('cart'), 'exception.type': 'RangeError' }),
              record(10_000, 'browser.navigation', { ...page('done'), 'session.id': 'other' }),
            ],
          },
        ],
      },
    ],
  },
  {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': 'shop-api' }) },
        scopeSpans: [
          {
            spans: [
              { traceId: trace, spanId: '00f067aa0ba902b7', name: 'POST /order', startTimeUnixNano: nanos(now - 25_000), endTimeUnixNano: nanos(now - 24_000), attributes: attributes({ 'session.id': 's-1' }) }, // biome-ignore format: a row
              { traceId: trace, spanId: '00f067aa0ba902b8', parentSpanId: '00f067aa0ba902b7', name: 'INSERT', status: { code: 2 }, startTimeUnixNano: nanos(now - 24_500), endTimeUnixNano: nanos(now - 24_200) }, // biome-ignore format: a row
            ],
          },
        ],
      },
    ],
  },
]

describe('what browsers record', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi(requests, now)
  })
  afterAll(() => api.store.close())

  it('has Web Vitals of a page that are another’s, or apart for each query of its URL', async () => {
    const answer: WebVitalsAnswer = await api.json(`/api/afn/web-vitals?${window}`)
    expect(answer).toEqual({
      complete: true,
      pages: [
        {
          page: 'https://shop.example/cart',
          vitals: [
            { name: 'cls', samples: 1, p75: 0.25 },
            // of 1000, 1200.5, 2000, 4000 and 9000 the fourth
            { name: 'lcp', samples: 5, p75: 4000 },
          ],
        },
        { page: 'https://shop.example/', vitals: [{ name: 'lcp', samples: 1, p75: 800 }] },
      ],
    })
    const first: WebVitalsAnswer = await api.json(`/api/afn/web-vitals?${window}&limit=1`)
    expect([first.pages.length, first.complete]).toEqual([1, false])
    expect((await api.json(`/api/afn/web-vitals?start=1000&end=2000`)).pages).toEqual([])
  })

  it('lists a session as if nothing had happened outside of its spans', async () => {
    const { sessions }: SessionsAnswer = await api.json(`/api/afn/sessions?${window}`)
    // the span that failed, the page that was shown before the first span, and the exception after the last one
    expect(sessions).toMatchObject([
      { id: 's-1', start: now / 1_000 - 50, end: now / 1_000 - 15, errors: 2, traces: 1 },
    ])
  })

  it('has a session without its pages, clicks, errors or traces, or in another order', async () => {
    const { entries, complete }: TimelineAnswer = await api.json('/api/afn/sessions/session/s-1/timeline')
    expect(entries.map(entry => ('log' in entry ? entry.log.event : entry.trace))).toEqual([
      'browser.navigation',
      'browser.user_action.click',
      { id: trace, name: 'POST /order', service: 'shop-api', durationMs: 1000, spans: 2, errors: 1 },
      'exception',
      'exception',
    ])
    expect(entries[3]).toMatchObject({ log: { traceId: trace } })
    expect(complete).toBe(true)
    expect((await api.json('/api/afn/sessions/session/nobody/timeline')).entries).toEqual([])
  })
})
