// Models that their providers end: which of those in use, when, what it stops, and when that is said.
import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { loadPrices } from '../../../src/app/llm/report/cost/prices'
import { type Call, pricingBy } from '../../../src/operations/cost/advice/call'
import { retirementAlert } from '../../../src/operations/cost/alerts'
import { defaultCosts, readCosts } from '../../../src/operations/cost/config'
import { affectedBy } from '../../../src/operations/cost/retirement/affected'
import { knownRetirements } from '../../../src/operations/cost/retirement/known-dates'
import { retirementsBy } from '../../../src/operations/cost/retirement/lookup'
import { listedRetirements } from '../../../src/operations/cost/retirement/model-lists'
import { noticesOf, retirementGauges, retiringIn } from '../../../src/operations/cost/retirement/notices'
import { daysUntil } from '../../../src/operations/cost/retirement/retirement'
import { isDate } from '../../../src/shared/calendar/dates'
import { listen } from '../../support/ports'

const now = Date.parse('2026-12-02T12:00:00Z')
const price = pricingBy(loadPrices(undefined, () => {}))
const call = (more: Partial<Call>): Call => ({
  at: now - 3_600_000,
  service: 'shop',
  feature: undefined,
  provider: 'openai',
  model: 'gpt-4o',
  input: 1_000,
  output: 100,
  cacheRead: 0,
  cacheWrite: 0,
  maxTokens: undefined,
  serviceTier: undefined,
  conversation: undefined,
  isStreamed: false,
  isAwaited: true,
  attempt: 1,
  isRetried: false,
  ...more,
})
const many = (count: number, more: Partial<Call>) => Array.from({ length: count }, () => call(more))
const own = (model: string, date: string, replacement?: string) => ({
  provider: 'openai',
  model,
  date,
  replacement,
  source: 'own',
})

it('every date of the table is a day, stands once for its model, and names a page', () => {
  expect(knownRetirements.filter(({ date, source }) => !isDate(date) || !URL.canParse(source))).toEqual([])
  const names = knownRetirements.map(({ provider, model }) => `${provider} ${model}`)
  expect(new Set(names).size).toBe(names.length)
})

describe('what a retirement stops', () => {
  it('is the share of the calls with their services and features, and nothing of models without a date', () => {
    const calls = [
      ...many(17, { feature: 'refunds' }),
      ...many(3, { model: 'gpt-5', service: 'mail' }),
      ...many(80, { model: 'gpt-6-luna' }),
    ]
    const found = affectedBy(calls, retirementsBy(defaultCosts), price, now)
    expect(found).toMatchObject([
      { model: 'gpt-5', date: '2026-12-11', days: 9, share: 0.03, services: ['mail'], features: [] },
      { model: 'gpt-4o', date: '2027-01-14', days: 43, share: 0.17, services: ['shop'], features: ['refunds'] },
    ])
    expect(found[1]!.costPerThousand).toBeCloseTo(2.5 + 1, 9)
  })

  it('is priced for the replacement by the same tokens, and has no price where nobody knows one', () => {
    const config = { ...defaultCosts, retirements: [own('gpt-4o', '2027-01-10', 'gpt-4o-mini')] }
    const [cheap] = affectedBy(many(2, { cacheRead: 500 }), retirementsBy(config), price, now)
    expect(cheap!.replacementPerThousand).toBeCloseTo(0.15 + 0.06, 9)
    const unknown = { ...defaultCosts, retirements: [own('gpt-4o', '2027-01-10', 'no-such-model')] }
    expect(affectedBy(many(2, {}), retirementsBy(unknown), price, now)[0]!.replacementPerThousand).toBeUndefined()
  })

  it('is that of the platform, however a client names the model there', () => {
    const retirementOf = retirementsBy(defaultCosts)
    expect(retirementOf('openai', 'ft:gpt-4o-mini-2024-07-18:acme::x1')?.date).toBe('2027-01-14')
    expect(retirementOf('gcp.gemini', 'models/gemini-2.5-pro')?.date).toBe('2026-12-01')
    expect(retirementOf('azure.ai.openai', 'gpt-4o')?.date).toBe('2026-10-01')
    expect(retirementOf('gcp.vertex_ai', 'gemini-2.5-pro')).toBeUndefined()
    expect(retirementOf('gcp.vertex_ai', 'publishers/anthropic/models/claude-opus-4-5@20251101')?.date).toBe(
      '2027-01-22',
    )
    const profile = 'arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-1-20250805-v1:0'
    expect(retirementOf('aws.bedrock', profile)?.date).toBe('2027-01-08')
    expect(retirementOf('aws.bedrock', 'eu.anthropic.claude-sonnet-4-20250514-v1:0')?.replacement).toBe(
      'anthropic.claude-sonnet-4-6',
    )
    expect(retirementOf('anthropic', 'claude-opus-4-1')?.date).toBe('2026-08-05')
  })
})

describe('a day', () => {
  it('of the user counts before the provider’s list, and this before the table', () => {
    const listed = [own('gpt-4o', '2027-02-01'), own('gpt-new', '2027-03-01')]
    const retirementOf = retirementsBy({ ...defaultCosts, retirements: [own('gpt-new', '2027-04-01')] }, listed)
    expect(retirementOf('openai', 'gpt-4o')).toMatchObject({ date: '2027-02-01', replacement: 'gpt-6-luna' })
    expect(retirementOf('openai', 'gpt-new')?.date).toBe('2027-04-01')
  })

  it('of monitoring-config.json is read, and one that does not exist is said with its place', () => {
    const text = (date: string) =>
      JSON.stringify({
        budget_config: {
          budgets: [{ name: 'all', period: 'month', amount: 1 }],
          retirement_notice: [14],
          retirements: [{ provider: 'aws.bedrock', model: 'm', date }],
        },
      })
    expect(readCosts(text('2027-02-28')).config).toMatchObject({
      retirementNotice: [14],
      retirements: [{ provider: 'aws.bedrock', model: 'm', date: '2027-02-28', source: 'monitoring-config.json' }],
    })
    expect(readCosts(text('2027-02-30')).mistakes.map(({ message }) => message)).toEqual([
      expect.stringContaining('no such date: 2027-02-30'),
    ])
  })

  it('begins in UTC', () => {
    const one = own('m', '2026-12-03')
    expect([now, Date.parse('2026-12-03T00:00:00Z')].map(at => daysUntil(one, at))).toEqual([1, 0])
  })
})

describe('a provider’s list of models', () => {
  let server: Server
  afterEach(() => void server.close())

  it('tells days where it has some, and nothing else', async () => {
    const data = [
      { id: 'gpt-4o', shutdown_date: '2027-01-14' },
      { id: 'gpt-6', shutdown_date: null },
      { id: 'odd', shutdown_date: 'soon' },
      { id: 'plain' },
    ]
    server = createServer((_, response) => response.end(JSON.stringify({ object: 'list', data })))
    const list = {
      name: 'OpenAI',
      url: `http://127.0.0.1:${await listen(server)}/v1`,
      setBy: 'OPENAI_BASE_URL',
    } as const
    const found = await listedRetirements('openai', list, 'models')
    expect(found).toEqual([
      { provider: 'openai', model: 'gpt-4o', date: '2027-01-14', replacement: undefined, source: `${list.url}/models` },
    ])
  })
})

describe('a notice', () => {
  const spend = (model: string, calls = 5, unpriced = 0, service = 'shop') => ({
    labels: { service, provider: 'openai', model },
    usd: 1,
    calls,
    unpriced,
  })
  const config = { ...defaultCosts, retirements: [own('a', '2026-12-01'), own('b', '2026-12-20'), own('c', '2027-02-20'), own('d', '2027-06-01')] } // biome-ignore format: one line

  it('is of the nearest day of notice that was reached, for models that are called', () => {
    const inUse = retiringIn(
      [spend('a'), spend('b', 0, 3), spend('c'), spend('d'), spend('b', 0), spend('unknown')],
      retirementsBy(config),
      now,
    )
    expect(noticesOf(inUse, [90, 30, 7]).map(({ model, threshold }) => [model, threshold])).toEqual([
      ['a', 0],
      ['b', 30],
      ['c', 90],
    ])
    expect(noticesOf(inUse, [])).toEqual([])
  })

  it('is an alert with its urgency, in both languages, under a name of its own for each step', () => {
    const inUse = retiringIn([spend('a'), spend('b'), spend('c')], retirementsBy(config), now)
    const alerts = noticesOf(inUse, [90, 30, 7]).map(one =>
      retirementAlert(one, { receiver: 'http://a/', language: 'en' }),
    )
    expect(alerts.map(({ labels }) => [labels.severity, labels.period, labels.threshold])).toEqual([
      ['high', 'openai/a 2026-12-01', '0'],
      ['medium', 'openai/b 2026-12-20', '30'],
      ['low', 'openai/c 2027-02-20', '90'],
    ])
    expect(alerts[0]!.annotations.summary).toBe('openai ended a on 2026-12-01; shop called it 5 times in the last day.')
    expect(alerts[1]!.annotations.summary).toContain('ends b on 2026-12-20, in 18 days')
    const [japanese] = noticesOf(inUse, [30]).map(one => retirementAlert(one, { receiver: 'http://a', language: 'ja' }))
    expect(japanese!.annotations.summary).toContain('終了しました')
  })

  it('is a gauge for each model once, in seconds', () => {
    const inUse = retiringIn([spend('b'), spend('b', 5, 0, 'mail')], retirementsBy(config), now)
    expect(retirementGauges(inUse)).toEqual([
      {
        name: 'afn.llm.model.retirement',
        unit: 's',
        value: 18 * 86_400,
        attributes: { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'b' },
      },
    ])
  })
})
