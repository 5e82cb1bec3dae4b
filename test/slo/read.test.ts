import { readFileSync } from 'node:fs'
import Ajv from 'ajv/dist/2020'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { writtenFiles } from '../../src/monitoring/slo/output-files'
import { readSlos } from '../../src/monitoring/slo/read'
import { ruleFiles } from '../../src/monitoring/slo/rule-files'
import { oddFiles } from './odd'

const events = (errors: string, total: string) =>
  `{ events: { error_query: ${JSON.stringify(errors)}, total_query: ${JSON.stringify(total)} } }`
const good = events('sum(rate(bad[{{.window}}]))', 'sum(rate(all[{{.window}}]))')

/** The file with these lines of SLOs, each from line 4 on. */
const file = (...slos: string[]) =>
  ['version: prometheus/v1', 'service: shop', 'slos:', ...slos.map(slo => `  - ${slo}`)].join('\n')
const slo = (rest: Record<string, string>) =>
  `{ ${Object.entries({ name: 'one', objective: '99.9', sli: good, ...rest })
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`
const said = (text: string) =>
  readSlos(text).mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('the file of SLOs', () => {
  it('the defaults have no mistake, with a service and without one', () => {
    for (const text of [defaultSloFile(), defaultSloFile('shop')]) {
      const { slos, mistakes } = readSlos(text)
      expect(mistakes).toEqual([])
      expect(slos.map(({ name, objective, period }) => [name, objective, period])).toEqual([
        ['availability', 99.9, '30d'],
        ['latency-p95', 95, '30d'],
        ['http-errors', 99, '30d'],
        ['llm-errors', 99, '30d'],
        ['llm-quality', 80, '7d'],
      ])
    }
  })

  it.each([
    ['100', '100'],
    ['0', '0'],
    ['101', '101'],
    ['"99,9"', '"99,9"'],
    ['99,9', '"99,9"'],
    ['.nan', 'nothing'],
  ])('an objective of %s is refused', (written, shown) => {
    const text =
      written.includes(',') && !written.startsWith('"')
        ? file(`name: one\n    objective: ${written}\n    sli: ${good}`)
        : file(slo({ objective: written }))
    const [message, ...more] = said(text)
    expect(more).toEqual([])
    expect(message).toMatch(/^[45]:\d+ slos\[0\]\.objective takes a percentage above 0 and below 100, with a point/)
    if (shown !== 'nothing') expect(message).toContain(`not ${shown}`)
  })

  it.each([
    ['a period that has no table', slo({ period: '29d' }), '4:', 'takes 30d, 28d, 7d, not "29d"; did you mean "28d"?'],
    [
      'a query without the window',
      slo({ sli: events('sum(rate(bad[5m]))', 'sum(rate(all[{{.window}}]))') }),
      '4:',
      'error_query has no {{.window}}',
    ],
    [
      'a query with another template',
      slo({ sli: events('sum(rate(bad[{{.window}}])) {{ .evil }}', 'sum(rate(all[{{.window}}]))') }),
      '4:',
      'error_query has {{ .evil }}; {{.window}} is all that is replaced',
    ],
    [
      'a query that is no PromQL',
      slo({ sli: events('sum(rate(bad[{{.window}}])', 'sum(rate(all[{{.window}}]))') }),
      '4:',
      'error_query is no query of Prometheus: something is missing',
    ],
    [
      'queries that are grouped by other labels',
      slo({ sli: events('sum by (code) (rate(bad[{{.window}}]))', 'sum(rate(all[{{.window}}]))') }),
      '4:',
      'error_query is grouped by (code) and total_query by (), so none would be divided by the other',
    ],
    [
      'a template that is not closed',
      slo({ alerting: '{ page_alert: { annotations: { note: "of {{ $labels.x" } } }' }),
      '4:',
      'note is no template of Prometheus: "{{ $labels.x" has no }}',
    ],
    [
      'two queries that are the same',
      slo({ sli: events('sum(rate(all[{{.window}}]))', 'sum(rate(all[{{.window}}]))') }),
      '4:',
      'are the same',
    ],
    ['a template in the name', slo({ name: '"{{ $labels.x }}"' }), '4:', 'takes up to 100 letters, digits'],
    [
      'a template in the name of the alert',
      slo({ alerting: '{ name: "{{ $value }}" }' }),
      '4:',
      'takes a name such as Checkout',
    ],
    ['a line break in the name', slo({ name: '"a\\nb"' }), '4:', 'takes up to 100 letters, digits'],
    ['a label that Prometheus keeps', slo({ labels: '{ __name__: x }' }), '4:', `can't have the key "__name__"`],
    [
      'a label that says of which SLO a series is',
      slo({ labels: '{ sloth_id: x }' }),
      '4:',
      `can't have the key "sloth_id"`,
    ],
    ["Sloth's plugins", slo({ plugins: '{ chain: [] }' }), '4:', "Sloth's plugins are Go code"],
    ["Sloth's SLI plugins", slo({ sli: '{ plugin: { id: x } }' }), '4:', 'write the queries that the plugin makes'],
    [
      'two SLIs',
      slo({ sli: '{ evaluation: {}, raw: { error_ratio_query: "x[{{.window}}]" } }' }),
      '4:',
      'takes exactly one of events',
    ],
    ['an unknown key', slo({ objectiv: '1' }), '4:', 'does not know "objectiv"; did you mean "objective"?'],
    [
      'a latency without a unit',
      slo({ sli: '{ latency: { metric: a, threshold: 2 sec } }' }),
      '4:',
      'takes a duration, such as 2s',
    ],
    [
      'an expression that is none',
      slo({ sli: '{ ratio: { metric: a, bad: [{ b: { regex: "(" } }] } }' }),
      '4:',
      'is no regular expression',
    ],
    [
      'an expression that RE2 has not',
      slo({ sli: '{ ratio: { metric: a, bad: [{ b: { regex: "(?!x)" } }] } }' }),
      '4:',
      'is no regular expression',
    ],
    [
      'good and bad at once',
      slo({ sli: '{ ratio: { metric: a, bad: [{ b: c }], good: [{ b: d }] } }' }),
      '4:',
      'either bad or good',
    ],
    [
      'an exclusion that ends before it starts',
      slo({ exclude: '[{ start: 2026-12-02T00:00:00Z, end: 2026-12-01T00:00:00Z }]' }),
      '4:',
      '"end" is not after "start"',
    ],
    [
      'a day that no calendar has',
      slo({ exclude: '[{ start: 2026-13-01T00:00:00Z, end: 2027-12-01T00:00:00Z }]' }),
      '4:',
      'is no time that a calendar has',
    ],
    [
      'a tier that can never fire and that the file wants',
      slo({ objective: '80', period: '7d', severities: '{ fast_burn: critical }' }),
      '4:',
      '13.44 × 20 % = 268.8 %',
    ],
  ])('%s is refused, with the place and what would be right', (_, one, place, message) => {
    const all = said(file(one))
    expect(all).toHaveLength(1)
    expect(all[0]).toContain(message)
    expect(all[0]?.startsWith(place)).toBe(true)
  })

  it('every mistake is found at once, and the SLOs without one are read', () => {
    const text = file(
      slo({ name: 'right' }),
      slo({ name: 'right' }),
      slo({ name: 'late', period: '29d' }),
      slo({ name: 'fine' }),
      slo({ name: 'over', objective: '101' }),
    )
    const { slos, mistakes } = readSlos(text)
    expect(mistakes.map(({ line }) => line)).toEqual([5, 6, 8])
    expect(mistakes[0]?.message).toContain('rename one of them')
    expect(slos.map(({ name }) => name)).toEqual(['right', 'fine'])
  })

  it('of one SLO, mistakes of every kind are found at once', () => {
    const text = `version: prometheus/v1
service: shop
slos:
  - { name: one, objective: 99, sli: ${good} }
  - name: one
    objective: 99,9
    sli: { events: { error_query: 'sum(rate(a[5m]))', total_query: 'sum(rate(b[{{.window}}])' } }
    alerting: { annotations: { summary: '{{ .Nothing' } }
`
    const { slos, mistakes } = readSlos(text)
    expect(slos.map(({ name }) => name)).toEqual(['one'])
    expect(mistakes.map(({ line }) => line)).toEqual([5, 6, 7, 7, 8])
  })

  it('two services whose names make the same identifier are refused, in different documents too', () => {
    const text = `${file(slo({ name: 'b-c' }))}\n---\n${file(slo({ name: 'c' })).replace('service: shop', 'service: shop-b')}`
    const { slos, mistakes } = readSlos(text)
    expect(slos.map(({ id }) => id)).toEqual(['shop-b-c'])
    expect(mistakes.map(({ line, message }) => [line, message.includes('"shop-b-c"')])).toEqual([[9, true]])
  })

  it('a document may have directives before its mark, stand behind it, and end by dots, as in YAML', () => {
    const text = `%YAML 1.2\n--- # the shop\n${file(slo({}))}\n...\n--- { version: prometheus/v1, service: a, slos: [${slo({ objective: '"high"' })}] }\n`
    const objectives = parseAllDocuments(text).map(document => document.toJS().slos[0].objective)
    expect(objectives).toEqual([99.9, 'high'])
    const { slos, mistakes } = readSlos(text)
    expect(slos.map(({ id }) => id)).toEqual(['shop-one'])
    expect(mistakes.map(({ line, column }) => `${line}:${column}`)).toEqual([
      `8:${text.split('\n')[7]!.indexOf('"high"') + 1}`,
    ])
  })

  it('what several SLOs share may be written once, and a mistake in it is one of each', () => {
    const shared = (objective: string) => `
version: prometheus/v1
service: shop
slos:
  - &base { name: one, objective: ${objective}, sli: &sli ${good} }
  - { <<: *base, name: two, sli: *sli }
  - { name: three, objective: 99, sli: *sli }
`
    expect(readSlos(shared('99.9')).slos.map(({ name, objective }) => [name, objective])).toEqual([
      ['one', 99.9],
      ['two', 99.9],
      ['three', 99],
    ])
    expect(readSlos(shared('101')).slos.map(({ name }) => name)).toEqual(['three'])
    expect(readSlos(shared('99.9').replace('[{{.window}}]', '[5m]')).slos).toEqual([])
  })

  it('a YAML bomb is refused before it unfolds', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]`),
    ]
    const [message] = said(`${bomb.join('\n')}\n${file(slo({}))}`)
    expect(message).toContain('refers to itself more than 100 times')
  })

  it('a mistake in what all SLOs share leaves none of them', () => {
    const { slos, mistakes } = readSlos(file(slo({})).replace('service: shop', 'service: "{{ x }}"'))
    expect(slos).toEqual([])
    expect(mistakes.map(({ line, column }) => [line, column])).toEqual([[2, 10]])
  })

  it('a thousand SLOs take as many steps as they are, not as many squared', () => {
    const many = (count: number) => file(...Array.from({ length: count }, (_, at) => slo({ name: `slo-${at}` })))
    const text = many(1_000)
    const { slos, mistakes } = readSlos(text)
    expect([slos.length, mistakes.length]).toEqual([1_000, 0])
    // as many mistakes as SLOs, each at its own line
    const wrong = readSlos(text.replaceAll('99.9', '199.9'))
    expect(new Set(wrong.mistakes.map(({ line }) => line)).size).toBe(1_000)
  })
})

describe('many SLOs', () => {
  it('make as much text each as one alone, in two files each', () => {
    const made = (count: number) => {
      const slos = Array.from({ length: count }, (_, at) => slo({ name: `slo-${at + 1_000}` }))
      return writtenFiles(ruleFiles(readSlos(file(...slos)).slos, { days: 32 }).made, 'of a test')
    }
    const size = (count: number) => made(count).reduce((sum, { content }) => sum + content.length, 0) / count
    expect(made(200)).toHaveLength(400)
    expect(size(200)).toBe(size(1))
  })
})

describe('what a file leaves out', () => {
  const first = (one: string) => readSlos(file(one)).slos[0]!

  it('conditions of a structured SLI are those of its service, unless it names another', () => {
    const where = (one: string) => (first(one).sli as { where: unknown }).where
    expect(where(slo({ sli: '{ latency: { metric: a, threshold: 2s } }' }))).toEqual([
      { attribute: 'service.name', operator: '=', value: 'shop' },
    ])
    expect(
      where(slo({ sli: '{ latency: { metric: a, threshold: 2s, where: { service.name: { not: x } } } }' })),
    ).toEqual([{ attribute: 'service.name', operator: '!=', value: 'x' }])
  })

  it('without its pages and tickets an SLO has no alert at all', () => {
    const disabled = 'page_alert: { disable: true }, ticket_alert: { disable: true }'
    const rules = ruleFiles([first(slo({ alerting: `{ ${disabled} }` }))], { days: 32 }).made[0]?.files ?? []
    expect(rules.flatMap(({ groups }) => groups).filter(({ name }) => name.includes('alerts'))).toEqual([])
    const absent = first(slo({ alerting: `{ ${disabled} }`, severities: '{ metric_absent: low }' }))
    expect(absent.alerts.severities).toMatchObject({ metric_absent: 'low', data_invalid: 'off' })
  })

  it('a label may be a number or a switch, as in Sloth', () => {
    expect(first(slo({ labels: '{ tier: 1, generated: true, edge: 0.20 }' })).labels).toEqual({
      tier: '1',
      generated: 'true',
      edge: '0.2',
    })
  })

  it.each([
    ['2s', 's', 2],
    ['500ms', 's', 0.5],
    ['2s', 'ms', 2_000],
    ['0.3', 's', 0.3],
    ['1.5m', 'min', 1.5],
  ])('a threshold of %s in %s is %f', (threshold, unit, value) => {
    expect(first(slo({ sli: `{ latency: { metric: a, threshold: ${threshold}, unit: ${unit} } }` })).sli).toMatchObject(
      { threshold: value },
    )
  })

  it('an alert has the name of its SLO, and the severity of each tier stays ours', () => {
    const { slos, notes } = readSlos(
      file(slo({ name: 'checkout-latency.p95', alerting: '{ page_alert: { labels: { severity: page, team: a } } }' })),
    )
    expect(slos[0]?.alerts).toMatchObject({
      name: 'CheckoutLatencyP95',
      page: { labels: { team: 'a' } },
      severities: { fast_burn: 'critical', medium_burn: 'high', slow_burn: 'medium', long_term_burn: 'low' },
    })
    expect(notes).toEqual([expect.stringContaining('severity "page" of alerting.page_alert is left out')])
  })
})

describe('the schema for editors', () => {
  // foreign oracle: ajv
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync('src/monitoring/slo/slo.schema.json', 'utf8')),
  )

  it('takes the defaults and odd files, and refuses what the reader refuses', () => {
    for (const text of [defaultSloFile(), ...Object.values(oddFiles)])
      expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true)
    expect(validate(parse(file(slo({ objective: '100' }))))).toBe(false)
    expect(validate(parse(file(slo({ objectiv: '1' }))))).toBe(false)
  })
})
