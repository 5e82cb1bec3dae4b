// What a sender without our SDK leaves in its telemetry, through the real Collector: gone from every leg, and counted.
import { createHmac } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { describeCollector, linesOf, type Running, scratchFolder, startCollector, until } from './support'

const planted = {
  email: 'jane.doe@example.com',
  key: 'sk-proj-abcdefghijklmnop1234567890',
  github: 'ghp_q7Kz2Xm9Tb4VnQw8Lp3Rs6Yd1Hf5Jg0Ac9Be',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N',
  card: '4111 1111 1111 1111',
  url: 'hunter2@db',
  bearer: 'q7Kz2Xm9Tb4VnQw8Lp3Rs6Yd',
  cookie: 'session=c00kie',
}
const { email, key, github, jwt, card, url, bearer } = planted
const dirty = `${email} used ${key} and ${github} and ${jwt}, ${card}, postgres://app:${url}/x, Bearer ${bearer}`
const text = (key: string, value = dirty) => ({ key, value: { stringValue: value } })
const list = (key: string, ...values: string[]) => ({
  key,
  value: { arrayValue: { values: values.map(stringValue => ({ stringValue })) } },
})
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
    text('alone', email),
    text('gen_ai.operation.name', 'chat'),
    text('json', JSON.stringify([{ role: 'user', content: dirty }])),
    text('http.request.header.cookie', planted.cookie),
    text('db.password', planted.cookie),
    text(email, 'in the key'),
    list('list', 'a', dirty),
    { key: 'map', value: { kvlistValue: { values: [text('inner'), list('deep', dirty)] } } },
    number('gen_ai.usage.input_tokens', { intValue: '17' }),
    number('http.response.body.size', { intValue: '4111111111111111' }),
    number('afn.llm.cost.total', { intValue: '1' }),
  ],
  events: [{ name: `event ${dirty}`, timeUnixNano: now, attributes: [text('exception.message'), text(email, '')] }],
}
/** What our SDK sends: nothing in it may be changed or counted, message content that is sent in full included. */
const clean = {
  ...span,
  traceId: 'c'.repeat(32),
  name: `chat ${redact(dirty)}`,
  status: { code: 2, message: redact(dirty) },
  attributes: [
    text('plain', redact(dirty)),
    text('user.id', '[EMAIL:0123456789abcdef]'),
    list('http.request.header.cookie', '[REDACTED]'),
    text('db.password', '[REDACTED]'),
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.input.messages', 'mail ann@example.org'),
  ],
  events: [{ name: 'exception', timeUnixNano: now, attributes: [text('exception.message', redact(dirty))] }],
}
const scope = { name: dirty, version: dirty, attributes: [text('scope')] }
const resource = { attributes: [text('service.name', 'canary'), text('owner')] }
const ours = { attributes: [text('service.name', 'canary'), text('telemetry.distro.name', '@afn/otel')] }
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
  let collector: Running

  beforeAll(async () => {
    collector = await startCollector(folder, ['--files', files], {
      AFN_DECISION_WAIT: '1s',
      AFN_AFTER_ROOT: '1s',
      AFN_SPANMETRICS_FLUSH: '1s',
      AFN_FULL_CONTENT_KEYS: '[gen_ai.input.messages]',
    })
    const sum = {
      name: 'm',
      description: dirty,
      sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [point] },
    }
    const record = { timeUnixNano: now, severityNumber: 9, severityText: dirty, body: { stringValue: dirty } }
    const withMap = { ...record, eventName: `event ${dirty}`, body: { kvlistValue: { values: [text('inner')] } } }
    const logRecords = [{ ...record, attributes: [text('user')] }, withMap]
    const sent = await Promise.all([
      collector.send('traces', {
        resourceSpans: [
          { resource, scopeSpans: [{ scope, spans: [span] }] },
          { resource: ours, scopeSpans: [{ scope: { name: 'lib' }, spans: [clean] }] },
        ],
      }),
      collector.send('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [sum] }] }] }),
      collector.send('logs', { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] }),
    ])
    expect(sent).toEqual([200, 200, 200])
    await until('every leg to have written', () => names.every(name => linesOf(files, name).length > 0))
    await until('metrics of the span', () => linesOf(files, 'metrics').some(line => line.includes('afn.span')))
    await collector.stop()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const names = ['detailed', 'sampled', 'errors', 'llm', 'metrics', 'logs', 'metrics-leaks']

  it.each(names)('is not in %s', name => {
    const written = linesOf(files, name).join('\n')
    expect(written).toContain('canary')
    expect(Object.values(planted).filter(value => written.includes(value))).toEqual([])
    expect(written).not.toContain('afn.second_line')
  })

  const spanOf = (traceId: string) =>
    linesOf(files, 'detailed')
      .flatMap(line => JSON.parse(line).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap((one: { spans: (typeof span)[] }) => one.spans))
      .find(one => one.traceId === traceId)!

  it('leaves the numbers: counts as ints, costs as doubles', () => {
    const { attributes } = spanOf(span.traceId)
    expect(attributes).toContainEqual(number('gen_ai.usage.input_tokens', { intValue: '17' }))
    expect(attributes).toContainEqual(number('http.response.body.size', { intValue: '4111111111111111' }))
    expect(attributes).toContainEqual(number('afn.llm.cost.total', { doubleValue: 1 }))
  })

  it('becomes a hash that begins with the digits of the pseudonym; names have no series for each person', () => {
    const hmac = createHmac('sha256', readFileSync(path.join(folder, 'cache/hmac.key'), 'utf8'))
    expect(spanOf(span.traceId).attributes).toContainEqual(text('alone', hmac.update(email).digest('hex')))
    expect(spanOf(span.traceId).name).toMatch(/^chat \[REDACTED\] used \[REDACTED\] and /)
  })

  it('what our SDK redacted, or sent in full by choice, comes out as it went in', () => {
    expect(spanOf(clean.traceId)).toMatchObject({
      name: clean.name,
      status: clean.status,
      events: clean.events,
      attributes: clean.attributes,
    })
  })

  it('is counted, by sender and place', () => {
    const points = linesOf(files, 'metrics-leaks')
      .flatMap(line => JSON.parse(line).resourceMetrics ?? [])
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((one: { metrics: object[] }) => one.metrics))
      .filter(({ name }) => name === 'afn.redaction.leaks')
      .flatMap(({ sum }) => sum.dataPoints)
    const counts = points.map(({ attributes, asInt }): [string, string] => [
      attributes
        .filter(({ key }: { key: string }) => key !== 'collector.instance.id')
        .map(({ value }: { value: { stringValue: string } }) => value.stringValue)
        .sort()
        .join(),
      asInt,
    ])
    // the last of each series
    expect(Object.fromEntries(counts)).toEqual({ 'event,none': '1', 'log,none': '2', 'none,span': '1' })
  })
})
