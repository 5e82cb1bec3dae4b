// The section budget_config of monitoring-config.json: what it means, and that each broken file is refused where it is broken.
import { readFileSync } from 'node:fs'
import Ajv from 'ajv/dist/2020'
import { describe, expect, it } from 'vitest'
import { defaultCosts, readCosts } from '../../../src/operations/cost/config'
import schema from '../../../src/shared/config/monitoring-config.schema.json'

const budgets = (...more: object[]) => ({
  budget_config: { budgets: more.map(one => ({ name: 'all', period: 'month', amount: 100, ...one })) },
})
const text = (value: object) => JSON.stringify(value, undefined, 2)

/** The file with a place marked by `→`, which is taken out: where the mistake is, and its sentence. */
function broken(marked: string): { at: string; found: string[]; messages: string } {
  const before = marked.slice(0, marked.indexOf('→'))
  const line = before.split('\n').length
  const column = before.length - before.lastIndexOf('\n')
  const { config, mistakes } = readCosts(marked.replace('→', ''))
  expect(config).toBeUndefined()
  return {
    at: `${line}:${column}`,
    found: mistakes.map(one => `${one.line}:${one.column}`),
    messages: mistakes.map(({ message }) => message).join('\n'),
  }
}

const inBudget = (fields: string) => `{
  "budget_config": {
    "budgets": [{ "name": "all", "period": "month", "amount": 100 },
      { ${fields} }]
  }
}`
const inSection = (fields: string) => `{
  "budget_config": {
    ${fields},
    "budgets": [{ "name": "all", "period": "month", "amount": 100 }]
  }
}`

describe('a file', () => {
  it('without the section has no budget, and counts in USD and UTC', () => {
    expect(readCosts('{}').config).toEqual(defaultCosts)
    // mistakes of boards are for `afn-otel dashboards` to say
    expect(readCosts('{ "dashboard_config": { "boards": [] } }').config).toEqual(defaultCosts)
  })

  it('says what it leaves out: thresholds of 50, 80 and 100 %, a forecast, and all calls', () => {
    const { config, mistakes } = readCosts(text(budgets({})))
    expect(mistakes).toEqual([])
    expect(config?.budgets).toEqual([
      { name: 'all', period: 'month', amount: 100, scope: {}, thresholds: [50, 80, 100], forecast: true },
    ])
  })

  it('may be YAML or JSON with comments, and say everything', () => {
    const { config, mistakes } = readCosts(`
# what the team may spend
budget_config:
  time_zone: Asia/Tokyo
  currency: JPY
  exchange_rates:
    - { from: "2026-10-01", per_usd: 148.5 }
    - { from: "2026-11-01", per_usd: 151.2 }
  feature_attribute: span.app.feature
  price_table_max_age: 120
  credits: [{ date: "2026-11-03", amount: 5000, provider: openai }]
  retirement_notice: [60, 14]
  retirements: [{ provider: aws.bedrock, model: m, date: "2027-02-28", replacement: n }]
  budgets:
    - name: support
      period: day
      amount: 8000
      thresholds: [25, 120.5, 200]
      forecast: false
      scope: { service: chat, model: [gpt-5, gpt-5-mini], feature: support, user: "[EMAIL:0123456789abcdef]", provider: openai }
`)
    expect(mistakes).toEqual([])
    expect(config).toEqual({
      timeZone: 'Asia/Tokyo',
      currency: 'JPY',
      rates: [
        { from: '2026-10-01', perUsd: 148.5 },
        { from: '2026-11-01', perUsd: 151.2 },
      ],
      featureAttribute: 'span.app.feature',
      priceTableMaxAge: 120,
      credits: [{ date: '2026-11-03', amount: 5000, provider: 'openai' }],
      retirementNotice: [60, 14],
      retirements: [
        { provider: 'aws.bedrock', model: 'm', date: '2027-02-28', replacement: 'n', source: 'monitoring-config.json' },
      ],
      budgets: [
        {
          name: 'support',
          period: 'day',
          amount: 8000,
          thresholds: [25, 120.5, 200],
          forecast: false,
          scope: {
            service: ['chat'],
            model: ['gpt-5', 'gpt-5-mini'],
            feature: ['support'],
            user: ['[EMAIL:0123456789abcdef]'],
            provider: ['openai'],
          },
        },
      ],
    })
  })

  it('of the documentation is right', () => {
    const page = readFileSync('docs/cost.md', 'utf8')
    const examples = [...page.matchAll(/```json[c]?\n([\s\S]*?)```/g)].map(([, code]) => code!)
    const ours = examples.filter(code => code.includes('budget_config'))
    expect(ours.length).toBeGreaterThan(0)
    for (const code of ours) expect(readCosts(code).mistakes).toEqual([])
  })

  it("has a schema that JSON Schema's own schema of 2020-12 accepts", () => {
    expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true)
  })
})

describe('a budget is refused', () => {
  it.each([
    ['with a negative amount', '"name": "b", "period": "day", "amount": →-5', 'above 0'],
    ['with an amount of 0', '"name": "b", "period": "day", "amount": →0', 'above 0'],
    ['with an amount in words', '"name": "b", "period": "day", "amount": →"100 USD"', 'a number'],
    ['for a fortnight', '"name": "b", "period": →"fortnight", "amount": 5', 'day, week, month'],
    ['for a period in capitals', '"name": "b", "period": →"Month", "amount": 5', 'did you mean "month"'],
    ['without a period', '→"name": "b", "amount": 5', 'has no "period"'],
    ['with the name of another one', '"name": →"ALL", "period": "day", "amount": 5', 'rename one'],
    ['with a name that no label takes', '"name": →"my budget!", "period": "day", "amount": 5', 'support-chat'],
    [
      'with a misspelt key',
      '"name": "b", "period": "day", "amount": 5, →"treshold": [50]',
      'did you mean "thresholds"',
    ],
    ['with thresholds in disorder', '"name": "b", "period": "day", "amount": 5, "thresholds": [80, →50]', '[50, 80]'],
    [
      'with a threshold that stands twice',
      '"name": "b", "period": "day", "amount": 5, "thresholds": [50, →50]',
      'appears twice',
    ],
    ['with a threshold above 200', '"name": "b", "period": "day", "amount": 5, "thresholds": [→201]', '200 at most'],
    ['with a threshold of 0', '"name": "b", "period": "day", "amount": 5, "thresholds": [→0]', 'above 0'],
    [
      'with a threshold in words',
      '"name": "b", "period": "day", "amount": 5, "thresholds": [→"80%"]',
      'percent of the amount',
    ],
    ['without a threshold in the list', '"name": "b", "period": "day", "amount": 5, "thresholds": →[]', '1 at least'],
    [
      'by what calls have not',
      '"name": "b", "period": "day", "amount": 5, "scope": { →"tenant": "a" }',
      'does not know "tenant"',
    ],
    ['with an empty scope', '"name": "b", "period": "day", "amount": 5, "scope": →{}', 'scope'],
    [
      'with a scope of no service',
      '"name": "b", "period": "day", "amount": 5, "scope": { "service": →[] }',
      'a list of names',
    ],
    [
      'with a name twice in a scope',
      '"name": "b", "period": "day", "amount": 5, "scope": { "model": →["a", "a"] }',
      'appears twice',
    ],
    [
      'with the address of a person',
      '"name": "b", "period": "day", "amount": 5, "scope": { "user": →"a@example.com" }',
      'afn-otel pseudonym',
    ],
    ['with a forecast in words', '"name": "b", "period": "day", "amount": 5, "forecast": →"yes"', 'true or false'],
  ])('%s', (_, fields, words) => {
    const braceBefore = fields.startsWith('→')
    const { at, found, messages } = broken(
      braceBefore ? inBudget(fields.slice(1)).replace('{ "name": "b"', '→{ "name": "b"') : inBudget(fields),
    )
    expect(found).toContain(at)
    expect(messages).toContain(words)
  })
})

describe('the section is refused', () => {
  it.each([
    ['in an unknown currency', '"currency": →"EURO"', 'ISO 4217'],
    [
      'in a currency that is near one',
      '"currency": →"JPX", "exchange_rates": [{ "from": "2026-11-01", "per_usd": 1 }]',
      'did you mean "',
    ],
    ['in a currency without a rate', '"currency": →"JPY"', '"exchange_rates": [{'],
    ['in USD with a rate', '"exchange_rates": →[{ "from": "2026-11-01", "per_usd": 1 }]', 'remove this'],
    ['with a rate of 0', '"currency": "JPY", "exchange_rates": [{ "from": "2026-11-01", "per_usd": →0 }]', 'above 0'],
    [
      'with rates in disorder',
      '"currency": "JPY", "exchange_rates": [{ "from": "2026-11-01", "per_usd": 1 }, { "from": →"2026-10-01", "per_usd": 1 }]',
      'oldest first',
    ],
    [
      'with two rates of a day',
      '"currency": "JPY", "exchange_rates": [{ "from": "2026-11-01", "per_usd": 1 }, { "from": →"2026-11-01", "per_usd": 2 }]',
      'another rate',
    ],
    [
      'with a day that does not exist',
      '"currency": "JPY", "exchange_rates": [{ "from": →"2026-02-30", "per_usd": 1 }]',
      'no such date',
    ],
    ['with a day in another order', '"credits": [{ "date": →"1.11.2026", "amount": 5 }]', 'a day, such as'],
    ['with a credit below 0', '"credits": [{ "date": "2026-11-01", "amount": →-5 }]', 'above 0'],
    ['with an unknown time zone', '"time_zone": →"Asia/Tokio"', 'did you mean "Asia/Tokyo"'],
    ['with an offset as a time zone', '"time_zone": →"+09:00"', 'IANA'],
    ['with a feature that is no attribute', '"feature_attribute": →"feature"', 'as TraceQL writes it'],
    ['with a price table that may never age', '"price_table_max_age": →0', '1 or more'],
  ])('%s', (_, fields, words) => {
    const { at, found, messages } = broken(inSection(fields))
    expect(found).toContain(at)
    expect(messages).toContain(words)
  })

  it('without budgets, and with all mistakes at once', () => {
    const { mistakes } = readCosts('{\n  "budget_config": { "time_zone": "Mars/Base" },\n  "budgets": []\n}')
    expect(mistakes.map(({ line }) => line)).toEqual([2, 2, 3])
    expect(mistakes.map(({ message }) => message).join('\n')).toContain('did you mean "budget_config"')
  })

  it('where it is no JSON', () => {
    const { mistakes } = readCosts('{ "budget_config": { "budgets": [ }')
    expect(mistakes.length).toBeGreaterThan(0)
    expect(readCosts('').mistakes).toHaveLength(1)
  })
})
