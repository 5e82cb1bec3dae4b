// Every query of the boards and of the rules, of the same samples: asked of a Prometheus that has them all, and of Thanos, which has them in a
// bucket. Metrics and labels are those that a real app sent through the real Collector; the values rise, swing and begin anew over a month.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { parse } from 'yaml'
import { boardsOf } from '../../src/monitoring/dashboards/boards'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { filledIn } from '../dashboards/ask'
import { fill } from '../dashboards/load'
import { type Found, samplesOf } from '../dashboards/month'
import { isLong } from '../support/long'
import { encoderOf, remoteWrite } from '../support/remote-write'
import { type Answered, findStores, prepareStores, type Stores } from '../support/thanos'

const found = findStores()
if ('missing' in found) console.log(`skipped: Thanos: ${found.missing}`)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** From when on there is a sample each minute; before, each ten. */
const FINE = 5 * DAY
const kept = { high: 7, medium: 32, low: 365 }

interface Question {
  readonly title: string
  readonly expr: string
}

const panels = Object.entries(boardsOf('en', kept)).flatMap(([name, { panels }]) =>
  panels.map(panel => [name, panel] as const),
)
const questionsOfBoards = (window: { range: number; rate: string; step: number }): Question[] =>
  panels.flatMap(([name, panel]) =>
    panel.queries.map(({ expr }, index) => ({
      title: `${name}/${panel.title}/${index}`,
      expr: filledIn(expr, panel, window),
    })),
  )
const questionsOfRules: Question[] = generateFiles(planOf('cluster', { bucket: { name: 'afn' } }))
  .filter(({ path }) => path.startsWith('rules/'))
  .flatMap(({ path, content }) =>
    (parse(content).groups as { rules: { record?: string; alert?: string; expr: string }[] }[])
      .flatMap(({ rules }) => rules)
      .map(({ record, alert, expr }) => ({ title: `${path} ${record ?? alert}`, expr: String(expr) })),
  )

const binary = inject('prometheusBinary')
const isReady = !('missing' in found) && binary !== undefined && inject('collectorBinary') !== undefined

describe.skipIf(!isReady || !isLong('thanos'))('boards and rules on Thanos', () => {
  let stores: Stores
  const now = Math.floor(Date.now() / (10 * MINUTE)) * 10 * MINUTE
  const start = now - 31 * DAY

  /** Of a counter over the days since the start: rises unevenly, and begins anew twice in the last week. */
  const risen = (time: number) => {
    const days = (time - start) / DAY
    const since = days < 26 ? days : days < 29.3 ? days - 26 : days - 29.3
    return since + 0.1 * Math.sin(2 * Math.PI * since)
  }
  const swing = (time: number) => 1 + 0.3 * Math.sin((time / HOUR) * 1.7)

  beforeAll(async () => {
    if ('missing' in found || binary === undefined) return
    const filled = await fill(binary, 14)
    let all: Found[]
    try {
      const names = (await (await fetch(`${filled.url}/api/v1/label/__name__/values`)).json()) as { data: string[] }
      all = (await samplesOf(filled.url, names.data)).filter(({ metric }) => !/^(?:ALERTS|scrape_)/.test(metric.__name__!)) // biome-ignore format: one line
    } finally {
      await filled.stop()
    }
    stores = await prepareStores(found)
    await stores.s3.start()
    await stores.prometheus.start()
    await stores.sidecar.start()
    const encoders = all.map(({ metric, value }) => {
      const encode = encoderOf(metric)
      const isCounter = /_(?:total|count|sum|bucket)$/.test(metric.__name__!)
      return (times: readonly number[]) =>
        encode(times.map(time => ({ time, value: value * (isCounter ? risen(time) * 1_000 : swing(time)) })))
    })
    for (let time = start; time < now; ) {
      const step = time < now - FINE ? 10 * MINUTE : MINUTE
      // a server takes what is half an hour older than the newest sample, so each request has ten minutes
      const times = step === MINUTE ? Array.from({ length: 10 }, (_, n) => time + n * step) : [time]
      await remoteWrite(
        stores.prometheus.url,
        encoders.map(encode => encode(times)),
      )
      time += step * times.length
    }
    await expect
      .poll(async () => Math.max(...(await stores.blocks()).map(({ maxTime }) => maxTime)), {
        timeout: 600_000,
        interval: 10_000,
      })
      .toBeGreaterThan(now - 4 * HOUR)
    await stores.compact(['--retention.resolution-raw=40d', '--retention.resolution-5m=40d'])
    await stores.store.start()
    await stores.querier.start()
    console.log(
      `${all.length} series, ${questionsOfRules.length} rules, ${panels.flatMap(([, { queries }]) => queries).length} queries of boards`,
    )
  }, 1_800_000)
  afterAll(() => stores?.stop())

  /** The greatest difference of two answers, as a share of the value; Infinity where one has what the other lacks. */
  function difference(one: readonly Answered[], other: readonly Answered[]): number {
    const keyed = (answers: readonly Answered[]) =>
      new Map(
        answers.map(({ metric, values }) => [
          JSON.stringify(Object.entries(metric).toSorted(([a], [b]) => (a < b ? -1 : 1))),
          new Map(values),
        ]),
      )
    const [mine, theirs] = [keyed(one), keyed(other)]
    if (mine.size !== theirs.size) return Number.POSITIVE_INFINITY
    let most = 0
    for (const [labels, values] of mine) {
      const others = theirs.get(labels)
      if (!others || others.size !== values.size) return Number.POSITIVE_INFINITY
      for (const [time, value] of values) {
        const same = others.get(time)
        if (same === undefined) return Number.POSITIVE_INFINITY
        if (Object.is(same, value) || same === value) continue
        if (Number.isNaN(same) !== Number.isNaN(value)) return Number.POSITIVE_INFINITY
        most = Math.max(most, Math.abs(same - value) / Math.max(Math.abs(same), Math.abs(value)))
      }
    }
    return most
  }

  async function compared(questions: readonly Question[], parameters: Record<string, string>, ofThanos = {}) {
    const differences: { title: string; expr: string; by: number; series: number }[] = []
    for (const { title, expr } of questions) {
      const [one, other] = await Promise.all([
        stores.query(stores.prometheus, expr, parameters),
        stores.query(stores.querier, expr, { ...parameters, ...ofThanos }),
      ])
      differences.push({ title, expr, by: difference(one, other), series: one.length })
    }
    return differences
  }
  const wrong = (differences: Awaited<ReturnType<typeof compared>>, within: number) =>
    differences.filter(({ by }) => !(by <= within)).map(({ title, by }) => [title, by])

  it('answer the same of samples as they came: now, over a day, and budgets over 30 days', async () => {
    const time = { time: String(now / 1_000) }
    const rules = await compared(questionsOfRules, time)
    const boards = await compared(questionsOfBoards({ range: 86_400, rate: '4m', step: 300 }), time)
    const day = { start: String((now - DAY) / 1_000), end: String(now / 1_000), step: '300' }
    const overADay = await compared(questionsOfBoards({ range: 86_400, rate: '4m', step: 300 }), day)
    for (const [what, differences] of Object.entries({ rules, boards, overADay }))
      console.log(
        `${what}: ${differences.length} asked, ${differences.filter(({ series }) => series > 0).length} with an answer`,
      )
    expect(wrong([...rules, ...boards, ...overADay], 1e-9)).toEqual([])
    const budgets = rules.filter(({ expr }) => /\[30d|2592000|\[28d/.test(expr))
    console.log(`budgets: ${budgets.length}, ${budgets.filter(({ series }) => series > 0).length} with an answer`)
  }, 600_000)

  it('answer nearly the same of five-minute samples', async () => {
    // two whole days of which the compactor has made them
    const made = (await stores.blocks()).filter(({ resolution }) => resolution === 300_000)
    const end = Math.max(...made.map(({ maxTime }) => maxTime))
    const window = { start: String((end - DAY) / 1_000), end: String((end - HOUR) / 1_000), step: '1200' }
    const parameters = { max_source_resolution: '5m', lookback_delta: '15m' }
    const differences = await compared(
      questionsOfBoards({ range: 3_600, rate: '20m', step: 1_200 }),
      window,
      parameters,
    )
    const sorted = differences.filter(({ series }) => series > 0).toSorted((a, b) => a.by - b.by)
    console.log(sorted.map(({ title, by, series }) => `${by.toExponential(2)} ${series} ${title}`).join('\n'))
  }, 600_000)
})
