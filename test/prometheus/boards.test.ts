// Every query of every board, on a real Prometheus that a real app filled through the real Collector. Of the metrics that a
// board asks for, Prometheus itself says whether anybody sent them.
import { cpus, loadavg } from 'node:os'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { boardsOf } from '../../src/monitoring/dashboards/boards'
import { grafanaDashboard } from '../../src/monitoring/dashboards/grafana'
import { readQuery } from '../../src/monitoring/dashboards/read-promql'
import { hasChromium } from '../browser/chromium'
import { ask, resultsOf, type Series, samplesOf } from '../dashboards/ask'
import { DEMO, type Filled, fill } from '../dashboards/load'
import { month } from '../dashboards/month'
import { draw, missing } from '../dashboards/pictures/draw'
import { isLong } from '../support/long'

const binary = inject('prometheusBinary')
if (missing !== undefined) console.log(`skipped: pictures of boards: ${missing}`)
const window = { range: 120, rate: '15s', step: 5 }
/** The demo ends long before the other load, most of all where that is long. */
const demoWindow = { ...window, range: 900, rate: '900s', service: DEMO }
const kept = { high: 7, medium: 32, low: 365 }
const boards = boardsOf('en', kept)
const panels = Object.entries(boards).flatMap(([name, board]) => board.panels.map(panel => [name, panel] as const))

const ROUNDS = 5
interface Taken {
  readonly title: string
  /** Milliseconds from the request to the whole answer. */
  readonly clock: number
  /** Milliseconds that the server worked. */
  readonly cpu: number
  readonly samples: number
}

/** What has nothing to show in an app without a database. */
const withoutDatabase = new Set(['Database queries, p95', 'Database connections'])

describe.skipIf(binary === undefined || inject('collectorBinary') === undefined)('boards', () => {
  let filled: Filled
  const answers = new Map<string, Series[]>()

  beforeAll(async () => {
    filled = await fill(binary!, isLong('dashboards') ? 60 : 14)
    for (const [name, panel] of panels)
      for (const [index, { expr }] of panel.queries.entries())
        answers.set(`${name}/${panel.title}/${index}`, await ask(filled.url, panel, expr, window))
  })
  afterAll(() => filled?.stop())

  it.each(Object.keys(boards))('%s has no panel without data', name => {
    const empty = panels
      .filter(([board, { title }]) => board === name && !withoutDatabase.has(title))
      .flatMap(([, panel]) => panel.queries.map((_, index) => `${panel.title}/${index}`))
      .filter(key => answers.get(`${name}/${key}`)!.length === 0)
    expect(empty).toEqual([])
  })

  it.each(['overview', 'llm-analytics'] as const)(
    "%s has no panel without data after the demo's load alone",
    async name => {
      const empty = async () => {
        const found: string[] = []
        for (const panel of boards[name]!.panels)
          for (const [index, { expr }] of panel.queries.entries())
            if ((await ask(filled.url, panel, expr, demoWindow)).length === 0) found.push(`${panel.title}/${index}`)
        return found
      }
      // what it sent last is on its way
      await expect.poll(empty, { timeout: 15_000, interval: 1_000 }).toEqual([])
    },
  )

  it("quality is that of the demo's three answers, and of nobody where the service is another one", async () => {
    const panel = boards['llm-analytics']!.panels.find(({ title }) => title === 'Answer quality')!
    const of = async (service: string) => {
      const [, counted] = panel.queries
      const series = await ask(filled.url, panel, counted!.expr, { ...window, service })
      return series.map(({ metric, values }) => [metric.gen_ai_evaluation_name, values[0]])
    }
    expect(await of(DEMO)).toEqual([['conciseness', 3]])
    expect(await of('nobody')).toEqual([])
    // each by the model that answered below the agent whose answer was judged
    const query = `sum by (gen_ai_request_model) (afn_llm_evaluation_results_total{service_name="${DEMO}"})`
    const answer = await fetch(`${filled.url}/api/v1/query?${new URLSearchParams({ query })}`)
    const { data } = (await answer.json()) as {
      data: { result: { metric: { gen_ai_request_model?: string }; value: [number, string] }[] }
    }
    const byModel = data.result.map(({ metric, value }) => [metric.gen_ai_request_model, value[1]])
    expect(Object.fromEntries(byModel)).toEqual({ 'claude-haiku-4-5': '2', 'gpt-4o-mini': '1' })
  })

  it('sums are those of the load, on either way to them', async () => {
    const sumOf = async (name: string, title: string, keep = (_: Series) => true) => {
      const [, panel] = panels.find(([board, { title: one }]) => board === name && one === title)!
      const series = await ask(filled.url, panel, panel.queries[0]!.expr, { ...window, service: 'shop' })
      return series.filter(keep).reduce((sum, { values }) => sum + values[0]!, 0)
    }
    const { rounds } = filled
    // what the app counts comes once a second
    for (const title of ['401', '403', '429', 'Guardrails', 'Audit entries'])
      await expect.poll(() => sumOf('security', title), { timeout: 15_000, interval: 500 }).toBe(rounds)
    // the model that fails is called twice, since the client tries again
    await expect.poll(() => sumOf('llm-analytics', 'Calls'), { timeout: 15_000, interval: 500 }).toBe(rounds * 4)
    // by the SDK, and from spans by the Collector
    const cost = await sumOf('llm-analytics', 'Cost by model')
    expect(cost).toBeGreaterThan(0)
    for (const title of ['Cost by feature', 'Cost by user group', 'Cost by service', 'Cost today'])
      await expect
        .poll(async () => (await sumOf('llm-analytics', title)) / cost, {
          timeout: 15_000,
          interval: 500,
          message: title,
        })
        .toBeCloseTo(1, 9)
    const ofPro = ({ metric }: Series) => metric.afn_llm_user_group === 'pro'
    const ofOpenai = ({ metric }: Series) => metric.gen_ai_request_model === 'gpt-4o-mini'
    expect(await sumOf('llm-analytics', 'Cost by user group', ofPro)).toBeCloseTo(
      await sumOf('llm-analytics', 'Cost by model', ofOpenai),
      9,
    )
    // what no page of ours sends is not counted: five vitals, of which one is no time
    const counted = await fetch(`${filled.url}/api/v1/query?query=sum(afn_web_vital_duration_seconds_count)`)
    const { data } = (await counted.json()) as { data: { result: { value: [number, string] }[] } }
    expect(Number(data.result[0]!.value[1])).toBe(rounds * 4)
  })

  it('every metric that a board asks for is sent by somebody', async () => {
    const names = (await (await fetch(`${filled.url}/api/v1/label/__name__/values`)).json()) as { data: string[] }
    const selectors = panels.flatMap(([, { queries }]) => queries.flatMap(({ expr }) => readQuery(expr).selectors))
    const missing = [...new Set(selectors.map(({ metric }) => metric))].filter(name => !names.data.includes(name))
    expect(missing.toSorted()).toEqual([
      // no detector failed
      'afn_redaction_errors_total',
      // the app has no database
      'db_client_connection_count',
      'db_client_connection_pending_requests',
      'db_client_operation_duration_seconds_bucket',
      // Tempo is away, and the queue keeps what is for it
      'otelcol_exporter_send_failed_spans',
    ])
  })

  it('no panel has 50 series or more', () => {
    const sizes = panels.map(([name, panel]) => {
      const series = panel.queries.map((_, index) => answers.get(`${name}/${panel.title}/${index}`)!.length)
      return [`${name}/${panel.title}`, series.reduce((sum, one) => sum + one, 0)] as const
    })
    expect(sizes.filter(([, count]) => count >= 50)).toEqual([])
  })

  it.skipIf(!isLong('dashboards') || missing !== undefined || !hasChromium)(
    "every board looks as it should with Grafana's own panels, on a desk and on a phone",
    async () => {
      const pictures = await Promise.all(
        (['en', 'ja'] as const).flatMap(language =>
          Object.entries(boardsOf(language, kept)).map(async ([name, board]) => {
            const dashboard = grafanaDashboard(board, { high: 'prometheus-high', long: 'prometheus-medium' })
            const ids = new Map(dashboard.panels!.map(({ title, gridPos, id }) => [keyOf(title, gridPos), id]))
            const answered = await Promise.all(
              board.panels.map(async panel => {
                const results = await Promise.all(
                  panel.queries.map(({ expr }) => resultsOf(filled.url, panel, expr, window)),
                )
                const letters = results.map((result, index) => [String.fromCharCode(65 + index), result])
                return [ids.get(keyOf(panel.title, panel.place)), Object.fromEntries(letters)]
              }),
            )
            const to = Date.now()
            const time = { from: to - window.range * 1_000, to }
            return { name: `${name}-${language}`, dashboard, answers: Object.fromEntries(answered), time }
          }),
        ),
      )
      const drawn = await draw(pictures)
      expect(drawn).toHaveLength(20)
      for (const { file, empty, errors } of drawn) {
        expect(errors, file).toEqual([])
        expect(
          empty.filter(title => !withoutDatabase.has(title) && !/データベース/.test(title)),
          file,
        ).toEqual([])
      }
    },
    180_000,
  )

  // the last one, since a month takes minutes to write: what the app sent is no longer in the window then
  it.skipIf(!isLong('dashboards'))(
    'a month of five-minute samples is answered from few of them',
    async () => {
      const stored = panels.flatMap(([name, panel]) =>
        panel.queries.flatMap(({ expr, store = 'chosen' }) =>
          store === 'high' ? [] : [{ title: `${name}/${panel.title}`, panel, expr }],
        ),
      )
      const selectors = stored.flatMap(({ expr }) => readQuery(expr).selectors.map(({ metric }) => metric))
      const { url, series, stop } = await month(binary!, filled.url, [...new Set(selectors)])
      try {
        // what the server works is what a quiet machine takes: others of this one make it wait
        const work = async () => {
          const [, seconds] = /^process_cpu_seconds_total (\S+)/m.exec(await (await fetch(`${url}/metrics`)).text())!
          return Number(seconds) * 1_000
        }
        const before = await work()
        const idle = (await work()) - before
        const taken: Taken[] = []
        // one at a time, all of them in turn: no query finds its own last answer
        for (let round = 0; round < ROUNDS; round++)
          for (const { title, panel, expr } of stored) {
            const [start, began] = [await work(), performance.now()]
            const samples = await samplesOf(url, panel, expr, { range: 30 * 86_400, rate: '65m', step: 3_600 })
            const clock = performance.now() - began
            taken.push({ title, clock, cpu: (await work()) - start - idle, samples })
          }
        const p95 = (of: 'clock' | 'cpu') =>
          Math.round(taken.map(one => one[of]).toSorted((x, y) => x - y)[Math.floor(taken.length * 0.95)]!)
        const slowest = taken
          .toSorted((x, y) => y.cpu - x.cpu)
          .slice(0, 8)
          .map(
            ({ title, clock, cpu, samples }) =>
              `  ${title}: ${Math.round(cpu)} ms of a CPU, ${Math.round(clock)} ms by the clock, ${samples} samples`,
          )
        console.log(
          `${series} series, ${stored.length} queries, ${ROUNDS} rounds: p95 ${p95('cpu')} ms of a CPU, ${p95('clock')} ms by the clock; load of the machine ${loadavg()[0]!.toFixed(1)} on ${cpus().length} cores\n${slowest.join('\n')}`,
        )
        // ten million are what a small server looks at in a second
        expect(taken.filter(({ samples }) => samples > 10_000_000)).toEqual([])
      } finally {
        await stop()
      }
    },
    600_000,
  )
})

const keyOf = (title: string | undefined, place: object | undefined): string => JSON.stringify([title, place])
