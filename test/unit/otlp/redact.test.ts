import { expect, it } from 'vitest'
import { messages } from '../../../src/shared/otlp/messages'
import { createDocumentRedactor } from '../../../src/shared/otlp/redact-request'
import type { Document } from '../../../src/shared/otlp/schema'
import { createRedactor } from '../../../src/shared/redact'

const redact = createDocumentRedactor(createRedactor())
const kv = (key: string, value: object) => ({ key, value })
const mail = 'jane@corp.example'

function redacted(message: keyof typeof messages, document: Document): Document {
  for (const _ of redact(messages[message], document));
  return document
}

it('an OTLP request is masked in every text of a span, but for ids, times, units and types', () => {
  const span = {
    traceId: '0000000000000000000000000000beef',
    spanId: '4242424242424242',
    name: `to ${mail}`,
    startTimeUnixNano: '1795000000000000000',
    status: { code: 2, message: mail },
    attributes: [
      kv('n', { intValue: '9007199254740993' }),
      kv('f', { doubleValue: 1 }),
      kv('nan', { doubleValue: 'NaN' }),
      kv('bytes', { bytesValue: 'AQID' }),
      kv('none', {}),
      kv('list', { arrayValue: { values: [{ intValue: '1' }, { stringValue: mail }] } }),
      kv('empty', { arrayValue: {} }),
      kv('map', { kvlistValue: { values: [kv('password', { stringValue: 'hunter22' }), kv('n', { intValue: '1' })] } }),
    ],
    events: [{ name: 'sent', attributes: [kv('to', { stringValue: mail })] }],
    links: [{ traceId: '0000000000000000000000000000beef', attributes: [kv('by', { stringValue: mail })] }],
  }
  const resource = { attributes: [kv('owner', { stringValue: mail })] }
  const request = {
    resourceSpans: [{ resource, schemaUrl: 'https://x', scopeSpans: [{ scope: { name: mail }, spans: [span] }] }],
  }
  expect(redacted('ExportTraceServiceRequest', request)).toEqual({
    resourceSpans: [
      {
        resource: { attributes: [kv('owner', { stringValue: '[EMAIL]' })] },
        schemaUrl: 'https://x',
        scopeSpans: [
          {
            scope: { name: '[EMAIL]' },
            spans: [
              {
                ...span,
                name: 'to [EMAIL]',
                status: { code: 2, message: '[EMAIL]' },
                attributes: [
                  ...span.attributes.slice(0, 5),
                  kv('list', { arrayValue: { values: [{ intValue: '1' }, { stringValue: '[EMAIL]' }] } }),
                  kv('empty', { arrayValue: {} }),
                  kv('map', {
                    kvlistValue: {
                      values: [kv('password', { stringValue: '[REDACTED]' }), kv('n', { intValue: '1' })],
                    },
                  }),
                ],
                events: [{ name: 'sent', attributes: [kv('to', { stringValue: '[EMAIL]' })] }],
                links: [
                  { traceId: '0000000000000000000000000000beef', attributes: [kv('by', { stringValue: '[EMAIL]' })] },
                ],
              },
            ],
          },
        ],
      },
    ],
  })
})

it.each([
  [{ stringValue: `no ${mail}` }, { stringValue: 'no [EMAIL]' }],
  [
    { kvlistValue: { values: [kv('to', { stringValue: mail })] } },
    { kvlistValue: { values: [kv('to', { stringValue: '[EMAIL]' })] } },
  ],
  [{ intValue: '7' }, { intValue: '7' }],
])('an OTLP request is masked in the body of a log record, text or not: %j', (body, expected) => {
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body }] }] }] }
  expect(redacted('ExportLogsServiceRequest', request)).toEqual({
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: expected }] }] }],
  })
})

it('a long text of an OTLP request is redacted in many turns, and is the same as in one', () => {
  const long = `no ${mail}, `.repeat(2_000)
  const masked = long.replaceAll(mail, '[EMAIL]')
  const request = (stringValue: string) => ({
    resourceLogs: [
      { scopeLogs: [{ logRecords: [{ body: { stringValue }, attributes: [kv('note', { stringValue })] }] }] },
    ],
  })
  const document = request(long)
  const pauses = [...redact(messages.ExportLogsServiceRequest, document)]
  expect(pauses.length).toBeGreaterThan(4)
  expect(document).toEqual(request(masked))
})

it('an OTLP request is masked in the labels of metrics and of their exemplars', () => {
  const point = (value: string) => ({
    asInt: '7',
    attributes: [kv('user', { stringValue: value })],
    exemplars: [{ asInt: '7', spanId: '4242424242424242', filteredAttributes: [kv('user', { stringValue: value })] }],
  })
  const request = (value: string) => ({
    resourceMetrics: [
      { scopeMetrics: [{ metrics: [{ name: 'sent', unit: 's', sum: { dataPoints: [point(value)] } }] }] },
    ],
  })
  expect(redacted('ExportMetricsServiceRequest', request(mail))).toEqual(request('[EMAIL]'))
})
