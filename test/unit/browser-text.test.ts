// What becomes of a text before it leaves a browser, and whether what is written is OTLP.
import { describe, expect, it } from 'vitest'
import { encodeEvent, encodeSpan, envelope } from '../../src/browser/otlp'
import { cleanUrl, redactText } from '../../src/browser/redact'
import { fromJson } from '../../src/shared/otlp/from-json'
import { messages } from '../../src/shared/otlp/messages'

describe('URLs', () => {
  it.each([
    ['https://shop.example/cart?page=2&q=Hannah+Whitfield#top', 'https://shop.example/cart?page=&q='],
    ['https://hannah:hunter2@shop.example/', 'https://shop.example/'],
    ['https://shop.example/reset/3f1c9b7e2a5d4e6f8a', 'https://shop.example/reset/[ID]'],
    ['https://shop.example/o/550e8400-e29b-41d4-a716-446655440000/items', 'https://shop.example/o/[ID]/items'],
    ['https://shop.example/#/inbox/7?token=abc', 'https://shop.example/#/inbox/7?token='],
    ['https://shop.example/cb#access_token=ya29abc', 'https://shop.example/cb'],
    [
      'https://shop.example/_next/static/chunks/main-4bd1b696a0d8f3.js',
      'https://shop.example/_next/static/chunks/main-4bd1b696a0d8f3.js',
    ],
    ['https://shop.example/?hannah@example.org', 'https://shop.example/'],
    ['/api/items?name=Hannah', '/api/items?name='],
    ['data:text/html,<p>Hannah</p>', 'data:'],
    ['', ''],
  ])('%s', (url, clean) => expect(cleanUrl(url)).toBe(clean))
})

describe('texts of a page', () => {
  it.each([
    ['failed for hannah@example.org', 'failed for [EMAIL]'],
    ['GET https://api.example/v1/me?token=s3cr3t&x=1 failed', 'GET https://api.example/v1/me?token=&x= failed'],
    ['GET /v1/me?name=Hannah failed', 'GET /v1/me?name= failed'],
    ['    at send (https://h.example/app.js?v=3:10:15)', '    at send (https://h.example/app.js?v=:10:15)'],
    ['send@https://h.example/app.js:10:15', 'send@https://h.example/app.js:10:15'],
    ['key sk-proj-abcdefgh12345678ijklmnop', 'key [SECRET]'],
  ])('%s', (text, clean) => expect(redactText(text)).toBe(clean))

  it('are cut, and hostile ones take linear time', () => {
    for (const part of ['a:', '?a=', 'https://', '/', 'data:', ':1', '?', '&a', '%40'])
      expect(redactText(part.repeat(100_000)).length).toBeLessThanOrEqual(8192)
  })
})

describe('the OTLP/JSON of a page', () => {
  const wrap = envelope({ 'service.name': 'shop', 'browser.brands': ['Chromium 156'] }, { name: 'test' })
  const value = (document: unknown) =>
    JSON.parse(JSON.stringify(document, (_, v) => (typeof v === 'bigint' ? `${v}` : v)))

  it('of events is what our receiver reads, with every kind of value', () => {
    const attributes = { n: 3, share: 0.5, 'x.value': 2, on: true, list: ['a', 'b'], none: undefined, deep: { a: 1 } }
    const event = encodeEvent('saved', 1_700_000_000_123.25, 9, attributes as never)
    const request = value(fromJson(messages.ExportLogsServiceRequest, JSON.parse(wrap('logs', `${event},${event}`))))
    const [{ resource, scopeLogs }] = request.resourceLogs
    expect(resource.attributes[0]).toEqual({ key: 'service.name', value: { stringValue: 'shop' } })
    expect(scopeLogs[0].logRecords).toHaveLength(2)
    expect(scopeLogs[0].logRecords[0]).toMatchObject({
      eventName: 'saved',
      severityNumber: 9,
      timeUnixNano: '1700000000123250000',
      attributes: [
        { key: 'n', value: { intValue: '3' } },
        { key: 'share', value: { doubleValue: 0.5 } },
        { key: 'x.value', value: { doubleValue: 2 } },
        { key: 'on', value: { boolValue: true } },
        { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } } },
        { key: 'deep', value: { stringValue: '{"a":1}' } },
      ],
    })
  })

  it('of spans too', () => {
    const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }
    const span = encodeSpan({ ...context, name: 'GET', kind: 3, start: 1000, end: 1250.5, attributes: {}, error: 'no' })
    const request = value(fromJson(messages.ExportTraceServiceRequest, JSON.parse(wrap('traces', span))))
    expect(request.resourceSpans[0].scopeSpans[0].spans[0]).toMatchObject({
      ...context,
      name: 'GET',
      kind: 3,
      startTimeUnixNano: '1000000000',
      endTimeUnixNano: '1250500000',
      status: { code: 2, message: 'no' },
    })
  })
})
