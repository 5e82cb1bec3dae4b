// Invoices of OpenAI and Anthropic in the forms in which they come: the columns and fields are those of exports and of answers of their APIs
// as people have published them, the amounts are made up here.
import { describe, expect, it } from 'vitest'
import { compare, modelKey } from '../../../src/operations/cost/invoice/compare'
import { InvoiceError } from '../../../src/operations/cost/invoice/invoice'
import { openaiModel } from '../../../src/operations/cost/invoice/openai'
import { readInvoice } from '../../../src/operations/cost/invoice/read'
import type { Spend } from '../../../src/operations/cost/spend'

const openaiCsv = (...lines: [day: string, amount: string, item: string][]) =>
  [
    'start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,organization_id,organization_name',
    ...lines.map(([day, amount, item]) => {
      const start = Date.parse(day) / 1_000
      const quoted = item.includes(',') ? `"${item}"` : item
      return `${start},${start + 86_400},${day}T00:00:00+00:00,${day}T00:00:00+00:00,${amount},${amount ? 'usd' : ''},${quoted},,org-1,Personal`
    }),
  ].join('\r\n')

const anthropicCsv = (...lines: [day: string, model: string, type: string, usd: string][]) =>
  [
    'usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed,api_key_id,api_key_status',
    ...lines.map(
      ([day, model, type, usd]) =>
        `${day},${model},Default,"key, one",message,≤ 200k,${type},${usd},${usd},token,global,,apikey_1,active`,
    ),
    '',
  ].join('\n')

describe('an invoice of OpenAI', () => {
  it('is read from the export of its dashboard, days without costs left out', () => {
    const { provider, lines, rounding } = readInvoice(
      `\uFEFF${openaiCsv(
        ['2026-11-01', '0.8958740000000000', 'gpt-4o-2024-08-06, input'],
        ['2026-11-01', '1.25', 'priority | gpt-5.6, output, long context'],
        ['2026-11-02', '', ''],
        ['2026-11-03', '0.1', 'web search tool calls'],
        ['2026-11-03', '-5', 'Credit'],
      )}`,
    )
    expect({ provider, rounding }).toEqual({ provider: 'openai', rounding: 0 })
    expect(lines).toEqual([
      { date: '2026-11-01', model: 'gpt-4o-2024-08-06', item: 'gpt-4o-2024-08-06, input', usd: 0.895874 },
      { date: '2026-11-01', model: 'gpt-5.6', item: 'priority | gpt-5.6, output, long context', usd: 1.25 },
      { date: '2026-11-03', model: undefined, item: 'web search tool calls', usd: 0.1 },
      { date: '2026-11-03', model: undefined, item: 'Credit', usd: -5 },
    ])
  })

  it('is read from tab-separated text, as people paste it', () => {
    const tabs = openaiCsv(['2026-11-01', '2', 'gpt-4o']).replaceAll(',', '\t')
    expect(readInvoice(tabs).lines).toEqual([{ date: '2026-11-01', model: undefined, item: 'gpt-4o', usd: 2 }])
  })

  it('is read from answers of its API, all pages in a list', () => {
    const page = (start_time: number, has_more: boolean, value: number | string) => ({
      object: 'page',
      has_more,
      next_page: has_more ? 'page_2' : null,
      data: [
        {
          object: 'bucket',
          start_time,
          end_time: start_time + 86_400,
          results: [
            {
              object: 'organization.costs.result',
              amount: { value, currency: 'usd' },
              line_item: 'gpt-5-mini-2025-08-07, cached input',
              project_id: null,
            },
          ],
        },
      ],
    })
    const first = page(1_793_491_200, true, 0.06)
    expect(readInvoice(JSON.stringify([first, page(1_793_577_600, false, '0.07')])).lines).toMatchObject([
      { date: '2026-11-01', model: 'gpt-5-mini-2025-08-07', usd: 0.06 },
      { date: '2026-11-02', model: 'gpt-5-mini-2025-08-07', usd: 0.07 },
    ])
    expect(() => readInvoice(JSON.stringify(first))).toThrow(/more pages.*next_page/)
  })

  it.each([
    ['gpt-4o-mini-2024-07-18, cached input', 'gpt-4o-mini-2024-07-18'],
    ['gpt-audio-mini-2025-12-15 audio, input', 'gpt-audio-mini-2025-12-15'],
    ['gpt-image-2.5-sunburst text, cached input', 'gpt-image-2.5-sunburst'],
    ['ft-gpt-4o-2024-08-06, output', 'ft-gpt-4o-2024-08-06'],
    ['batch | gpt-5, input', 'gpt-5'],
    ['web search tool calls', undefined],
    ['Vector storage', undefined],
  ])('names the model of "%s"', (item, model) => {
    expect(openaiModel(item)).toBe(model)
  })
})

describe('an invoice of Anthropic', () => {
  it('is read from the export of its console, whose amounts are rounded to cents', () => {
    const { provider, lines, rounding } = readInvoice(
      anthropicCsv(
        ['2026-11-01', 'Claude Haiku 4.5', 'input_no_cache', '0.19'],
        ['2026-11-01', 'Claude Haiku 4.5', 'output', '0.00'],
      ),
    )
    expect({ provider, rounding }).toEqual({ provider: 'anthropic', rounding: 0.005 })
    expect(lines).toEqual([
      { date: '2026-11-01', model: 'Claude Haiku 4.5', item: 'Claude Haiku 4.5, message, input_no_cache', usd: 0.19 },
      { date: '2026-11-01', model: 'Claude Haiku 4.5', item: 'Claude Haiku 4.5, message, output', usd: 0 },
    ])
  })

  it('is read from answers of its API, which count in cents', () => {
    const report = {
      data: [
        {
          starting_at: '2026-11-01T00:00:00Z',
          ending_at: '2026-11-02T00:00:00Z',
          results: [
            {
              amount: '123.45',
              currency: 'USD',
              cost_type: 'tokens',
              model: 'claude-opus-5',
              description: 'Claude Opus 5 Usage',
            },
            { amount: '1000', currency: 'USD', cost_type: 'web_search', model: null, description: 'Web Search Usage' },
          ],
        },
      ],
      has_more: false,
      next_page: null,
    }
    expect(readInvoice(JSON.stringify(report)).lines).toEqual([
      { date: '2026-11-01', model: 'claude-opus-5', item: 'Claude Opus 5 Usage', usd: 1.2345 },
      { date: '2026-11-01', model: undefined, item: 'Web Search Usage', usd: 10 },
    ])
  })
})

describe('a file is refused, with what would be right', () => {
  it.each([
    [
      'an export of usage of OpenAI',
      'start_time,project_id,num_model_requests,model\n1,p,3,gpt-5',
      /token counts.*export the costs/,
    ],
    [
      'an export of usage of Anthropic',
      'usage_date_utc,model_version,usage_input_tokens_no_cache\n2026-11-01,a,1',
      /token counts/,
    ],
    ['another table', 'a,b\n1,2', /no invoice columns.*organization\/costs.*cost_report/],
    ['another JSON', '{"hello": 1}', /unknown invoice format/],
    ['a list of nothing useful', '[null, 3]', /unknown invoice format/],
    ['half a JSON', '{"data": [', /not valid JSON/],
    ['an empty file', '', /no invoice columns/],
    ['another currency', openaiCsv(['2026-11-01', '1', 'a']).replace(',usd,', ',eur,'), /line 2: .*USD only.*EUR/],
    ['an amount in words', openaiCsv(['2026-11-01', 'one', 'a']), /line 2: amount_value must be a number, not "one"/],
    ['a day in words', anthropicCsv(['yesterday', 'm', 'output', '1']), /line 2: usage_date_utc must be a day/],
    ['a day that is none', anthropicCsv(['2026-02-30', 'm', 'output', '1']), /line 2: usage_date_utc must be a day/],
  ])('%s', (_, file, message) => {
    expect(() => readInvoice(file)).toThrow(message)
    expect(() => readInvoice(file)).toThrow(InvoiceError)
  })
})

describe('models are the same', () => {
  it.each([
    ['Claude Sonnet 4.5', 'claude-sonnet-4-5-20250929'],
    ['Claude Opus 5', 'claude-opus-5'],
    ['Claude Haiku 3.5', 'claude-3-5-haiku-20241022'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['gpt-3.5-turbo-0125', 'gpt-3.5-turbo'],
    ['claude-3-7-sonnet-latest', 'Claude Sonnet 3.7'],
  ])('%s and %s', (invoiced, requested) => {
    expect(modelKey(invoiced)).toBe(modelKey(requested))
  })

  it('only where they are', () => {
    const names = [
      'gpt-4o',
      'gpt-4o-mini',
      'gpt-4.1',
      'gpt-5',
      'gpt-5-mini',
      'Claude Sonnet 4.5',
      'Claude Sonnet 4',
      'Claude Opus 4',
    ]
    expect(new Set(names.map(modelKey)).size).toBe(names.length)
  })
})

describe('a comparison', () => {
  const spend = (model: string, usd: number, unpriced = 0): Spend => ({ labels: { model }, usd, calls: 9, unpriced })

  it('names each difference by model and day, and what may have led to it', () => {
    const invoice = readInvoice(
      openaiCsv(
        ['2026-11-01', '2', 'gpt-4o-2024-08-06, input'],
        ['2026-11-01', '1', 'gpt-4o-2024-08-06, output'],
        ['2026-11-01', '4', 'gpt-5, input'],
        ['2026-11-01', '7', 'o9-secret, input'],
        ['2026-11-02', '5', 'gpt-5, input'],
        ['2026-11-02', '0.5', 'web search tool calls'],
        ['2026-11-02', '-3', 'Credit'],
      ),
    )
    const { differences, credits, invoiced, counted } = compare(
      invoice,
      new Map([
        ['2026-11-01', [spend('gpt-4o', 3), spend('gpt-5', 3, 12), spend('gpt-5-mini', 0.25)]],
        ['2026-11-02', [spend('gpt-5', 6)]],
      ]),
    )
    expect({ credits, invoiced, counted }).toEqual({ credits: -3, invoiced: 19.5, counted: 12.25 })
    const shown = differences.map(one => [
      one.date.slice(-2),
      one.model,
      one.invoiced - one.counted,
      one.why ?? 'equal',
    ])
    expect(shown).toEqual([
      ['01', 'o9-secret', 7, expect.stringContaining('not recorded')],
      ['01', 'gpt-5', 1, expect.stringContaining('12 calls have no price')],
      ['01', 'gpt-4o-2024-08-06', 0, 'equal'],
      ['01', 'gpt-5-mini', -0.25, expect.stringContaining('not billed here')],
      ['02', 'gpt-5', -1, expect.stringContaining('billed less')],
      ['02', undefined, 0.5, expect.stringContaining('not model usage')],
    ])
  })

  it('takes no rounding for a difference', () => {
    const invoice = readInvoice(
      anthropicCsv(
        ['2026-11-01', 'Claude Opus 5', 'output', '0.01'],
        ['2026-11-01', 'Claude Opus 5', 'input_no_cache', '0.00'],
      ),
    )
    const [one] = compare(invoice, new Map([['2026-11-01', [spend('claude-opus-5', 0.0199)]]])).differences
    expect(one).toMatchObject({ rounding: 0.01, why: undefined })
  })

  it('goes by days alone where the invoice has no models', () => {
    const invoice = readInvoice(openaiCsv(['2026-11-01', '4', '']))
    const { differences } = compare(invoice, new Map([['2026-11-01', [spend('a', 1), spend('b', 3)]]]))
    expect(differences).toMatchObject([{ model: undefined, invoiced: 4, counted: 4, why: undefined }])
  })
})

it.each([
  ['a time beyond all calendars', { data: [{ start_time: 1e300, results: [{ amount: { value: 1 } }] }] }],
  ['no list of results', { data: [{ start_time: 1_700_000_000, results: null }] }],
  ['no amount', { data: [{ start_time: 1_700_000_000, results: [{ amount: { value: 'much' } }] }] }],
  ['no day', { data: [{ starting_at: 'then', results: [{ amount: '1' }] }] }],
  ['an empty bucket', { data: [null] }],
])('an answer of an API with %s ended in an error of JavaScript', (_, page) => {
  expect(() => readInvoice(JSON.stringify(page))).toThrow(InvoiceError)
})
