// What the embedded backend says of objectives, held against the numbers that were sent.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Evaluation, Evaluator } from '../../../../src/backend/alerts/evaluation'
import { ownEvaluator } from '../../../../src/backend/alerts/own-evaluator'
import { openStore, type Store } from '../../../../src/backend/store/store'
import { appRules } from '../../../../src/monitoring/pipeline-rules/rules'
import { defaultSloFile } from '../../../../src/monitoring/slo/defaults'
import { readSlos } from '../../../../src/monitoring/slo/read'
import { ruleFiles } from '../../../../src/monitoring/slo/rule-files'
import type { Slo } from '../../../../src/monitoring/slo/spec'
import type { Document } from '../../../../src/shared/otlp/schema'
import { ailing, ailments } from '../../../prometheus/ailing'
import { countsOf, requests, scenes, slos } from '../../../prometheus/burning'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let store: Store
/** Milliseconds since 1970. */
let clock: number
beforeEach(async () => {
  clock = Date.parse('2026-11-27T12:00:00Z')
  store = await openStore({ path: ':memory:', now: () => clock })
})
afterEach(() => store.close())

const evaluate = (evaluator: Evaluator): Promise<Evaluation> => evaluator.evaluate(new AbortController().signal)
const evaluatorOf = (objectives: readonly Slo[]) => {
  const { made } = ruleFiles(objectives, { days: 32 })
  const { groups } = appRules({ alertsUrl: 'http://alerts', environment: 'production', language: 'en' })
  return ownEvaluator({ store, made, groups, externalUrl: 'http://up', now: () => clock })
}

/** Evaluations that passed or failed, of which 80 % have to pass in 7 days. */
const quality = readSlos(defaultSloFile()).slos.filter(({ name }) => name === 'llm-quality')

interface Sent {
  /** Minutes ago. */
  readonly start?: number
  readonly ago?: number
  readonly passed?: number
  readonly failed?: number
  readonly delta?: boolean
  readonly service?: string
  readonly isReversed?: boolean
}

function sum({
  start,
  ago = 0,
  passed = 0,
  failed = 0,
  delta = false,
  service = 'chat',
  isReversed = false,
}: Sent): Document {
  const nanoseconds = (minutes: number) => `${clock - minutes * MINUTE}000000`
  const point = (outcome: string, value: number) => {
    const attributes = [
      { key: 'afn.llm.evaluation.outcome', value: { stringValue: outcome } },
      { key: 'gen_ai.evaluation.name', value: { stringValue: 'relevance' } },
    ]
    return {
      ...(start !== undefined && { startTimeUnixNano: nanoseconds(start) }),
      timeUnixNano: nanoseconds(ago),
      asInt: String(value),
      attributes: isReversed ? attributes.reverse() : attributes,
    }
  }
  const dataPoints = [point('pass', passed), point('fail', failed)]
  return {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeMetrics: [
          {
            metrics: [
              {
                name: 'afn.llm.evaluation.results',
                unit: '{evaluation}',
                sum: { aggregationTemporality: delta ? 1 : 2, isMonotonic: true, dataPoints },
              },
            ],
          },
        ],
      },
    ],
  }
}

const send = (...all: Sent[]) =>
  all.reduce(
    (before, one) => before.then(() => store.write('metrics', sum(one))),
    Promise.resolve() as Promise<unknown>,
  )
/** Bad and all events of the period, when the minutes of the last points are over: rules count two minutes later. */
const counted = async (evaluator = evaluatorOf(quality)) => {
  clock += 3 * MINUTE
  const { figures } = (await evaluate(evaluator)).objectives[0]!
  return figures && [figures.bad, figures.events]
}

it('fires exactly the alerts that follow from the numbers, and counts each event once', {
  timeout: 180_000,
}, async () => {
  clock = Date.now()
  const evaluator = evaluatorOf(slos)
  for (const request of requests(clock)) await store.write('metrics', request)
  clock += 3 * MINUTE
  const { active, objectives } = await evaluate(evaluator)
  const fired = (service: string) =>
    active.filter(alert => alert.service === service && alert.state === 'firing').map(({ name }) => name)
  for (const scene of scenes) {
    expect([scene.service, fired(scene.service).sort()]).toEqual([scene.service, scene.fires])
    const { requests: events, failed, slow } = countsOf(scene)
    const objective = objectives.find(one => one.service === scene.service)
    expect(objective?.figures).toMatchObject({ events, bad: scene.service === 'tardy' ? slow : failed })
  }
})

describe('the alerts of up count of a counter', () => {
  it('once what came between two readings', async () => {
    const evaluator = evaluatorOf(quality)
    await send({ start: 4, passed: 10, failed: 1 })
    expect(await counted(evaluator)).toEqual([1, 11])
    await send({ start: 7, passed: 12, failed: 4 })
    expect(await counted(evaluator)).toEqual([4, 16])
    expect(await counted(evaluator)).toEqual([4, 16])
  })

  it('what a process counted before and after it started anew, seen by its start or by a lower number', async () => {
    await send({ start: 24, ago: 20, passed: 10 }, { start: 14, ago: 10, passed: 4 }, { start: 5, ago: 4, passed: 20 })
    expect(await counted()).toEqual([0, 34])
    await send({ start: 8, ago: 4, passed: 3 })
    expect(await counted()).toEqual([0, 37])
  })

  it('nothing where the start of the counter is unknown', async () => {
    await send({ ago: 4, passed: 1_000 }, { passed: 1_010 })
    expect(await counted()).toEqual([0, 10])
  })

  it('each delta on its own', async () => {
    await send({ start: 3, ago: 2, failed: 3, delta: true }, { start: 2, ago: 1, failed: 3, delta: true })
    expect(await counted()).toEqual([6, 6])
  })

  it('one series once, in whatever order its attributes come', async () => {
    await send({ start: 9, ago: 6, passed: 10 }, { start: 9, ago: 3, passed: 20, isReversed: true })
    expect(await counted()).toEqual([0, 20])
  })

  it('one process correctly, though another took its place in the file of the store', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-alerts-'))
    const file = path.join(folder, 'afn.duckdb')
    await store.close()
    store = await openStore({ path: file, now: () => clock })
    await send({ service: 'other', start: 9, ago: 8 }, { start: 9, ago: 8, passed: 10 })
    await store.close()
    store = await openStore({ path: file, now: () => clock })
    await send({ start: 9, ago: 4, passed: 20 })
    expect(await counted()).toEqual([0, 20])
    rmSync(folder, { recursive: true })
  })
})

it('what a process counted before up was there burns nothing now', async () => {
  // 40 % failed, but nobody knows when in the hour and a half
  await send({ start: 90, ago: 3, passed: 600, failed: 400 }, { start: 90, passed: 601, failed: 400 })
  const { objectives } = await evaluate(evaluatorOf(quality))
  const burn = (seconds: number) => objectives[0]!.burns.find(one => one.seconds === seconds)!.burn
  expect([burn(300), burn(3_600)]).toEqual([0, 0])
})

it('times that the file excludes do not count', async () => {
  const file = `${defaultSloFile()}
    exclude:
      - { days: [friday], from: "11:00", to: "11:30" }
      - { start: 2026-11-27T11:40:00Z, end: 2026-11-27T11:50:00Z }
`
  const { slos, mistakes } = readSlos(file)
  expect(mistakes).toEqual([])
  const excluding = slos.filter(({ name }) => name === 'llm-quality')
  const counts = [70, 59, 31, 29, 20, 11, 9].map((start, at) => ({
    start,
    ago: start - 1,
    failed: 10 ** at,
    delta: true,
  }))
  await send(...counts)
  expect(await counted(evaluatorOf(excluding))).toEqual([1_001_001, 1_001_001])
})

it('an objective that up can not rate says so, and a wrong bucket edge is named with its service', async () => {
  const file = (sli: string, name: string) => `
  - name: ${name}
    objective: 99
    sli: ${sli}`
  const metric = 'metric: http.server.request.duration'
  const text = `version: prometheus/v1
service: tardy
slos:${[
    file('{ raw: { error_ratio_query: "vector(0) * {{.window}}" } }', 'query'),
    file(`{ latency: { ${metric}, threshold: 2s, native: true } }`, 'native'),
    file(`{ ratio: { ${metric}, type: histogram, bad: [{ a: { regex: "(?i)x" } }] } }`, 'expression'),
    file(`{ latency: { ${metric}, threshold: 3s } }`, 'edge'),
    file(`{ ratio: { ${metric}, unit: ms, type: histogram, bad: [{ a: b }] } }`, 'unit'),
  ].join('')}`
  const all = 'sum(rate(http_server_request_duration_seconds_count{service_name="tardy"}[{{.window}}]))'
  const errors = `(${all.replace('tardy"', 'tardy",http_response_status_code=~"5.."')} or vector(0))`
  const { slos } = readSlos(text.replace('vector(0) * {{.window}}', `${errors} / ${all}`.replaceAll('"', '\\"')))
  for (const request of requests(clock)) await store.write('metrics', request)
  const { objectives, problems } = await evaluate(evaluatorOf(slos))
  expect(objectives.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'query rated',
    'native native',
    'expression rated',
    'edge no_edge',
    // by another unit it is another metric of Prometheus
    'unit no_events',
  ])
  expect(problems).toEqual([
    'tardy-edge: http.server.request.duration of tardy has no bucket that ends at 3 s, so these requests do not count',
  ])
})

it("a latency within 2 s is estimated for a service with HTTP's own edges, and counted where one is at 2 s", async () => {
  const histogram = (service: string, explicitBounds: number[], bucketCounts: number[]): Document => ({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeMetrics: [
          {
            metrics: [
              {
                name: 'http.server.request.duration',
                unit: 's',
                histogram: {
                  aggregationTemporality: 1,
                  dataPoints: [
                    {
                      startTimeUnixNano: `${clock - MINUTE}000000`,
                      timeUnixNano: `${clock}000000`,
                      count: String(bucketCounts.reduce((a, b) => a + b)),
                      bucketCounts: bucketCounts.map(String),
                      explicitBounds,
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  })
  await store.write('metrics', histogram('java', [0.5, 1, 2.5, 5], [0, 15, 15, 0, 0]))
  await store.write('metrics', histogram('node', [0.5, 1, 2, 2.5, 5], [0, 15, 14, 1, 0, 0]))
  clock += 3 * MINUTE
  const latency = readSlos(defaultSloFile()).slos.filter(({ name }) => name === 'latency-p95')
  const [objective] = (await evaluate(evaluatorOf(latency))).objectives
  // of the 15 that took 1 to 2.5 s, 10 count as within 2 s
  expect(objective).toMatchObject({ state: 'rated', figures: { events: 60, bad: expect.closeTo(6, 9) } })
})

describe('a metric that is gone', () => {
  const alerts = async (evaluator: Evaluator) =>
    (await evaluate(evaluator)).active.map(({ name, state }) => `${name} ${state}`)

  it('raises an alert after the time in which a hundredth of the budget could be gone, until it comes again', async () => {
    const expected = quality.map(slo => ({ ...slo, alerts: { ...slo.alerts, expectsData: 'always' as const } }))
    const evaluator = evaluatorOf(expected)
    await send({ start: 1, passed: 10 })
    expect(await alerts(evaluator)).toEqual([])
    clock += 6 * MINUTE
    expect(await alerts(evaluator)).toEqual(['LlmQualityMetricAbsent pending'])
    clock += 20 * MINUTE
    expect(await alerts(evaluator)).toEqual(['LlmQualityMetricAbsent firing'])
    await send({ start: 27, ago: 1, passed: 10 }, { start: 27, passed: 10 })
    clock += MINUTE
    // a gap of some minutes would be a new incident
    expect(await alerts(evaluator)).toEqual(['LlmQualityMetricAbsent firing'])
    for (let minute = 0; minute < 6; minute++) {
      clock += MINUTE
      await send({ start: 28 + minute, passed: 10 })
    }
    expect(await alerts(evaluator)).toEqual([])
  })

  it('raises no alert of the objectives by default where it was not there a day ago', async () => {
    const evaluator = evaluatorOf(quality)
    await send({ start: 1, passed: 10 })
    expect(await alerts(evaluator)).toEqual([])
    clock += HOUR
    expect(await alerts(evaluator)).toEqual([])
  })

  it('raises no alert where it never came while up ran', async () => {
    await send({ start: 2 * 60 + 4, ago: 2 * 60, passed: 10 })
    const evaluator = evaluatorOf(quality)
    clock += HOUR
    expect(await alerts(evaluator)).toEqual([])
    expect((await evaluate(evaluator)).objectives[0]!.state).toBe('rated')
  })
})

it('an unhealthy app raises an alert at once or after the time of its rule, until it is healthy again', async () => {
  const evaluator = evaluatorOf([])
  const alerts = async () =>
    (await evaluate(evaluator)).active.map(({ name, service, state }) => `${name} ${service} ${state}`).sort()
  const states = (state: string) => ailments.map(name => `${name} ${state}`)
  for (const request of ailing(clock)) await store.write('metrics', request)
  // ten minutes are there: its rule wants 15
  const isLater = (name: string) => name.includes('Certificate')
  expect(await alerts()).toEqual(ailments.map(name => `${name} ${isLater(name) ? 'pending' : 'firing'}`))
  clock += 16 * MINUTE
  for (const request of ailing(clock)) await store.write('metrics', request)
  expect(await alerts()).toEqual(states('firing'))
  // counters stand still, and levels are no longer sent; a certificate is looked at once a day
  clock += 16 * MINUTE
  expect(await alerts()).toEqual(['AfnCertificateExpiring old.example firing'])
})

it('an alert has fired since when it did before up was started anew, and points that come late are evaluated', async () => {
  const since = async (evaluator: Evaluator) =>
    (await evaluate(evaluator)).active.find(({ name }) => name === 'AfnDiskFull')?.since
  for (const request of ailing(clock)) await store.write('metrics', request)
  const before = await since(evaluatorOf([]))
  expect(before).toBe(clock / 1_000 - 600)
  clock += 2 * MINUTE
  const evaluator = evaluatorOf(quality)
  expect(await since(evaluator)).toBe(before)
  const events = async () => (await evaluate(evaluator)).objectives[0]!.figures?.events
  expect(await events()).toBeUndefined()
  await send({ start: 184, ago: 180, passed: 10 })
  // once no more of them come
  await events()
  expect(await events()).toBe(10)
})

it('an evaluation of many points does not delay those who send', async () => {
  const deltas = (from: number) =>
    Array.from({ length: 500 }, (_, at) =>
      sum({ start: 60, ago: 59 - (at % 50), passed: 1, delta: true, service: `${from} ${Math.floor(at / 50)}` }),
    )
  for (let from = 0; from < 20_000; from += 500) {
    const all = deltas(from).flatMap(({ resourceMetrics }) => resourceMetrics as Document[])
    await store.write('metrics', { resourceMetrics: all })
  }
  const evaluator = evaluatorOf(quality)
  const order: string[] = []
  await Promise.all([
    evaluate(evaluator).then(() => order.push('evaluated')),
    send({ start: 1, passed: 1 }).then(() => order.push('stored')),
  ])
  expect(order).toEqual(['stored', 'evaluated'])
  expect(await counted(evaluator)).toEqual([0, 20_001])
})
