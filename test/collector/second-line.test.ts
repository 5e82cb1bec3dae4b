import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCollector, linesOf, scratchFolder, startCollector, until } from './support'

const planted = {
  email: 'jane.doe@example.com',
  key: 'sk-proj-abcdefghijklmnop1234567890',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N',
  cookie: 'session=c00kie',
}
const dirty = `${planted.email} used ${planted.key} and ${planted.jwt}`
const text = (key: string, value = dirty) => ({ key, value: { stringValue: value } })
const number = (key: string, value: object) => ({ key, value })
const now = '1790000000000000000'

const span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: `chat ${dirty}`,
  kind: 2,
  startTimeUnixNano: now,
  endTimeUnixNano: now,
  status: { code: 2, message: dirty },
  attributes: [
    text('plain'),
    text('gen_ai.operation.name', 'chat'),
    text('json', JSON.stringify([{ role: 'user', content: dirty }])),
    text('http.request.header.cookie', planted.cookie),
    text(planted.email, 'in the key'),
    { key: 'list', value: { arrayValue: { values: [{ stringValue: dirty }] } } },
    { key: 'map', value: { kvlistValue: { values: [text('inner')] } } },
    number('gen_ai.usage.input_tokens', { intValue: '17' }),
    number('afn.llm.cost.total', { intValue: '1' }),
  ],
  events: [
    { name: `event ${dirty}`, timeUnixNano: now, attributes: [text('exception.message'), text(planted.email, '')] },
  ],
}
const scope = { name: dirty, version: dirty, attributes: [text('scope')] }
const resource = { attributes: [text('service.name', 'canary'), text('owner')] }
const point = {
  asInt: '1',
  startTimeUnixNano: now,
  timeUnixNano: now,
  attributes: [text('user')],
  exemplars: [{ timeUnixNano: now, asInt: '1', filteredAttributes: [text('prompt')] }],
}

describeCollector('what no SDK redacted', () => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')

  beforeAll(async () => {
    const collector = await startCollector(folder, ['--files', files], {
      AFN_DECISION_WAIT: '1s',
      AFN_AFTER_ROOT: '1s',
      AFN_SPANMETRICS_FLUSH: '1s',
    })
    const sum = { name: 'm', sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [point] } }
    const record = { timeUnixNano: now, severityNumber: 9, body: { stringValue: dirty }, attributes: [text('user')] }
    const eventRecord = { ...record, eventName: `event ${dirty}`, body: { kvlistValue: { values: [text('inner')] } } }
    const sent = await Promise.all([
      collector.send('traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span] }] }] }),
      collector.send('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [sum] }] }] }),
      collector.send('logs', {
        resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record, eventRecord] }] }],
      }),
    ])
    expect(sent).toEqual([200, 200, 200])
    await until('every leg to have written', () => names.every(name => linesOf(files, name).length > 0))
    await until('metrics of the span', () => linesOf(files, 'metrics').some(line => line.includes('afn.span')))
    await collector.stop()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const names = ['detailed', 'sampled', 'errors', 'llm', 'metrics', 'logs']

  it.each(names)('is not in %s', name => {
    const written = linesOf(files, name).join('\n')
    expect(written).toContain('canary')
    for (const value of Object.values(planted)) expect(written).not.toContain(value)
  })

  it('leaves the numbers: counts as ints, costs as doubles', () => {
    const [line] = linesOf(files, 'detailed')
    const { attributes } = JSON.parse(line!).resourceSpans[0].scopeSpans[0].spans[0]
    expect(attributes).toContainEqual(number('gen_ai.usage.input_tokens', { intValue: '17' }))
    expect(attributes).toContainEqual(number('afn.llm.cost.total', { doubleValue: 1 }))
  })
})
