// Foreign oracle: promtool runs the rules on series of which the arithmetic is known.
import { writeSync } from 'node:fs'
import { describe, it } from 'vitest'
import { expectRules, FIRING, promtools, rulesOf } from './promtool'

if (promtools.length === 0) writeSync(1, 'skipped: detection by rules of SLOs: there is no promtool\n')

const slo = (rest = '', objective = 99.9) =>
  rulesOf(`
version: prometheus/v1
service: shop
slos:
  - name: checkout
    objective: ${objective}
    sli: { ratio: { metric: orders, bad: [{ outcome: failed }] } }
${rest}`)
const series = (outcome: string) => `orders_total{service_name="shop",outcome="${outcome}"}`
const firing = (...alerts: [name: string, severity: string][]) =>
  Object.fromEntries(alerts.map(([name, severity]) => [`{alertname="Checkout${name}", severity="${severity}"}`, 1]))
const critical = `${FIRING} and on(alertname) count by (alertname) (ALERTS{alertname="CheckoutFastBurn"})`

describe.skipIf(promtools.length === 0)('detection', () => {
  it('everything fails: critical within 2 min 30 s, with a sample and an evaluation every 15 s', () => {
    // an hour of 10 orders a second before: one of which all fail is 1.44 % of the last hour after 52 s
    expectRules(slo(), {
      interval: '15s',
      series: { [series('done')]: '0+150x240 36000x20', [series('failed')]: '0x240 150+150x20' },
      expected: [
        ['1h', critical, {}],
        ['62m30s', critical, firing(['FastBurn', 'critical'])],
      ],
    })
  })

  it('2 % fail at 99.9 %: critical within 45 min, and not before the hour has lost 2 % of the budget', () => {
    expectRules(slo(), {
      interval: '1m',
      series: { [series('done')]: '0+1000x60 60980+980x60', [series('failed')]: '0x60 20+20x60' },
      expected: [
        ['102m', critical, {}],
        ['105m', critical, firing(['FastBurn', 'critical'])],
      ],
    })
  })

  // 30 d: 6 × 0.1 % = 0.6 % is high, and 3 × 0.1 % medium; 7 d: 3.5 × 0.1 % is high
  it.each([
    ['30d', '0.5 %', 5, firing(['SlowBurn', 'medium'], ['LongTermBurn', 'low'])],
    ['30d', '0.7 %', 7, firing(['MediumBurn', 'high'], ['SlowBurn', 'medium'], ['LongTermBurn', 'low'])],
    ['7d', '0.5 %', 5, firing(['MediumBurn', 'high'], ['SlowBurn', 'medium'], ['LongTermBurn', 'low'])],
  ])('over %s, %s of failures have the severity of their burn rate', (period, _, failed, expected) => {
    expectRules(slo(`    period: ${period}`), {
      interval: '1m',
      series: { [series('done')]: `0+${1_000 - failed}x40`, [series('failed')]: `0+${failed}x40` },
      expected: [['30m', FIRING, expected]],
    })
  })
})

describe.skipIf(promtools.length === 0)('what is no failure of the service', () => {
  it('two failures among few events are never an alert, and more are one by their number', () => {
    const run = (failures: string) => ({ [series('done')]: '0+1x5 5x60', [series('failed')]: failures })
    const at: [string, string][] = [
      ['8m', FIRING],
      ['30m', FIRING],
      ['60m', FIRING],
    ]
    expectRules(slo(), {
      interval: '1m',
      series: run('0x3 1x2 2x60'),
      expected: at.map(([time, expr]) => [time, expr, {}]),
    })
    const [high, lower] = [firing(['MediumBurn', 'high']), firing(['SlowBurn', 'medium'], ['LongTermBurn', 'low'])]
    for (const [failures, expected] of [
      [3, lower],
      [5, { ...high, ...lower }],
      [10, { ...firing(['FastBurn', 'critical']), ...high, ...lower }],
    ] as const)
      expectRules(slo(), {
        interval: '1m',
        series: run(`0x3 1x2 ${failures}x60`),
        // a record of five minutes has a failure until five minutes later
        expected: [['12m', FIRING, expected]],
      })
    expectRules(slo('    low_traffic: { failures: 2 }'), {
      interval: '1m',
      series: run('0x3 1x2 2x60'),
      expected: [['7m', critical, firing(['FastBurn', 'critical'])]],
    })
  })

  it('two failures are never an alert where the queries count, and ten are', () => {
    const counted = rulesOf(`
version: prometheus/v1
service: shop
slos:
  - name: checkout
    objective: 99.9
    sli: { events: { error_query: "sum(increase(bad[{{.window}}]))", total_query: "sum(increase(all[{{.window}}]))" } }
`)
    const run = (bad: string) => ({ all: '0+1x5 5x60', bad })
    expectRules(counted, {
      interval: '1m',
      series: run('0x3 1x2 2x60'),
      expected: [
        ['7m', FIRING, {}],
        ['40m', FIRING, {}],
      ],
    })
    expectRules(counted, {
      interval: '1m',
      series: run('0x3 1x2 10x60'),
      expected: [['7m', critical, firing(['FastBurn', 'critical'])]],
    })
  })

  it('a total failure of a service with one order a minute is an alert all the same', () => {
    expectRules(slo(), {
      interval: '1m',
      series: { [series('done')]: '0+1x60 60x60', [series('failed')]: '0x60 1+1x60' },
      expected: [
        ['67m', FIRING, firing(['MediumBurn', 'high'], ['SlowBurn', 'medium'], ['LongTermBurn', 'low'])],
        ['72m', critical, firing(['FastBurn', 'critical'])],
      ],
    })
  })

  it('no alert fires before there are as many events as the file requires', () => {
    const busy = { [series('failed')]: '0+2x120' }
    expectRules(slo('    low_traffic: { events: 200 }'), {
      interval: '1m',
      series: busy,
      expected: [
        ['60m', critical, {}],
        ['110m', FIRING, firing(['MediumBurn', 'high'], ['SlowBurn', 'medium'], ['LongTermBurn', 'low'])],
      ],
    })
  })

  it('a metric that is gone is missed, one that stands still is not', () => {
    expectRules(slo(), {
      interval: '1m',
      series: { [series('done')]: '0+10x30 _x30' },
      expected: [
        ['31m', FIRING, {}],
        ['40m', FIRING, firing(['MetricAbsent', 'high'])],
      ],
    })
    expectRules(slo('    expects_data: as_yesterday'), {
      interval: '1m',
      // for two hours of each day, and on the third one for one
      series: { [series('done')]: '0+10x120 _x1319 1200+10x120 _x1319 2400+10x60 _x90' },
      expected: [
        ['2h20m', FIRING, {}],
        ['26h20m', FIRING, {}],
        ['49h30m', FIRING, firing(['MetricAbsent', 'high'])],
        ['50h20m', FIRING, {}],
      ],
    })
    expectRules(slo(), { interval: '1m', series: { [series('done')]: '300x60' }, expected: [['50m', FIRING, {}]] })
  })

  it('a histogram without an edge at the threshold is missed, and does not look healthy', () => {
    const latency = rulesOf(`
version: prometheus/v1
service: shop
slos:
  - name: checkout
    objective: 95
    sli: { latency: { metric: order.duration, threshold: 2s } }
`)
    const of = (name: string, more = '') => `order_duration_seconds_${name}{service_name="shop"${more}}`
    expectRules(latency, {
      interval: '1m',
      series: { [of('count')]: '0+10x60', [of('bucket', ',le="2.5"')]: '0+10x60' },
      expected: [
        ['40m', FIRING, firing(['MetricAbsent', 'high'])],
        ['40m', 'slo:sli_error:ratio_rate5m', {}],
      ],
    })
    for (const le of ['2', '2.0'])
      expectRules(latency, {
        interval: '1m',
        series: { [of('count')]: '0+10x60', [of('bucket', `,le="${le}"`)]: '0+9x60' },
        expected: [
          [
            '40m',
            'round(slo:sli_error:ratio_rate1h, 1e-9)',
            { '{sloth_id="shop-checkout", sloth_service="shop", sloth_slo="checkout", sloth_window="1h"}': 0.1 },
          ],
        ],
      })
  })

  it('a latency of HTTP at no advised edge is estimated for services in any language, and counted where there is the edge', () => {
    const latency = rulesOf(`
version: prometheus/v1
service: shop
slos:
  - name: checkout
    objective: 95
    sli: { latency: { metric: http.server.request.duration, threshold: 2s, where: { service.name: { regex: '.*' } } } }
`)
    const of = (service: string, name: string, more = '') =>
      `http_server_request_duration_seconds_${name}{service_name="${service}"${more}}`
    expectRules(latency, {
      interval: '1m',
      series: {
        // 15 within 1 s, 15 more within 2.5 s: 10 of these count as good
        [of('java', 'count')]: '0+30x60',
        [of('java', 'bucket', ',le="1"')]: '0+15x60',
        [of('java', 'bucket', ',le="2.5"')]: '0+30x60',
        [of('node', 'count')]: '0+30x60',
        [of('node', 'bucket', ',le="1.0"')]: '0+15x60',
        [of('node', 'bucket', ',le="2.0"')]: '0+29x60',
        [of('node', 'bucket', ',le="2.5"')]: '0+30x60',
      },
      expected: [
        [
          '40m',
          'round(slo:sli_error:ratio_rate5m, 1e-9)',
          { '{sloth_id="shop-checkout", sloth_service="shop", sloth_slo="checkout", sloth_window="5m"}': 0.1 },
        ],
        [
          '40m',
          'round(slo:sli_error:ratio_rate1h, 1e-9)',
          { '{sloth_id="shop-checkout", sloth_service="shop", sloth_slo="checkout", sloth_window="1h"}': 0.1 },
        ],
      ],
    })
  })

  it('more errors than events are called wrong data', () => {
    const events = rulesOf(`
version: prometheus/v1
service: shop
slos:
  - name: checkout
    objective: 99
    severities: { fast_burn: off, medium_burn: off, slow_burn: off, long_term_burn: off }
    sli: { events: { error_query: "sum(rate(bad[{{.window}}]))", total_query: "sum(rate(all[{{.window}}]))" } }
`)
    expectRules(events, {
      interval: '1m',
      series: { bad: '0+20x60', all: '0+10x60' },
      expected: [['20m', FIRING, firing(['DataInvalid', 'medium'])]],
    })
    expectRules(events, { interval: '1m', series: { bad: '0+10x60', all: '0+10x60' }, expected: [['20m', FIRING, {}]] })
  })

  it('errors that no events go with are called wrong data, and not health', () => {
    const events = rulesOf(`
version: prometheus/v1
service: shop
slos:
  - name: checkout
    objective: 99
    sli:
      events:
        error_query: sum by (code) (rate(bad[{{.window}}])) + 0
        total_query: sum(rate(all[{{.window}}]))
`)
    expectRules(events, {
      interval: '1m',
      series: { 'bad{code="503"}': '0+10x60', all: '0+10x60' },
      expected: [['20m', FIRING, firing(['DataInvalid', 'medium'])]],
    })
  })
})

describe.skipIf(promtools.length === 0)('what does not count', () => {
  const remaining = 'round(slo:period_error_budget_remaining:ratio, 1e-6)'
  const id = '{sloth_id="shop-checkout", sloth_service="shop", sloth_slo="checkout"}'

  it('a maintenance window of the file costs no budget and calls nobody, and what follows does', () => {
    // time is 0 at the start: 1970-01-01T00:00Z, a Thursday. Everything fails from minute 60 to 90.
    const failing = {
      [series('done')]: '0+100x60 6000x30 6100+100x120',
      [series('failed')]: '0x60 100+100x29 3000x120',
    }
    const window = '    exclude: [{ start: 1970-01-01T01:00:00Z, end: 1970-01-01T01:31:00Z, reason: migration }]'
    expectRules(slo(window), {
      interval: '1m',
      series: failing,
      expected: [
        ...['65m', '80m', '91m', '97m', '120m', '200m'].map(at => [at, FIRING, {}] as const),
        ['200m', remaining, { [id]: 1 }],
      ],
    })
    expectRules(slo(), {
      interval: '1m',
      series: failing,
      expected: [['65m', critical, firing(['FastBurn', 'critical'])]],
    })
  })

  it('a window every week is one in each week, over midnight too', () => {
    const thursday = '    exclude: [{ days: [thursday], from: "23:30", to: "00:30" }]'
    const open = 'max_over_time(slo_exclude[1m]) > 0'
    expectRules(slo(thursday), {
      interval: '5m',
      series: { [series('done')]: '0+1x700' },
      expected: [
        ['23h25m', open, {}],
        ['23h30m', open, { [id]: 1 }],
        ['24h25m', open, { [id]: 1 }],
        ['24h35m', open, {}],
        ['47h30m', open, {}],
      ],
    })
  })

  it('a deployment that runs is excluded by a series that it sends, for one SLO or for all of its service', () => {
    const failing = { [series('done')]: '0+100x60 6000x30', [series('failed')]: '0x60 100+100x30' }
    for (const [labels, expected] of [
      ['sloth_service="shop"', {}],
      ['sloth_service="shop",sloth_slo="checkout"', {}],
      ['sloth_service="shop",sloth_slo="search"', firing(['FastBurn', 'critical'])],
      ['sloth_service="other"', firing(['FastBurn', 'critical'])],
    ] as const)
      expectRules(slo(), {
        interval: '1m',
        series: { ...failing, [`slo_exclude{${labels}}`]: '_x58 1x40' },
        expected: [['75m', critical, expected]],
      })
  })
})

describe.skipIf(promtools.length === 0)('what every event weighs', () => {
  const only = 'sloth_id="shop-checkout", sloth_service="shop", sloth_slo="checkout"'

  it('a quiet night of failures weighs as many events as it had', () => {
    // 100 minutes of 1,000 a minute without a failure, then 100 minutes of 1 a minute that all fail: 100 of 100,100 events
    expectRules(slo(), {
      interval: '1m',
      series: { [series('done')]: '0+1000x100 100000x110', [series('failed')]: '0x100 1+1x99 100x10' },
      expected: [
        [
          '209m',
          'abs(slo:sli_error:ratio_rate30d - 100 / 100100) < bool 1e-5',
          { [`{${only}, sloth_window="30d"}`]: 1 },
        ],
      ],
    })
  })

  it('a restart of the app costs no failure, and no alert', () => {
    expectRules(slo(), {
      interval: '1m',
      series: { [series('done')]: '0+100x30 0+100x60', [series('failed')]: '5x30 0x60' },
      expected: [
        ['60m', FIRING, {}],
        ['60m', 'slo:sli_error:ratio_rate1h + 0', { [`{${only}, sloth_window="1h"}`]: 0 }],
      ],
    })
  })

  it('a label of the file that was changed does not end the rules', () => {
    const labelled = rulesOf(`
version: prometheus/v1
service: shop
slos:
  - name: checkout
    objective: 99.9
    labels: { team: new }
    sli: { ratio: { metric: orders, bad: [{ outcome: failed }] } }
`)
    const before = (record: string) => `${record}{${only}, sloth_window="5m", team="old"}`
    expectRules(labelled, {
      interval: '1m',
      series: {
        [series('done')]: '0+60x120',
        [before('slo:sli_events:rate5m')]: '1x30',
        [before('slo:sli_errors:rate5m')]: '0x30',
      },
      expected: [
        ['60m', 'slo:sli_error:ratio_rate2h + 0', { [`{${only}, sloth_window="2h", team="new"}`]: 0 }],
        ['60m', 'slo:period_error_budget_remaining:ratio + 0', { [`{${only}, team="new"}`]: 1 }],
      ],
    })
  })
})
