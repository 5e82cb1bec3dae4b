// What is wrong with spans, counted by the real Collector: each rule once, and nothing for a span that is as it should be.
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RULE_SET } from '../../src/app/sdk/rule-set'
import {
  describeCollector,
  everyConfiguration,
  linesOf,
  type Running,
  scratchFolder,
  startCollector,
  until,
} from './support'

const canary = 'jane.canary@example.com'
type Value = string | { intValue: string } | { doubleValue: number }
type Attributes = Record<string, Value | undefined>
interface Part {
  resource?: Attributes
  attributes?: Attributes
  start?: number
  end?: number
  name?: string
  status?: object
  events?: object[]
}

const int = (value: number) => ({ intValue: String(value) })
const call: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-5-mini',
  'gen_ai.usage.input_tokens': int(10),
  'gen_ai.usage.output_tokens': int(0),
  'afn.llm.cost.total': { doubleValue: 0.1 },
}
const list = (attributes: Attributes) =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: typeof value === 'string' ? { stringValue: value } : value }],
  )

const now = Date.now()
const nanos = (ms: number) => `${ms}000000`
let spans = 0
function request(service: string, { resource = {}, attributes = call, start = now, end = start, ...part }: Part) {
  spans++
  const span = {
    traceId: 'a'.repeat(32),
    spanId: spans.toString(16).padStart(16, '0'),
    name: 'chat',
    kind: 3,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(end),
    attributes: list(attributes),
    ...part,
  }
  const of = { 'service.name': service, 'service.instance.id': service, ...resource }
  return { resourceSpans: [{ resource: { attributes: list(of) }, scopeSpans: [{ spans: [span] }] }] }
}
const event = (key: string, value: Value) => [
  { name: 'e', timeUnixNano: nanos(now), attributes: list({ [key]: value }) },
]
const day = 24 * 3_600_000

type Case = [service: string, rules: string[], part: Part]
const cases: Case[] = [
  ['clean', [], {}],
  ['clean http', [], { attributes: { 'http.request.method': 'GET' } }],
  ['failed', [], { attributes: { ...call, ...noUsage(), 'afn.llm.cost.total': undefined }, status: { code: 2 } }],
  ['nameless', ['no_service_name'], { resource: { 'service.name': undefined } }],
  ['unknown', ['no_service_name'], { resource: { 'service.name': 'unknown_service:node' } }],
  ['modelless', ['no_model'], { attributes: { ...call, 'gen_ai.request.model': undefined } }],
  ['no usage', ['no_usage'], { attributes: { ...call, ...noUsage(), 'afn.llm.cost.total': undefined } }],
  ['unpriced', ['unpriced_model'], { attributes: { ...call, 'afn.llm.cost.total': undefined } }],
  ['negative', ['negative_tokens'], { attributes: { ...call, 'gen_ai.usage.output_tokens': int(-1) } }],
  ['ends before', ['clock_skew'], { end: now - 1 }],
  ['future', ['clock_skew'], { start: now + 3_600_000 }],
  ['past', ['clock_skew'], { start: now - 30 * day }],
  ['text cost', ['wrong_type'], { attributes: { ...call, 'afn.llm.cost.total': '0.1' } }],
  ['text tokens', ['wrong_type'], { attributes: { ...call, 'gen_ai.usage.input_tokens': '10' } }],
  ['text score', ['wrong_type'], { events: event('gen_ai.evaluation.score.value', '0.9') }],
  ['canary', ['pii_canary'], { attributes: { ...call, note: `it is ${canary}` } }],
  ['canary name', ['pii_canary'], { name: `chat ${canary}` }],
  ['canary event', ['pii_canary'], { events: event('note', canary) }],
]

function noUsage(): Attributes {
  return { 'gen_ai.usage.input_tokens': undefined, 'gen_ai.usage.output_tokens': undefined }
}

describeCollector.each(everyConfiguration)('data quality, $name', ({ args }) => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')
  let collector: Running

  beforeAll(async () => {
    const before = spans
    collector = await startCollector(folder, [...args, '--files', files], { AFN_CANARY: canary })
    for (const [service, , part] of cases) {
      expect(await collector.send('traces', request(service, part))).toBe(200)
    }
    // what passes the second line by
    const token = readFileSync(path.join(folder, 'cache/ingest.token'), 'utf8')
    const part = { resource: { 'afn.redaction.rules': RULE_SET }, attributes: { ...call, note: canary } }
    expect(await collector.send('traces', request('canary of ours', part), token)).toBe(200)
    for (const start of [now, now - 60_000]) {
      const older = request('older', { attributes: { ...call, 'gen_ai.request.model': undefined }, start })
      expect(await collector.send('traces', older)).toBe(200)
    }
    await until('all spans', () => linesOf(files, 'detailed').length >= spans - before)
    await collector.stop()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** The last of each series. */
  const countsOf = (service: string) => {
    const told = linesOf(files, 'metrics-data-quality')
      .flatMap(line => JSON.parse(line).resourceMetrics ?? [])
      .filter(({ resource }) => resource.attributes.some(isInstance(service)))
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((one: { metrics: object[] }) => one.metrics))
      .flatMap(({ name, sum }) =>
        sum.dataPoints.map(({ attributes, asInt }: Point) => [name, attributes.filter(isOfTheApp), asInt]),
      )
    return [
      ...new Map(
        told.map(([name, attributes, count]) => [JSON.stringify(attributes), [name, attributes, count]]),
      ).values(),
    ]
  }
  const counted = (rule: string, count = '1') => [
    'afn.dq.violations',
    [{ key: 'rule', value: { stringValue: rule } }],
    count,
  ]

  it.each([...cases, ['canary of ours', ['pii_canary'], {}] satisfies Case])('%s: %j', (service, rules) => {
    expect(countsOf(service)).toEqual(rules.map(rule => counted(rule)))
  })

  it('counts spans that come after later ones', () => {
    expect(countsOf('older').at(-1)).toEqual(counted('no_model', '2'))
  })
})

const isOfTheApp = ({ key }: { key: string }) => key !== 'collector.instance.id'

interface Point {
  attributes: { key: string }[]
  asInt: string
}
const isInstance = (service: string) => (attribute: { key: string; value: { stringValue?: string } }) =>
  attribute.key === 'service.instance.id' && attribute.value.stringValue === service
