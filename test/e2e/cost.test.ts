// `afn-otel cost` as a user runs it, on the store of a real `afn-otel up`: which day a span belongs to, and which costs belong to which user and feature.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startOfDay } from '../../src/shared/calendar/time-zone'
import { double, otlpAttributes, type Plain } from '../support/otlp-json'
import { makeApp } from '../support/packed'
import { listen } from '../support/ports'
import { Random } from '../support/random'
import { type RunningUp, startUp } from '../support/up'

const zone = 'Asia/Tokyo'
const DAY = 86_400_000
// yesterday and the day before by the clocks of Tokyo; both are over
const today = startOfDay(new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10), zone)
const dateOf = (at: number) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 10)
const [before, yesterday] = [today - 2 * DAY, today - DAY]
const random = new Random(4)

interface Call {
  /** Milliseconds since 1970, and the nanoseconds beyond. */
  readonly at: number
  readonly nanos?: number
  readonly service?: string
  readonly model?: string
  readonly user?: string
  readonly feature?: string
  /** Absent: no price is known. */
  readonly usd?: number
}

function traceOf({ at, nanos = 0, service = 'chat', model = 'gpt-5', user, feature, usd }: Call): object {
  const start = BigInt(at) * 1_000_000n + BigInt(nanos)
  const attributes: Record<string, Plain> = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': model.startsWith('claude') ? 'anthropic' : 'openai',
    'gen_ai.request.model': model,
    'gen_ai.usage.input_tokens': 1_000,
    'gen_ai.usage.output_tokens': 100,
    'gen_ai.usage.cache_read.input_tokens': 250,
    ...(user && { 'user.id': user }),
    ...(feature && { 'gen_ai.agent.name': feature }),
    ...(usd !== undefined && { 'afn.llm.cost.total': double(usd) }),
  }
  const span = {
    traceId: random.hex(32),
    spanId: random.hex(16),
    name: `chat ${model}`,
    kind: 3,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 1_000_000n),
    attributes: otlpAttributes(attributes),
  }
  const resource = { attributes: otlpAttributes({ 'service.name': service }) }
  return { resource, scopeSpans: [{ spans: [span] }] }
}

let up: RunningUp
beforeAll(async () => {
  const modules = { '@duckdb/node-api': '@duckdb/node-api', '@libsql/client': '@libsql/client' }
  up = await startUp(['--memory'], { folder: makeApp({ files: {}, modules }) })
  const calls: Call[] = [
    // on both sides of midnight, by a nanosecond
    { at: yesterday - 1, nanos: 999_999, usd: 0.5 },
    { at: yesterday, usd: 0.25 },
    { at: today - 1, nanos: 999_999, usd: 0.125 },
    { at: before + 3_600_000, service: 'search', model: 'claude-opus-5', user: 'ann', feature: 'support', usd: 3 },
    { at: yesterday + 5_000, user: 'ann', feature: 'support', usd: 1 },
    { at: yesterday + 6_000, user: 'bob', feature: 'sales', usd: 2 },
    { at: yesterday + 7_000, model: 'local-llm' },
  ]
  const response = await up.post('traces', { resourceSpans: calls.map(traceOf) })
  expect(response.status).toBe(200)
}, 120_000)
afterAll(() => up.stop())

interface Row {
  readonly day: string
  readonly labels: object
  readonly cost: number
  readonly calls: number
  readonly unpriced: number
}

async function json(args: string[], code = 0): Promise<{ rows: Row[]; tokens: object; differences: object[] }> {
  const answer = await up.command(['cost', ...args, '--json'])
  expect({ code: answer.code, stderr: answer.stderr }).toMatchObject({ code })
  return JSON.parse(answer.stdout)
}

const config = (section: object): string => {
  const file = path.join(up.folder, `monitoring-${random.hex(6)}.json`)
  writeFileSync(file, JSON.stringify({ budget_config: { time_zone: zone, ...section } }))
  return file
}
const budgets = [{ name: 'all', period: 'month', amount: 100 }]
const span = ['--from', dateOf(before), '--to', dateOf(yesterday)]

describe('cost report', () => {
  it('counts a call on the day on which it began, to the nanosecond', async () => {
    const { rows } = await json(['report', '--by', 'day', ...span, '--config', config({ budgets })])
    expect(rows.map(({ day, cost, calls, unpriced }) => ({ day, cost, calls, unpriced }))).toEqual([
      { day: dateOf(before), cost: 3.5, calls: 2, unpriced: 0 },
      { day: dateOf(yesterday), cost: 3.375, calls: 4, unpriced: 1 },
    ])
  })

  it('separates users and features, and names what has none', async () => {
    const { rows, tokens } = await json(['report', '--by', 'user,feature', ...span, '--config', config({ budgets })])
    expect(rows.map(({ labels, cost }) => [labels, cost])).toEqual([
      [{ user: 'ann', feature: 'support' }, 4],
      [{ user: 'bob', feature: 'sales' }, 2],
      [{}, 0.875],
    ])
    expect(tokens).toEqual({ input: 7_000, cacheRead: 1_750, cacheWrite: 0, output: 700, reasoning: 0 })
  })

  it('counts in the currency of the account, by the rate of each day, and marks a sum that lacks prices', async () => {
    const exchange_rates = [
      { from: dateOf(before), per_usd: 100 },
      { from: dateOf(yesterday), per_usd: 200 },
    ]
    const file = config({ currency: 'JPY', exchange_rates, budgets })
    const { stdout } = await up.command(['cost', 'report', '--by', 'service', ...span, '--config', file])
    expect(stdout).toContain('chat     >= 725 JPY')
    expect(stdout).toContain('search   300 JPY')
    expect(stdout).toContain('total >= 1,025 JPY, 6 calls, and 1 without a price')
    expect(stdout).toContain('input 7000 (25 % from the cache, 0 % written to it), output 700 (0 % reasoning)')
  })

  it('refuses a day for which there is no exchange rate, and a date that does not exist', async () => {
    const exchange_rates = [{ from: dateOf(yesterday), per_usd: 200 }]
    const file = config({ currency: 'JPY', exchange_rates, budgets })
    const missing = await up.command(['cost', 'report', ...span, '--config', file])
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining(`for ${dateOf(before)}`) })
    for (const day of ['2026-02-30', '2026-13-01']) {
      const wrong = await up.command(['cost', 'report', '--from', day])
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--from takes a day such as') })
    }
  })

  it('names the mistakes of the file with their places, and asks nothing', async () => {
    const file = path.join(up.folder, 'broken.json')
    writeFileSync(
      file,
      '{\n  "budget_config": { "budgets": [{ "name": "b", "period": "fortnight", "amount": -5 }] }\n}',
    )
    const { code, stderr, stdout } = await up.command(['cost', 'budget', '--config', file])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/broken\.json:2:59 .*day, week, month/)
    expect(stderr).toMatch(/broken\.json:2:82 .*above 0/)
  })
})

describe('cost budget', () => {
  it('counts what fits its scope, and says when nothing ever did', async () => {
    const scopes = [
      { user: 'ann' },
      { feature: ['sales', 'support'] },
      { model: 'gpt-6-typo' },
      { service: 'chat', user: 'bob' },
    ]
    const file = config({
      budgets: scopes.map((scope, index) => ({ name: `b${index}`, period: 'month', amount: 2, scope })),
    })
    const answer = await up.command(['cost', 'budget', '--config', file])
    expect(answer).toMatchObject({ code: 0 })
    expect(answer.stdout).toContain('note: b2: no call matches its scope in this period; is a name misspelled?')
    const { stdout } = await up.command(['cost', 'budget', '--json', '--config', file])
    const found = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    // the month of the calls is the present one but for its first two days
    const inMonth = (at: number) => dateOf(at).slice(0, 7) === dateOf(Date.now()).slice(0, 7)
    const spent = (old: number, late: number) => (inMonth(before) ? old : 0) + (inMonth(yesterday) ? late : 0)
    expect(found.map(one => one.spent)).toEqual([spent(3, 1), spent(3, 3), 0, spent(0, 2)])
  })
})

describe('cost budget with an Alertmanager', () => {
  const posts: { labels: Record<string, string>; startsAt: string }[][] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', chunk => chunks.push(chunk))
      .on('end', () => {
        posts.push(JSON.parse(Buffer.concat(chunks).toString()))
        response.end()
      })
  })
  let alertmanager: string
  beforeAll(async () => {
    alertmanager = `http://127.0.0.1:${await listen(server)}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  it('raises what is reached, and the same again by another process with the same database', async () => {
    const file = config({
      price_table_max_age: 3_650,
      budgets: [
        { name: 'once', period: 'month', amount: 0.001, thresholds: [1, 100, 200], scope: { service: 'today' } },
      ],
    })
    // now, whatever month it is
    const call = traceOf({ at: Date.now() - 60_000, service: 'today', usd: 0.0015 })
    expect((await up.post('traces', { resourceSpans: [call] })).status).toBe(200)
    const args = ['cost', 'budget', '--config', file, '--alertmanager', alertmanager, '--database', 'state/cost.db']
    for (let times = 0; times < 2; times++) expect(await up.command(args)).toMatchObject({ code: 0, stderr: '' })
    expect(posts).toHaveLength(2)
    expect(posts[1]).toEqual(posts[0])
    const raised = posts[0]!.filter(({ labels }) => labels.alertname === 'AfnBudgetThreshold')
    expect(raised.map(({ labels }) => [labels.threshold, labels.severity])).toEqual([
      ['1', 'low'],
      ['100', 'high'],
    ])
  })

  it('goes on while somebody breaks the file of budgets, with what it said before, and takes what it says after', async () => {
    // a Prometheus in which nothing was spent answers at once
    const empty = createServer((_, response) => response.end('{"data":{"storageRetention":"15d","result":[]}}'))
    const prometheus = `http://127.0.0.1:${await listen(empty)}`
    const file = config({ budgets: [{ name: 'before', period: 'month', amount: 5 }] })
    const right = readFileSync(file, 'utf8')
    const args = [
      'node_modules/@afn/otel/dist/cli.cjs',
      'cost',
      'budget',
      '--every',
      '1s',
      '--config',
      file,
      '--database',
      'state/every.db',
    ]
    const child = spawn(process.execPath, [...args, '--alertmanager', alertmanager, '--prometheus', prometheus], {
      cwd: up.folder,
      env: { ...process.env, AFN_LOCAL_URL: up.url },
    })
    try {
      let [said, wrong] = ['', '']
      child.stdout.on('data', text => (said += text))
      child.stderr.on('data', text => (wrong += text))
      const seen = (words: () => boolean) =>
        vi.waitFor(() => expect({ seen: words(), said, wrong }).toEqual({ seen: true, said, wrong }), 60_000)
      await seen(() => said.includes('before'))
      writeFileSync(file, right.replace('"month"', '"fortnight"'))
      await seen(() => wrong.includes('day, week, month'))
      said = ''
      await seen(() => said.includes('before'))
      writeFileSync(file, '{}')
      await seen(() => wrong.includes('no budget defined'))
      writeFileSync(file, right.replace('before', 'after'))
      await seen(() => said.includes('after'))
      expect(wrong.match(/no budget defined/g)).toHaveLength(1)
    } finally {
      child.kill('SIGKILL')
      empty.closeAllConnections()
      empty.close()
    }
  })

  it('waits in rounds for a first budget, says so once, and reports each round that succeeded', async () => {
    const reports: string[] = []
    const collector = createServer((request, response) => {
      request.setEncoding('utf8').on('data', text => reports.push(text))
      request.on('end', () => response.end())
    })
    const file = path.join(up.folder, 'none.json')
    writeFileSync(file, '{}')
    const args = ['node_modules/@afn/otel/dist/cli.cjs', 'cost', 'budget', '--every', '1s', '--config', file]
    const before = posts.length
    const child = spawn(process.execPath, [...args, '--alertmanager', alertmanager, '--database', 'state/none.db'], {
      cwd: up.folder,
      // no Prometheus and no Tempo gets a request where there is nothing to look at
      env: {
        ...process.env,
        AFN_LOCAL_URL: 'http://127.0.0.1:9',
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await listen(collector)}`,
      },
    })
    try {
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += text))
      await vi.waitFor(() => expect({ count: reports.length > 2, said }).toEqual({ count: true, said }), 60_000)
      expect(said).toMatch(/^afn-otel cost budget: no budget defined; .*\n$/)
      expect(reports[0]).toContain('"afn.job.last_success"')
      expect(reports[0]).toContain('{"key":"afn.job.name","value":{"stringValue":"cost-budget"}}')
      expect(posts).toHaveLength(before)
    } finally {
      child.kill('SIGKILL')
      collector.closeAllConnections()
      collector.close()
    }
  })

  it('raises nothing where somebody looks by hand, whatever Alertmanager the environment names', async () => {
    const file = config({ budgets: [{ name: 'hand', period: 'month', amount: 0.001, scope: { service: 'today' } }] })
    const before = posts.length
    const { code, stdout } = await up.command(['cost', 'budget', '--config', file], {
      AFN_ALERTMANAGER_URL: alertmanager,
    })
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('hand') })
    expect(posts).toHaveLength(before)
  })

  it('says that an Alertmanager is not there, and raises nothing where none is named', async () => {
    const file = config({ budgets: [{ name: 'reached', period: 'month', amount: 0.001, scope: { service: 'today' } }] })
    const args = ['cost', 'budget', '--config', file, '--database', 'state/other.db']
    const silent = await up.command([...args, '--alertmanager', 'http://127.0.0.1:9'])
    expect(silent).toMatchObject({ code: 1, stderr: expect.stringContaining('Alertmanager does not answer') })
    expect(silent.stdout).toContain('reached')
    const before = posts.length
    expect(await up.command(args)).toMatchObject({ code: 0 })
    expect(posts).toHaveLength(before)
  })
})

describe('cost reconcile', () => {
  it('compares an invoice by days of UTC, and ends with 3 where the sums differ', async () => {
    // of UTC, nine hours later
    const day = new Date(yesterday + 5_000).toISOString().slice(0, 10)
    const file = path.join(up.folder, 'invoice.csv')
    const invoice = (usd: number) =>
      `start_time_iso,amount_value,amount_currency,line_item\n${day}T00:00:00+00:00,${usd},usd,"gpt-5-2026-01-01, output"\n`
    // what began at 15:00 UTC or later: not what began a nanosecond before the next midnight of Tokyo
    const late = 0.5 + 0.25 + 1 + 2
    writeFileSync(file, invoice(late))
    const equal = await up.command(['cost', 'reconcile', file])
    expect(equal).toMatchObject({ code: 0, stdout: expect.stringContaining('the sums agree: 3.75 USD invoiced') })
    writeFileSync(file, invoice(5))
    const { differences } = await json(['reconcile', file], 3)
    expect(differences).toMatchObject([
      {
        date: day,
        model: 'gpt-5-2026-01-01',
        invoiced: 5,
        counted: 3.75,
        why: expect.stringContaining('billed more'),
      },
      { date: day, model: 'local-llm', invoiced: 0, counted: 0, unpriced: 1 },
    ])
  })

  it('refuses what is no invoice', async () => {
    const file = path.join(up.folder, 'usage.csv')
    writeFileSync(file, 'model,num_model_requests\ngpt-5,3\n')
    expect(await up.command(['cost', 'reconcile', file])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('export the costs instead'),
    })
  })
})

describe('cost advise', () => {
  let store: RunningUp
  /** Says of the models that they end on a day of the far future, whatever day it is when this runs. */
  const lasting = (folder: string): string[] => {
    const retirements = ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1-nano', 'gpt-5', 'gpt-5-mini'].map(model => ({ provider: 'openai', model, date: '2099-01-01' })) // biome-ignore format: one line
    const budgets = [{ name: 'all', period: 'month', amount: 1 }]
    writeFileSync(path.join(folder, 'lasting.json'), JSON.stringify({ budget_config: { budgets, retirements } }))
    return ['--config', 'lasting.json']
  }
  beforeAll(async () => {
    store = await startUp()
    const at = (index: number) => Date.now() - DAY + index * 60_000
    const spans = (index: number, isAwaited: boolean) => {
      const [trace] = [
        traceOf({ at: at(index), service: isAwaited ? 'chat' : 'nightly', model: 'gpt-4o', usd: 0.0035 }),
      ] as [{ resource: object; scopeSpans: { spans: { traceId: string; spanId: string; parentSpanId?: string }[] }[] }]
      if (!isAwaited) return trace
      const call = trace.scopeSpans[0]!.spans[0]!
      call.parentSpanId = random.hex(16)
      trace.scopeSpans[0]!.spans.push({
        ...call,
        spanId: call.parentSpanId,
        parentSpanId: '',
        kind: 2,
        name: 'POST /chat',
        attributes: [],
      } as never)
      return trace
    }
    for (let batch = 0; batch < 5; batch++) {
      const resourceSpans = Array.from({ length: 100 }, (_, index) => spans(batch * 100 + index, index % 2 === 0))
      expect((await store.post('traces', { resourceSpans })).status).toBe(200)
    }
  }, 120_000)
  afterAll(() => store.stop())

  it('separates calls for which a request waits from those for which nobody does, and shows the query that finds them', async () => {
    const { stdout, code } = await store.command([
      'cost',
      'advise',
      '--since',
      '2d',
      ...lasting(store.folder),
      '--json',
    ])
    expect(code).toBe(0)
    const { advice, calls, isPart } = JSON.parse(stdout)
    expect({ calls, isPart }).toEqual({ calls: 500, isPart: false })
    // a call of gpt-4o with 1,000 tokens of input, 250 of them cached, and 100 of output, twice a minute on one day of two
    const price = (750 * 2.5 + 250 * 1.25 + 100 * 10) / 1e6
    expect(advice).toMatchObject([
      {
        kind: 'batch',
        service: 'nightly',
        model: 'gpt-4o',
        n: 250,
        share: 0.5,
        saving: { expected: expect.closeTo((250 * price * 15) / 2, 6) },
        confidence: 'medium',
      },
    ])
    const found = await store.command(['query', advice[0].query, '--since', '2d', '--limit', '300', '--json'])
    expect(JSON.parse(found.stdout).traces).toHaveLength(250)
    const words = await store.command(['cost', 'advise', '--since', '2d', ...lasting(store.folder)])
    expect(words.stdout).toContain('batch: nightly, gpt-4o of openai')
    expect(words.stderr).not.toContain('no Prometheus is configured')
  })

  it('names models that end, by the user’s own date, with the share of the calls and a priced replacement', async () => {
    const date = new Date(Date.now() + 20 * DAY).toISOString().slice(0, 10)
    const retirements = [{ provider: 'openai', model: 'gpt-4o', date, replacement: 'gpt-4o-mini' }]
    const budgets = [{ name: 'all', period: 'month', amount: 1 }]
    writeFileSync(path.join(store.folder, 'ends.json'), JSON.stringify({ budget_config: { budgets, retirements } }))
    const { stdout, code } = await store.command([
      'cost',
      'retirements',
      '--since',
      '2d',
      '--config',
      'ends.json',
      '--json',
    ])
    expect(code).toBe(3)
    const usd = (input: number, output: number) => expect.closeTo((1_000 * input + 100 * output) / 1e3, 9)
    expect(JSON.parse(stdout)).toMatchObject({
      calls: 500,
      retirements: [
        {
          model: 'gpt-4o',
          date,
          share: 1,
          services: ['chat', 'nightly'],
          source: 'monitoring-config.json',
          // a quarter of the input is from the cache, at half the price
          costPerThousand: usd(2.5 * 0.875, 10),
          replacementPerThousand: usd(0.15, 0.6),
        },
      ],
    })
    const words = await store.command(['cost', 'retirements', '--since', '2d', '--config', 'ends.json'])
    expect(words.stdout).toContain(`gpt-4o of openai ends on ${date}, in 20 days`)
    expect(words.stdout).toContain('100 % of the calls (500): chat, nightly')
    const advised = await store.command(['cost', 'advise', '--since', '2d', '--config', 'ends.json'])
    const blocks = advised.stdout.split('\n\n')
    expect(blocks.map(block => block.split('\n')[0])).toEqual([
      'retirement: chat, gpt-4o of openai',
      'retirement: nightly, gpt-4o of openai',
      'batch: nightly, gpt-4o of openai',
    ])
    expect(blocks[0]).toContain(
      `It ends on ${date}, in 20 days (monitoring-config.json), and 50 % of all calls are these.`,
    )
    expect(blocks[0]).toMatch(/saves {4}[\d.]+ USD in 30 days .* \d+ % of what these calls cost/)
    expect(blocks[0]).toContain('Move these calls to gpt-4o-mini')
  })

  it('names a cheaper model by what afn-otel up counted of evaluations, and none that is worse', async () => {
    const server = await startUp()
    try {
      const service = 'support'
      const models = { 'gpt-4o': [360, 0.0035], 'gpt-4o-mini': [358, 0.0002], 'gpt-4.1-nano': [300, 0.0001] } as const
      const [began, ended] = [Date.now() - DAY, Date.now() - 60_000]
      const nanos = (at: number) => `${at}000000`
      const points = Object.entries(models).flatMap(([model, [passed]]) =>
        Object.entries({ pass: passed, fail: 400 - passed }).map(([outcome, count]) => ({
          startTimeUnixNano: nanos(began),
          timeUnixNano: nanos(ended),
          asInt: String(count),
          attributes: otlpAttributes({
            'gen_ai.evaluation.name': 'relevance',
            'gen_ai.request.model': model,
            'afn.llm.evaluation.outcome': outcome,
          }),
        })),
      )
      const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: points }
      const metric = { name: 'afn.llm.evaluation.results', unit: '{evaluation}', sum }
      const resource = { attributes: otlpAttributes({ 'service.name': service }) }
      const metrics = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] }
      expect((await server.post('metrics', metrics)).status).toBe(200)
      const resourceSpans = Object.entries(models).flatMap(([model, [, usd]]) =>
        Array.from({ length: 250 }, (_, index) => traceOf({ at: began + index * 60_000, service, model, usd })),
      )
      expect((await server.post('traces', { resourceSpans })).status).toBe(200)
      const { stdout, code } = await server.command([
        'cost',
        'advise',
        '--since',
        '2d',
        ...lasting(server.folder),
        '--json',
      ])
      expect(code).toBe(0)
      const { advice } = JSON.parse(stdout) as { advice: { kind: string; model: string; why: string }[] }
      expect(advice.filter(({ kind }) => kind === 'model')).toMatchObject([
        {
          model: 'gpt-4o',
          why: expect.stringMatching(/^gpt-4o-mini passes as often .*relevance 90 % of 400 against 90 % of 400/),
        },
      ])
    } finally {
      await server.stop()
    }
  })

  it('advises nothing where there are too few calls', async () => {
    expect(await up.command(['cost', 'advise', '--since', '3d', ...lasting(up.folder)])).toMatchObject({
      code: 0,
      stdout: 'no advice\n',
    })
  })
})

describe('a log of Bedrock’s invocations', () => {
  const begin = Date.now() - DAY
  const model = 'amazon.nova-pro-v1:0'
  const count = 1_200

  it('is compared call by call, and the one that the log has more of is named with its cause and its cost', async () => {
    const at = (n: number) => begin + n * 2_000
    const spans = Array.from({ length: count }, (_, n) => ({
      traceId: random.hex(32),
      spanId: random.hex(16),
      name: `chat ${model}`,
      kind: 3,
      startTimeUnixNano: `${at(n)}000000`,
      endTimeUnixNano: `${at(n) + 900}000000`,
      attributes: otlpAttributes({
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'aws.bedrock',
        'gen_ai.request.model': model,
        'gen_ai.usage.input_tokens': 1_000 + n,
        'gen_ai.usage.output_tokens': 100,
      }),
    }))
    const resource = { attributes: otlpAttributes({ 'service.name': 'bedrock' }) }
    expect((await up.post('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })).status).toBe(200)
    const lines = spans.map((_, n) =>
      JSON.stringify({
        schemaType: 'ModelInvocationLog',
        timestamp: new Date(at(n)).toISOString(),
        requestId: `r-${n}`,
        operation: 'Converse',
        modelId: `us.${model}`,
        input: { inputTokenCount: 1_000 + n + (n === 500 ? 1_000 : 0) },
        output: { outputTokenCount: n === 500 ? 300 : 100 },
      }),
    )
    const file = path.join(up.folder, 'invocations.jsonl')
    const log = (some: string[]) => writeFileSync(file, some.join('\n'))
    log(lines)
    const outcome = await up.command(['cost', 'reconcile', file, '--json'])
    expect(outcome).toMatchObject({ code: 3 })
    const { calls, differences } = JSON.parse(outcome.stdout)
    expect(calls).toEqual({ ours: count, theirs: count, same: count - 1 })
    expect(differences).toMatchObject([
      {
        causes: ['iteration'],
        ours: { service: 'bedrock', traceId: spans[500]!.traceId },
        theirs: { line: 501 },
        // 0.8 and 3.2 USD a million
        usd: expect.closeTo((1_000 * 0.8 + 200 * 3.2) / 1e6, 9),
      },
    ])
    log(lines.filter((_, n) => n !== 500))
    const words = await up.command(['cost', 'reconcile', file])
    expect(words.stdout).toContain(`${count - 1} of ${count - 1} calls of the log match ours; 1 differences`)
    expect(words.stdout).toContain('not theirs')
    log([...lines.slice(0, 5), '{'])
    const broken = await up.command(['cost', 'reconcile', file])
    expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('line 6: ') })
  })
})

describe('the spans that the Claude API sends itself', () => {
  it('are counted besides those of the app, or a run of the model that the app does not know is not named', async () => {
    const begin = Date.now() - 2 * DAY - 3_600_000
    const span = (n: number, [digit, kind]: [string, number], attributes: Record<string, string | number>) => ({
      traceId: `c${n}`.padEnd(32, '0'),
      spanId: `${digit}${n}`.padStart(16, '0'),
      ...(digit === 'b' && { parentSpanId: `a${n}`.padStart(16, '0') }),
      name: 'anthropic.messages.create',
      kind,
      startTimeUnixNano: `${begin + n * 60_000}000000`,
      endTimeUnixNano: `${begin + n * 60_000 + 900}000000`,
      attributes: otlpAttributes({
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.request.model': 'claude-sonnet-4-6',
        'gen_ai.usage.input_tokens': 1_000 + n,
        'gen_ai.usage.output_tokens': 100,
        ...attributes,
      }),
    })
    const request = (service: string, scope: string, spans: object[]) => ({
      resourceSpans: [
        {
          resource: { attributes: otlpAttributes({ 'service.name': service }) },
          scopeSpans: [{ scope: { name: scope }, spans }],
        },
      ],
    })
    const compaction = {
      'anthropic.usage.compaction.input_tokens': 9_000,
      'anthropic.usage.compaction.output_tokens': 500,
    }
    const each = [1, 2, 3]
    const ours = request(
      'claude',
      '@afn/otel/llm',
      each.map(n => span(n, ['a', 3], {})),
    )
    const spans = each.map(n => span(n, ['b', 2], { 'anthropic.request.id': `req_${n}`, ...(n === 2 && compaction) }))
    const theirs = request('claude-platform', 'com.anthropic.claude-platform', spans)
    for (const one of [ours, theirs]) expect((await up.post('traces', one)).status).toBe(200)
    const file = path.join(up.folder, 'claude-spans.json')
    writeFileSync(file, JSON.stringify(theirs))
    const outcome = await up.command(['cost', 'reconcile', file, '--json'])
    expect(outcome).toMatchObject({ code: 3 })
    const { calls, differences } = JSON.parse(outcome.stdout)
    expect(calls).toEqual({ ours: 3, theirs: 3, same: 2 })
    expect(differences).toMatchObject([
      {
        causes: ['iteration'],
        ours: { service: 'claude', traceId: spans[1]!.traceId },
        // 3 and 15 USD a million
        usd: expect.closeTo((9_000 * 3 + 500 * 15) / 1e6, 9),
      },
    ])
    // the same from the store, where they came beside ours
    const stored = await up.command(['cost', 'reconcile', '--spans', '--since', '3d', '--json'])
    expect(stored).toMatchObject({ code: 3 })
    // all but the line of the file
    const said = (text: string) => JSON.parse(text, (key, value) => (key === 'line' ? undefined : value))
    expect(said(stored.stdout)).toEqual(said(outcome.stdout))
    const none = await up.command(['cost', 'reconcile', '--spans', '--since', '1h'])
    expect(none).toMatchObject({ code: 2, stdout: '' })
    expect(none.stderr).toContain('has no spans of the Claude API since 1h')
    expect(await up.command(['cost', 'reconcile', file, '--spans'])).toMatchObject({ code: 2 })
  })
})

describe('a report of usage', () => {
  it('is compared by minute and model: the same has no difference, and a call that nobody has recorded is named', async () => {
    const minute = Math.floor((Date.now() - 3 * DAY) / 60_000) * 60_000
    const calls = [5_000, 20_000].map(late => traceOf({ at: minute + late, model: 'gpt-6-luna' }))
    expect((await up.post('traces', { resourceSpans: calls })).status).toBe(200)
    const report = (requests: number, input: number) =>
      JSON.stringify({
        object: 'page',
        has_more: false,
        data: [
          {
            object: 'bucket',
            start_time: minute / 1_000,
            end_time: minute / 1_000 + 60,
            results: [
              {
                object: 'organization.usage.completions.result',
                model: 'gpt-6-luna-2026-09-30',
                batch: false,
                service_tier: 'default',
                num_model_requests: requests,
                input_tokens: input,
                input_cached_tokens: 500,
                output_tokens: requests * 100,
              },
            ],
          },
        ],
      })
    const file = path.join(up.folder, 'usage.json')
    writeFileSync(file, report(2, 2_000))
    expect(await up.command(['cost', 'reconcile', file])).toMatchObject({
      code: 0,
      stdout: '1 rows of the report against 2 calls; 0 differences\n',
    })
    writeFileSync(file, report(3, 2_050))
    const outcome = await up.command(['cost', 'reconcile', file, '--json'])
    expect(outcome.code).toBe(3)
    expect(JSON.parse(outcome.stdout).differences).toMatchObject([
      { start: minute, model: 'gpt-6-luna', cause: 'not ours', requests: 1, counts: { input: 50, output: 100 } },
    ])
  })
})
