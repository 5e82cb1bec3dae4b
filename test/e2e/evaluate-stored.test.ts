// `afn-otel evaluate --query` of the packed package over a real `afn-otel up`, which speaks Tempo's API as well.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { LogsAnswer } from '../../src/backend/api/log-answers'
import type { JudgedAnswer, JudgedAnswers } from '../../src/backend/api/quality-answers'
import { startLangfuse } from '../support/langfuse'
import { listen } from '../support/ports'
import { type RunningUp, startUp } from '../support/up'

const kv = (key: string, value: string | number) => ({
  key,
  value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
})
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const said = (role: string, content: string) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }])
const now = Date.now()

interface Asked {
  readonly answer?: string
  readonly question?: string
  readonly purpose?: string
}

let trace = 0
/** Each a request with a call below it, in a trace of its own, all of one service within one hour. */
async function store(service: string, calls: readonly Asked[]): Promise<void> {
  const hour = Math.floor(now / 3_600_000) * 3_600_000 - 3_600_000
  const spans = calls.flatMap(({ answer, question = 'Where is order A-17?', purpose }, at) => {
    const n = ++trace
    const time = (ms: number) => `${hour + at * 1_000 + ms}000000`
    const common = { traceId: hex(n, 32), startTimeUnixNano: time(0) }
    return [
      { ...common, spanId: hex(2 * n, 16), name: 'POST /ask', endTimeUnixNano: time(900), attributes: [] },
      {
        ...common,
        spanId: hex(2 * n + 1, 16),
        parentSpanId: hex(2 * n, 16),
        name: 'chat gpt-5-mini',
        endTimeUnixNano: time(800),
        attributes: [
          kv('gen_ai.operation.name', 'chat'),
          kv('gen_ai.provider.name', 'openai'),
          kv('gen_ai.request.model', 'gpt-5-mini'),
          kv('gen_ai.response.id', `response-${n}`),
          ...(purpose === undefined ? [] : [kv('afn.llm.purpose', purpose)]),
          ...(answer === undefined
            ? []
            : [
                kv('gen_ai.input.messages', said('user', question)),
                kv('gen_ai.output.messages', said('assistant', answer)),
              ]),
        ],
      },
    ]
  })
  const resource = { attributes: [kv('service.name', service)] }
  await up.post('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
}
const answers = (count: number): Asked[] => Array.from({ length: count }, (_, n) => ({ answer: `Order ${n} left.` }))
const queryOf = (service: string) =>
  `{ resource.service.name = "${service}" && span.gen_ai.request.model = "gpt-5-mini" }`

/** A model that judges by the length of an answer. */
const judge = { url: '', asked: [] as string[], delayMs: 0, status: 200 }
const server = http.createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  judge.asked.push(JSON.parse(JSON.parse(body).messages[1].content).answer)
  await new Promise(resolve => setTimeout(resolve, judge.delayMs))
  response.writeHead(judge.status, { 'content-type': 'application/json' })
  const content = JSON.stringify({ explanation: 'It names anna.muster@example.com.', score: 4 })
  response.end(
    JSON.stringify({
      ...{
        id: 'chatcmpl-9',
        model: 'gpt-5-mini-2025-08-07',
        choices: [{ finish_reason: 'stop', message: { role: 'assistant', content } }],
      },
      usage: { prompt_tokens: 400, completion_tokens: 40, total_tokens: 440 },
    }),
  )
})

let up: RunningUp
beforeAll(async () => {
  judge.url = `http://127.0.0.1:${await listen(server)}/v1`
  up = await startUp()
}, 120_000)
afterAll(async () => {
  server.close()
  await up?.stop()
})
beforeEach(() => {
  judge.asked = []
  judge.delayMs = 0
  judge.status = 200
})

const judgeYaml = (parameters = '{ max_completion_tokens: 2048 }') =>
  `{ name: helpful, type: judge, model: gpt-5-mini, rubric: is it good, min: 1, max: 5, threshold: 4, url: '${judge.url}', parameters: ${parameters} }`
function evaluators(...lines: string[]): string {
  const file = `evaluators-${lines.join().length}.yaml`
  writeFileSync(path.join(up.folder, file), `version: 1\nevaluators:\n${lines.map(line => `  - ${line}\n`).join('')}`)
  return file
}
const evaluate = (args: string[], env: Record<string, string> = {}) =>
  up.command(['evaluate', '--otlp', up.otlp, ...args], env)

const get = async (address: string) => (await fetch(`${up.url}/${address}`)).json()
async function judged(service: string, name: string): Promise<JudgedAnswer[]> {
  const window = `start=${Math.floor(now / 1_000) - 86_400}&end=${Math.floor(now / 1_000) + 600}`
  const address = `api/afn/quality/answers?evaluation=${name}&service=${service}&limit=200&${window}`
  const all: JudgedAnswer[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: JudgedAnswers = await get(`${address}&after=${after}`)
    all.push(...page.answers)
    after = page.next
  }
  return all
}
async function spans(query: string): Promise<number> {
  const window = `start=${Math.floor(now / 1_000) - 86_400}&end=${Math.floor(now / 1_000) + 600}`
  const { traces } = await get(`api/search?q=${encodeURIComponent(query)}&limit=1000&spss=100&${window}`)
  return traces.reduce(
    (sum: number, { spanSets }: { spanSets: { matched: number }[] }) => sum + spanSets[0]!.matched,
    0,
  )
}
/** What the metric says, over the instances of all runs, by outcome. */
async function counted(service: string, name: string, of = 'last_over_time'): Promise<Record<string, number>> {
  const series = `afn_llm_evaluation_results_total{service_name="${service}",gen_ai_evaluation_name="${name}"}`
  const query = `sum by (afn_llm_evaluation_outcome) (${of}(${series}[1h]))`
  const { data } = await get(`api/v1/query?query=${encodeURIComponent(query)}`)
  return Object.fromEntries(
    data.result.map(({ metric, value }: { metric: Record<string, string>; value: [number, string] }) => [metric.afn_llm_evaluation_outcome, Number(value[1])]), // biome-ignore format: one line
  )
}
const evaluationSpans = (service: string, name: string) =>
  spans(`{ resource.service.name = "${service}" && name = "evaluate ${name}" }`)

it('a stored call is not rated, rated twice, or what has no content is passed over in silence', async () => {
  await store('shop', [
    ...answers(9),
    { answer: 'I left. '.repeat(20) },
    {},
    { answer: 'a judge said', purpose: 'evaluation' },
  ])
  const file = evaluators(
    '{ name: short, type: length, max: 10 }',
    '{ name: other, type: length, max: 1, when: { model: claude-* } }',
  )
  const args = ['--query', queryOf('shop'), '--evaluators', file]
  const first = await evaluate(args)
  expect(first).toMatchObject({
    code: 0,
    stderr: '',
    stdout: [
      '11 calls found',
      '1 call without content left out; set AFN_CAPTURE_CONTENT=redacted in the app to record messages from now on',
      'short: 10 rated (9 passed, 1 failed)',
      'other: 0 rated',
      '',
    ].join('\n'),
  })
  const again = await evaluate([...args, '--json'])
  expect(JSON.parse(again.stdout)).toMatchObject({
    calls: 11,
    withoutContent: 1,
    evaluators: [
      { evaluation: 'short', evaluator: { name: 'length', type: 'code' }, planned: 0, ratedBefore: 10, passed: 0 },
      { evaluation: 'other', planned: 0, ratedBefore: 0 },
    ],
  })
  const found = await judged('shop', 'short')
  expect(found).toHaveLength(10)
  expect(found.filter(({ verdict }) => verdict === 'fail')).toHaveLength(1)
  expect(await evaluationSpans('shop', 'short')).toBe(10)
  expect(await counted('shop', 'short')).toEqual({ pass: 9, fail: 1 })
  // as an SLO has it: a counter that began with a number has risen by nothing
  const { pass, fail } = await counted('shop', 'short', 'increase')
  expect(pass! / fail!).toBeCloseTo(9, 6)
  expect(await counted('shop', 'other')).toEqual({})
})

it('a dry run asks a model, writes something, or does not say what the run would cost', async () => {
  await store('dry', answers(6))
  const args = [
    '--query',
    queryOf('dry'),
    '--evaluators',
    evaluators(judgeYaml(), '{ name: short, type: length, max: 10, rate: 0 }'),
  ]
  const { code, stdout } = await evaluate([...args, '--dry-run'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^helpful: 6 to rate; about USD 0\.00\d+, at most USD 0\.0\d+$/m)
  expect(stdout).toMatch(/^short: 0 to rate; 6 not sampled \(rate 0\)$/m)
  expect(stdout).toContain('dry run: no model was asked, and nothing was written')
  expect(judge.asked).toEqual([])
  expect(await evaluationSpans('dry', 'helpful')).toBe(0)
})

it('a judge costs more than --max-cost, or the next run does not rate the rest', async () => {
  await store('judged', answers(12))
  const args = ['--query', queryOf('judged'), '--evaluators', evaluators(judgeYaml())]
  const dry = JSON.parse((await evaluate([...args, '--dry-run', '--json'])).stdout)
  // 400 tokens for USD 0.25 a million and 40 for USD 2.00 are USD 0.00018: room for three, and for what a fourth might cost
  const most = dry.evaluators[0].estimate.most / 12 + 0.0005
  const first = await evaluate([...args, '--max-cost', String(most)])
  const { rated, left, cost } = /^helpful: (?<rated>\d+) rated \(\d+ passed\); USD (?<cost>0\.00\d+) for \d+ requests; (?<left>\d+) left out, since --max-cost is used up$/m.exec(first.stdout)!.groups! // biome-ignore format: one line
  expect(first.code).toBe(0)
  expect(Number(rated) + Number(left)).toBe(12)
  expect(judge.asked).toHaveLength(Number(rated))
  expect([Number(rated), Number(cost)]).toEqual([3, 0.00054])
  const none = await evaluate([...args, '--max-cost', '0'])
  expect(none.stdout).toContain(
    `helpful: 0 rated; ${left} left out, since --max-cost is used up; ${rated} rated before`,
  )
  await evaluate([...args, '--max-cost', '1'])
  expect(await judged('judged', 'helpful')).toHaveLength(12)
  expect(judge.asked).toHaveLength(12)
})

it('an answer without a limit costs more than --max-cost, or nobody says how to limit it', async () => {
  await store('unlimited', answers(3))
  const args = ['--query', queryOf('unlimited'), '--evaluators', evaluators(judgeYaml('{}'))]
  const refused = await evaluate([...args, '--max-cost', '0.01'])
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toMatch(/an answer of gpt-5-mini without a limit may cost USD 0\.\d+, more than --max-cost 0\.01; set max_completion_tokens/) // biome-ignore format: one line
  expect(judge.asked).toEqual([])
  expect((await evaluate([...args, '--max-cost', '2'])).stdout).toContain('helpful: 3 rated (3 passed)')
})

it('of a call that is rated by a model, tokens, cost, purpose or the link are missing, or personal data leaves', async () => {
  await store('priced', answers(3))
  const langfuse = await startLangfuse()
  onTestFinished(() => langfuse.close())
  const env = { LANGFUSE_HOST: langfuse.url, LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-1' }
  const args = ['--query', queryOf('priced'), '--evaluators', evaluators(judgeYaml())]
  const { code, stdout } = await evaluate(args, env)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^helpful: 3 rated \(3 passed\); USD 0\.00054 for 3 requests$/m)
  expect(judge.asked).toHaveLength(3)
  const service = 'resource.service.name = "priced"'
  expect(await spans(`{ ${service} && name = "chat gpt-5-mini" && span.afn.llm.purpose = "evaluation" && span.gen_ai.usage.input_tokens = 400 && span.afn.llm.cost.total > 0.0 }`)).toBe(3) // biome-ignore format: one query
  expect(await spans(`{ ${service} && name = "judge helpful" }`)).toBe(3)
  const found = await judged('priced', 'helpful')
  expect(found.map(({ explanation, score }) => [explanation, score])).toEqual(
    Array.from({ length: 3 }, () => ['It names [EMAIL].', 0.75]),
  )
  expect(langfuse.scores()).toHaveLength(3)
  expect(langfuse.scores()[0]).toMatchObject({ name: 'helpful', value: 4, comment: 'It names [EMAIL].' })
  // LangFuse takes a score with the same id for the same one
  await evaluate(args, env)
  expect(new Set(langfuse.scores().map(({ id }) => id)).size).toBe(3)
})

it('kill -9 in the middle loses results or doubles them', async () => {
  const CALLS = 240
  await store('killed', answers(CALLS))
  const langfuse = await startLangfuse()
  onTestFinished(() => langfuse.close())
  judge.delayMs = 20
  const file = evaluators(`${judgeYaml().slice(0, -1)}, per_hour: 10000 }`, '{ name: short, type: length, max: 10 }')
  const args = ['evaluate', '--otlp', up.otlp, '--query', queryOf('killed'), '--evaluators', file]
  const env = {
    ...{ AFN_LOCAL_URL: up.url, PATH: process.env.PATH!, HOME: up.folder },
    ...{ LANGFUSE_HOST: langfuse.url, LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-1' },
  }
  const start = (): ChildProcess =>
    spawn(process.execPath, [path.join(up.folder, 'node_modules/@afn/otel/dist/cli.cjs'), ...args], { cwd: up.folder, env, stdio: 'ignore' }) // biome-ignore format: one line
  const ended = (child: ChildProcess) => new Promise(resolve => child.once('close', (_, signal) => resolve(signal)))
  for (const least of [60, 140]) {
    const child = start()
    const end = ended(child)
    while (judge.asked.length < least && child.exitCode === null) await new Promise(resolve => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    expect(await end).toBe('SIGKILL')
  }
  const [before] = [await evaluationSpans('killed', 'helpful')]
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(CALLS)
  const { code } = await up.command(args, env)
  expect(code).toBe(0)
  for (const name of ['helpful', 'short']) {
    const found = await judged('killed', name)
    expect(found).toHaveLength(CALLS)
    expect(new Set(found.map(({ traceId }) => traceId)).size).toBe(CALLS)
    expect(await evaluationSpans('killed', name)).toBe(CALLS)
    const ofSpans = { pass: 0, fail: 0 }
    for (const { verdict } of found) if (verdict !== 'unrated') ofSpans[verdict]++
    expect(await counted('killed', name)).toEqual(ofSpans)
  }
  expect(new Set(langfuse.scores().map(({ id }) => id)).size).toBe(2 * CALLS)
  const { logs }: LogsAnswer = await get(`api/afn/logs?q=gen_ai.evaluation.result&limit=10000&start=${Math.floor(now / 1_000) - 86_400}&end=${Math.floor(now / 1_000) + 600}`) // biome-ignore format: one line
  const told = logs.filter(({ service }) => service === 'killed')
  expect(new Set(told.map(({ spanId, attributes }) => `${spanId} ${attributes['gen_ai.evaluation.name']}`)).size).toBe(
    2 * CALLS,
  )
  // what was answered when it was killed was not asked again: two questions at a time are under way
  expect(judge.asked.length).toBeLessThanOrEqual(CALLS + 2 * 3)
}, 120_000)

it('a run that ended between log record and span leaves a result that is never whole, or counts twice', async () => {
  await store('between', answers(1))
  const said = { 'gen_ai.evaluation.name': 'short', 'afn.llm.evaluation.evaluator.name': 'length', 'afn.llm.evaluation.evaluator.type': 'code', 'afn.llm.evaluation.outcome': 'pass' } // biome-ignore format: one line
  const attributes = [
    ...Object.entries(said).map(([key, value]) => kv(key, value)),
    kv('gen_ai.evaluation.score.value', 1),
  ]
  const record = { timeUnixNano: `${now}000000`, traceId: hex(trace, 32), spanId: hex(2 * trace + 1, 16), eventName: 'gen_ai.evaluation.result', attributes } // biome-ignore format: one line
  const resource = { attributes: [kv('service.name', 'between')] }
  await up.post('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] })
  expect(await judged('between', 'short')).toHaveLength(1)
  const args = ['--query', queryOf('between'), '--evaluators', evaluators('{ name: short, type: length, max: 10 }')]
  expect((await evaluate(args)).stdout).toContain('short: 1 rated (1 passed)')
  expect((await evaluate(args)).stdout).toContain('short: 0 rated; 1 rated before')
  expect(await judged('between', 'short')).toHaveLength(1)
  expect(await evaluationSpans('between', 'short')).toBe(1)
})

it('calls in Tempo are not found below their requests, or are rated again', async () => {
  await store('tempo', [...answers(7), {}])
  const file = evaluators('{ name: short, type: length, max: 10 }')
  const query = '{ resource.service.name = "tempo" && name = "POST /ask" }'
  const args = ['--tempo', up.url, '--query', query, '--evaluators', file]
  const first = await evaluate(args)
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^8 calls found\n1 call without content.*\nshort: 7 rated \(7 passed\)\n$/) }) // biome-ignore format: one line
  const again = await evaluate(args)
  expect(again.stdout).toContain('short: 0 rated; 7 rated before')
  expect(await evaluationSpans('tempo', 'short')).toBe(7)
  expect(await judged('tempo', 'short')).toHaveLength(7)
})

it('rate and per_hour do not bound stored calls, or another run rates others', async () => {
  await store('bounded', answers(40))
  const file = evaluators(
    '{ name: half, type: length, max: 10, rate: 0.5 }',
    '{ name: few, type: length, max: 10, per_hour: 5 }',
  )
  const args = ['--query', queryOf('bounded'), '--evaluators', file]
  const first = await evaluate([...args, '--json'])
  const [half, few] = JSON.parse(first.stdout).evaluators
  expect(half.passed).toBeGreaterThan(8)
  expect(half.passed + half.notSampled).toBe(40)
  expect(few).toMatchObject({ passed: 5, beyondHour: 35 })
  const again = await evaluate([...args, '--json'])
  expect(JSON.parse(again.stdout).evaluators).toMatchObject([
    { planned: 0, ratedBefore: half.passed, notSampled: half.notSampled },
    { planned: 0, ratedBefore: 5, beyondHour: 35 },
  ])
})

it('a judge or a receiver that is down costs something, or is passed over in silence', async () => {
  await store('down', answers(8))
  judge.status = 503
  const file = evaluators(judgeYaml(), '{ name: short, type: length, max: 10 }')
  const args = ['--query', queryOf('down'), '--evaluators', file]
  const { code, stdout } = await evaluate(args)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^helpful: 0 rated; USD 0\.00 for \d requests?$/m)
  expect(stdout).toMatch(/^ {2}\d not rated: the judge's provider answered 503$/m)
  expect(stdout).toMatch(/^short: 8 rated \(8 passed\)$/m)
  judge.status = 200
  const after = await evaluate(args)
  expect(after.stdout).toMatch(/^helpful: 8 rated \(8 passed\).*\nshort: 0 rated; 8 rated before$/m)
  const nobody = await up.command(['evaluate', '--otlp', up.url, ...args.slice(0, 2), '--evaluators', evaluators('{ name: long, type: length, min: 1 }')]) // biome-ignore format: one line
  expect(nobody).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/does not take results \(4\d\d.*correct --otlp/s),
  })
})

it('options that do not go together are taken, or their error gives no remedy', async () => {
  const file = evaluators('{ name: short, type: length, max: 10 }')
  const wrong = async (args: string[], env?: Record<string, string>) => {
    const { code, stderr } = await up.command(['evaluate', ...args], env)
    expect(code).toBe(2)
    return stderr
  }
  const query = ['--query', '{}', '--evaluators', file]
  expect(await wrong(['--query', '{}'])).toContain('needs --evaluators FILE (or AFN_EVALUATORS)')
  expect(await wrong([...query, '--run', 'x'])).toContain('--run is for a version of an app')
  expect(await wrong(['--dataset', 'x', '--run', 'x', '--max-cost', '1'])).toContain('add --query TRACEQL')
  expect(await wrong([...query, '--max-cost', 'much'])).toContain('takes USD, such as 0.50, not "much"')
  expect(await wrong([...query, '--since', '1d', '--from', '2026-11-24'])).toContain('leave one out')
  expect(await wrong([...query, '--from', '2026-11-24', '--to', '2026-11-23'])).toContain('is not before --to')
  const unpriced = evaluators(judgeYaml().replace('gpt-5-mini', 'our-own'))
  await store('unpriced', answers(1))
  expect(await wrong(['--query', queryOf('unpriced'), '--evaluators', unpriced, '--otlp', up.otlp, '--max-cost', '1'])).toContain('no price is known of our-own') // biome-ignore format: one line
  expect(judge.asked).toEqual([])
  expect(readFileSync(path.join(up.folder, unpriced), 'utf8')).toContain('our-own')
})
