// Bedrock's invocation log against our spans, call by call: planted differences are named with their cause, and nothing else is.
import { describe, expect, it } from 'vitest'
import { bedrockModel } from '../../../src/operations/cost/bedrock-model'
import { InvoiceError } from '../../../src/operations/cost/invoice/invoice'
import { isBedrockLog, readBedrockLog } from '../../../src/operations/cost/witness/bedrock-log'
import { type Cause, compareCalls } from '../../../src/operations/cost/witness/compare-calls'
import type { OurCall } from '../../../src/operations/cost/witness/statement'
import { Random } from '../../support/random'

const models = [
  'anthropic.claude-sonnet-4-6-v1:0',
  'anthropic.claude-haiku-4-5-20251001-v1:0',
  'amazon.nova-pro-v1:0',
  'meta.llama4-scout-17b-instruct-v1:0',
]
const begin = Date.parse('2026-11-27T10:00:00Z')

interface Entry {
  at: number
  requestId: string
  model: string
  uncached: number
  output: number
  cacheRead: number
  cacheWrite: number
  tier?: string
  iterations?: number
}

/** As AWS documents a line; the time has whole seconds, and a profile stands before the model. */
const lineOf = ({ at, requestId, model, uncached, output, cacheRead, cacheWrite, tier, iterations }: Entry) =>
  JSON.stringify({
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    accountId: '123456789012',
    identity: { arn: 'arn:aws:sts::123456789012:assumed-role/app/session' },
    region: 'us-east-1',
    requestId,
    operation: 'Converse',
    modelId: `us.${model}`,
    input: {
      inputContentType: 'application/json',
      inputBodyJson: tier === undefined ? {} : { serviceTier: { type: tier } },
      inputTokenCount: uncached,
      ...(cacheRead > 0 && { cacheReadInputTokenCount: cacheRead }),
      ...(cacheWrite > 0 && { cacheWriteInputTokenCount: cacheWrite }),
    },
    output: {
      outputContentType: 'application/json',
      outputBodyJson: iterations ? { usage: { iterations: Array(iterations).fill({ type: 'message' }) } } : {},
      outputTokenCount: output,
    },
  })

const planted: readonly Cause[] = [
  ...Array(4).fill('iteration'),
  ...Array(3).fill('batch'),
  ...Array(3).fill('tier'),
  ...Array(4).fill('cache'),
  ...Array(3).fill('retried'),
  ...Array(3).fill('not ours'),
]

/** 500 calls of one hour, 20 of which differ. */
function hour(seed: number, hasIds: boolean) {
  const random = new Random(seed)
  const entries: Entry[] = []
  const ours: OurCall[] = []
  const causeOf = new Map<string, Cause>()
  for (let n = 0; n < 500; n++) {
    const at = begin + Math.floor((n * 3_600_000) / 500) + random.below(6_000)
    const isCached = random.below(3) === 0
    const entry: Entry = {
      at,
      requestId: `r-${n}`,
      model: models[random.below(models.length)]!,
      uncached: 100 + random.below(9_000),
      output: 1 + random.below(900),
      cacheRead: isCached ? 1_024 + random.below(4_000) : 0,
      cacheWrite: isCached && random.below(2) === 0 ? 1_024 + random.below(1_000) : 0,
    }
    entries.push(entry)
    // every 25th differs
    const cause = n % 25 === 7 ? planted[(n - 7) / 25] : undefined
    if (cause) causeOf.set(entry.requestId, cause)
    const own: OurCall = {
      ids: hasIds ? [entry.requestId] : [],
      at: at + random.below(400),
      model: entry.model,
      name: entry.model,
      input: entry.uncached + entry.cacheRead + entry.cacheWrite,
      output: entry.output,
      cacheRead: entry.cacheRead,
      cacheWrite: entry.cacheWrite,
      tier: '',
      traceId: `t-${n}`,
      spanId: `s-${n}`,
      service: 'shop',
    }
    if (cause === 'iteration') {
      // the counts at the top leave the first runs out
      entry.uncached += 20_000 + random.below(1_000)
      entry.output += 1_000 + random.below(500)
      if (n % 2 === 0) entry.iterations = 2
    }
    if (cause === 'tier') entry.tier = ['flex', 'priority', 'reserved'][n % 3]!
    if (cause === 'cache') {
      // not counted at all, or as another kind of it
      if (n % 2 === 0) entry.cacheRead += 2_000
      else Object.assign(own, { cacheRead: own.cacheRead + 64, cacheWrite: own.cacheWrite + 64 })
    }
    if (cause === 'retried') {
      // what a gateway sent before: another answer to the same prompt
      causeOf.delete(entry.requestId)
      causeOf.set(`${entry.requestId}-again`, cause)
      entries.push({ ...entry, requestId: `${entry.requestId}-again`, at: at - 5_000, output: entry.output + 7 })
    }
    if (cause !== 'not ours') ours.push(cause === 'batch' ? { ...own, tier: 'batch' } : own)
  }
  return { log: entries.map(lineOf).join('\n'), ours, causeOf, requests: entries.map(({ requestId }) => requestId) }
}

describe('500 calls with 20 planted differences', () => {
  it.each([
    ['where spans have the ids of requests', true],
    ['where they have none', false],
  ])('are named with their cause, and no other, %s', (_, hasIds) => {
    let named = 0
    let wrong = 0
    for (let seed = 1; seed <= 25; seed++) {
      const { log, ours, causeOf, requests } = hour(seed, hasIds)
      const { differences } = compareCalls(ours, readBedrockLog(log), () => 0)
      const found = new Map(
        differences.map(one => [requests[(one.theirs?.line ?? 0) - 1] ?? 'none', one.causes.join()]),
      )
      for (const [request, cause] of causeOf) if (found.get(request) === cause) named++
      for (const [request] of found) if (!causeOf.has(request)) wrong++
    }
    expect(wrong).toBe(0)
    expect(named).toBe(500)
  })

  it('say what each difference costs', () => {
    const { log, ours } = hour(1, true)
    const price = ({ input = 0, output = 0 }) => input + 10 * output
    const { differences, calls } = compareCalls(ours, readBedrockLog(log), price)
    const [iteration] = differences.filter(({ causes }) => causes.includes('iteration'))
    const { ours: mine, theirs } = iteration!
    expect(iteration!.usd).toBe(theirs!.input! - mine!.input! + 10 * (theirs!.output! - mine!.output!))
    expect(calls).toEqual({ ours: 497, theirs: 503, same: 483 })
  })
})

const call = (more: Partial<OurCall> = {}): OurCall => ({
  ids: [],
  at: begin,
  model: models[0]!,
  name: models[0]!,
  input: 500,
  output: 20,
  cacheRead: 0,
  cacheWrite: 0,
  tier: '',
  traceId: 't',
  spanId: 's',
  service: 'shop',
  ...more,
})
const entry = (more: Partial<Entry> = {}): Entry => ({
  at: begin,
  requestId: 'r',
  model: models[0]!,
  uncached: 500,
  output: 20,
  cacheRead: 0,
  cacheWrite: 0,
  ...more,
})
const causesOf = (ours: OurCall[], ...entries: Entry[]) =>
  compareCalls(ours, readBedrockLog(entries.map(lineOf).join('\n')), () => 0).differences.map(({ causes }) =>
    causes.join(),
  )

describe('a call', () => {
  it('that only we have is said, unless it has no counts', () => {
    expect(causesOf([call(), call({ at: begin + 60_000, input: 9 })], entry())).toEqual(['not theirs'])
    expect(causesOf([call(), call({ at: begin + 60_000, input: undefined, output: undefined })], entry())).toEqual([])
  })

  it('without counts of ours is said as such', () => {
    expect(causesOf([call({ input: undefined, output: undefined })], entry())).toEqual(['uncounted'])
  })

  it('may have two causes', () => {
    expect(causesOf([call({ tier: 'batch', cacheRead: 100 })], entry())).toEqual(['cache,batch'])
  })

  it('that failed and used nothing is none', () => {
    const failed = lineOf(entry({ uncached: 0, output: 0 })).replace(
      '"region"',
      '"errorCode":"ThrottlingException","region"',
    )
    expect(readBedrockLog(failed)).toEqual([])
  })
})

describe('the log', () => {
  it('is told from invoices, and its models from where they run', () => {
    expect(isBedrockLog(`\uFEFF\n${lineOf(entry())}`)).toBe(true)
    expect(isBedrockLog('{"object":"page","data":[]}')).toBe(false)
    const profile = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6-v1:0'
    expect(bedrockModel(profile)).toBe('anthropic.claude-sonnet-4-6-v1:0')
  })

  it('has all its errors said at once, each with its line', () => {
    const log = [
      lineOf(entry()),
      '{"schemaType":"Other"}',
      'no JSON',
      lineOf(entry()).replace(/"timestamp":"[^"]*"/, '"timestamp":"soon"'),
    ]
    const read = () => readBedrockLog(log.join('\n'))
    expect(read).toThrow(InvoiceError)
    expect(read).toThrow(/line 2: schemaType.*line 3: .*line 4: timestamp must be a time/s)
  })
})

it('each call of a long log was held against each of ours', () => {
  let looks = 0
  const calls = 4_000
  const ours = Array.from({ length: calls }, (_, at) => ({
    ...{ ids: [], model: 'm', name: 'm', input: at, output: 1, cacheRead: 0, cacheWrite: 0, tier: '' },
    ...{ traceId: `t${at}`, spanId: `s${at}`, service: 'a' },
    get at() {
      looks++
      return begin + at * 60_000
    },
  }))
  const theirs = Array.from({ length: calls }, (_, at) => ({
    ...{ ids: [], model: 'm', name: 'm', input: at + 1, output: 2, cacheRead: 0, cacheWrite: 0, tier: '' },
    ...{ at: begin + at * 60_000, line: at + 1, runs: 1 },
  }))
  const { differences } = compareCalls(ours, theirs, () => 0)
  expect(differences).toHaveLength(calls)
  expect(looks / calls).toBeLessThan(200)
})
