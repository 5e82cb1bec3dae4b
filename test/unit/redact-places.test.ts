// Each place of what leaves that holds a text, by each thing that may become of it: as the SDK's records, and as OTLP.
import { describe, expect, it } from 'vitest'
import { createMetricsRedactor } from '../../src/app/sdk/redact-metrics'
import type { AnyValue } from '../../src/shared/otlp/any-value'
import { messages } from '../../src/shared/otlp/messages'
import { createDocumentRedactor } from '../../src/shared/otlp/redact-request'
import type { Document } from '../../src/shared/otlp/schema'
import { createRedactor, type RedactOptions, type Redactor } from '../../src/shared/redact'
import type { RedactableLog, RedactableSpan } from '../../src/shared/redact/records'

const mail = 'jane.doe@corp.example'
const hmac = () => '0123456789abcdef'

/** What becomes of the address: `undefined` where all of it has to go. */
const always: [action: string, options: RedactOptions, left: string | undefined][] = [
  ['types EMAIL=mask', { types: { EMAIL: 'mask' } }, '[EMAIL]'],
  ['types EMAIL=drop', { types: { EMAIL: 'drop' } }, ''],
  ['types EMAIL=partial', { types: { EMAIL: 'partial' } }, '[EMAIL:*mple]'],
  ['types EMAIL=pseudonym', { types: { EMAIL: 'pseudonym' }, hmac }, '[EMAIL:0123456789abcdef]'],
  ['a denied value', { deny: { values: [mail] } }, '[REDACTED]'],
]
const keys = ['note', 'body']
const byKey: typeof always = [
  ...(['mask', 'partial'] as const).map((mode): (typeof always)[number] => [
    `keys ${mode}`,
    { keys: { note: mode, body: mode } },
    mode === 'mask' ? '[EMAIL]' : '[EMAIL:*mple]',
  ]),
  ['keys pseudonym', { keys: { note: 'pseudonym', body: 'pseudonym' }, hmac }, '[EMAIL:0123456789abcdef]'],
  ['keys drop', { keys: { note: 'drop', body: 'drop' } }, undefined],
  ['keys *=drop', { keys: { '*': 'drop' } }, undefined],
  ['denied keys', { deny: { keys } }, '[EMAIL]'],
]
const full: RedactOptions = { content: 'full' }
const ofContent: typeof always = [['content off', { content: 'off' }, undefined]]

const kv = (value: AnyValue) => [{ key: 'note', value }]
const text = { stringValue: mail }
const list = { arrayValue: { values: [text] } }
const map = { kvlistValue: { values: [{ key: 'to', value: text }] } }
const bytes = { bytesValue: Buffer.from(mail).toString('base64') }

/** The message, and the document with the value in that place. */
type Place = [place: string, message: keyof typeof messages, document: (value: AnyValue) => Document]

const attributePlaces: Place[] = [
  ['of a resource', 'Resource', value => ({ attributes: kv(value) })],
  ['of a scope', 'InstrumentationScope', value => ({ attributes: kv(value) })],
  ['of a span', 'Span', value => ({ attributes: kv(value) })],
  ['of an event', 'Span', value => ({ events: [{ name: 'e', attributes: kv(value) }] })],
  ['of a link', 'Span', value => ({ links: [{ attributes: kv(value) }] })],
  ['of a log record', 'LogRecord', value => ({ attributes: kv(value) })],
  ['the body of a log record', 'LogRecord', value => ({ body: value })],
  ['of a metric', 'Metric', value => ({ metadata: kv(value) })],
  ['of a gauge', 'Metric', value => ({ gauge: { dataPoints: [{ attributes: kv(value) }] } })],
  ['of a sum', 'Metric', value => ({ sum: { dataPoints: [{ attributes: kv(value) }] } })],
  ['of a histogram', 'Metric', value => ({ histogram: { dataPoints: [{ attributes: kv(value) }] } })],
  [
    'of an exponential histogram',
    'Metric',
    value => ({ exponentialHistogram: { dataPoints: [{ attributes: kv(value) }] } }),
  ],
  ['of a summary', 'Metric', value => ({ summary: { dataPoints: [{ attributes: kv(value) }] } })],
  [
    'of an exemplar',
    'Metric',
    value => ({ sum: { dataPoints: [{ exemplars: [{ filteredAttributes: kv(value) }] }] } }),
  ],
]
const textPlaces: Place[] = [
  ['name of a span', 'Span', () => ({ name: mail })],
  ['status message', 'Span', () => ({ status: { message: mail } })],
  ['trace state', 'Span', () => ({ traceState: `a=${mail}` })],
  ['name of an event', 'Span', () => ({ events: [{ name: mail }] })],
  ['trace state of a link', 'Span', () => ({ links: [{ traceState: `a=${mail}` }] })],
  ['name of a scope', 'InstrumentationScope', () => ({ name: mail })],
  ['version of a scope', 'InstrumentationScope', () => ({ version: mail })],
  ['keys of an entity', 'Resource', () => ({ entityRefs: [{ type: 'service', idKeys: [mail] }] })],
  ['severity', 'LogRecord', () => ({ severityText: mail })],
  ['name of a log record', 'LogRecord', () => ({ eventName: mail })],
  ['name of a metric', 'Metric', () => ({ name: mail })],
  ['description of a metric', 'Metric', () => ({ description: mail })],
  ['key of an attribute', 'Span', () => ({ attributes: [{ key: mail, value: list }] })],
  ['key in a map', 'LogRecord', () => ({ body: { kvlistValue: { values: [{ key: mail, value: list }] } } })],
]
const contentPlaces: Place[] = [
  ['an attribute', 'Span', value => ({ attributes: [{ key: 'gen_ai.input.messages', value }] })],
  ['a message event', 'Span', value => ({ events: [{ name: 'gen_ai.user.message', attributes: kv(value) }] })],
  ['the body of a message', 'LogRecord', value => ({ eventName: 'gen_ai.user.message', body: value })],
  ['an attribute of a message', 'LogRecord', value => ({ eventName: 'gen_ai.choice', attributes: kv(value) })],
  [
    'a message of an older sender',
    'LogRecord',
    value => ({ attributes: [{ key: 'event.name', value: { stringValue: 'gen_ai.choice' } }], body: value }),
  ],
]

const shapes = { text, list, map, bytes }

const made = new Map<RedactOptions, Redactor>()
function redactorOf(options: RedactOptions): Redactor {
  const redactor = made.get(options) ?? createRedactor(options)
  made.set(options, redactor)
  return redactor
}

/** Whatever stands in the document then, and bytes as the text that they are. */
function redacted(options: RedactOptions, message: keyof typeof messages, document: Document): string {
  const copy = structuredClone(document)
  for (const _ of createDocumentRedactor(redactorOf(options))(messages[message], copy));
  return JSON.stringify(copy, (key, one) => (key === 'bytesValue' ? Buffer.from(one, 'base64').toString() : one))
}

describe.each([...always, ...byKey])('OTLP by %s', (_, options, left) => {
  it.each(attributePlaces)('the value leaves nowhere as it came: %s', (_, message, document) => {
    for (const [shape, value] of Object.entries(shapes)) {
      const texts = redacted(options, message, document(value))
      expect(texts, shape).not.toContain(mail)
      // a mask stands for it in texts; of bytes all is masked
      if (left !== undefined && shape !== 'bytes') expect(texts, shape).toContain(`"stringValue":"${left}"`)
      if (left === undefined) expect(texts, shape).not.toMatch(/stringValue|bytesValue|"to"/)
    }
  })
})

it.each(always.flatMap(action => textPlaces.map(place => [...action, ...place] as const)))(
  'OTLP by %s: the text leaves nowhere as it came',
  (_, options, left, __, message, document) => {
    const texts = redacted(options, message, document(text))
    expect(texts).not.toContain(mail)
    expect(texts).toContain(left)
    expect(texts).not.toContain('REDACTION_FAILED')
  },
)

it.each(ofContent.flatMap(action => contentPlaces.map(place => [...action, ...place] as const)))(
  'OTLP by %s: no content leaves',
  (_, options, __, ___, message, document) => {
    for (const value of Object.values(shapes)) {
      expect(redacted(options, message, document(value))).not.toContain(mail)
      // with "full" it does
      expect(redacted(full, message, document(value))).toContain(mail)
    }
  },
)

it('of two entries of one key in a map none leaves that was not read', () => {
  const twice = { kvlistValue: { values: [...map.kvlistValue.values, { key: 'to', value: { stringValue: 'x' } }] } }
  for (const value of [twice, { arrayValue: { values: [twice] } }])
    expect(redacted({}, 'LogRecord', { body: value })).not.toContain(mail)
})

/** A record of the SDK's with the value in each place of it. */
function span(value: unknown): RedactableSpan {
  const attributes = { note: value }
  return {
    name: 'n',
    status: { code: 0 },
    attributes,
    events: [{ name: 'e', attributes }],
    links: [{ attributes }],
    instrumentationScope: { name: 's', attributes },
  }
}
const log = (value: unknown): RedactableLog => ({
  body: value,
  attributes: { note: value },
  instrumentationScope: { name: 's', attributes: { note: value } },
})
const metrics = (value: unknown) => ({
  resource: {},
  scopeMetrics: [
    {
      scope: { name: 's', attributes: { note: value } },
      metrics: [{ descriptor: {}, dataPointType: 3, dataPoints: [{ attributes: { note: value }, value: 1 }] }],
    },
  ],
})

describe.each([...always, ...byKey])("the SDK's records by %s", (_, options, left) => {
  it.each(['a text', [mail], { to: mail }])('the value leaves nowhere as it came: %j', shape => {
    const value = shape === 'a text' ? mail : shape
    const redactor = redactorOf(options)
    const own = [span(value), log(value)] as const
    redactor.span(own[0])
    redactor.log(own[1])
    const measured = createMetricsRedactor(redactor, [])(metrics(value) as never)
    for (const record of [...own, measured]) {
      expect(JSON.stringify(record)).not.toContain(mail)
      const places = JSON.stringify(record).match(/"(?:note|body)"/g)?.length ?? 0
      if (left === undefined) expect(places).toBe(0)
      else expect(JSON.stringify(record).split(JSON.stringify(left)).length - 1).toBe(places)
    }
  })
})
