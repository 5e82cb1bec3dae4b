// Foreign oracle: promtool fills in the texts of the alerts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { burnWords, inWords, shownOf } from '../../src/monitoring/slo/alert-texts'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { readSlos } from '../../src/monitoring/slo/read'
import { renderRules } from '../../src/monitoring/slo/rule-file'
import { type RulesOfSlo, ruleFiles } from '../../src/monitoring/slo/rule-files'
import { tiersOf } from '../../src/monitoring/slo/windows'
import { readCatalogue } from '../../src/shared/queries/catalogue'
import { problemsIn } from '../../src/shared/queries/language'
import { findOldPromtool, findPrometheus } from '../support/binaries.mjs'

const [newest, oldest] = [findPrometheus(), findOldPromtool()]
const promtools = [
  'missing' in newest ? undefined : newest.promtool,
  'missing' in oldest ? undefined : oldest.binary,
].filter(binary => binary !== undefined)

/** With a description that tries to be a template. */
const made = (): RulesOfSlo => {
  const { slos, mistakes } = readSlos(`
version: prometheus/v1
service: shop
slos:
  - name: checkout
    objective: 99.9
    description: 'Orders that {{ $labels.sloth_id }} "go" through'
    sli: { ratio: { metric: orders, bad: [{ outcome: failed }] } }
    alerting: { page_alert: { labels: { team: pay }, annotations: { note: 'of {{ $labels.sloth_slo }}' } } }
`)
  expect(mistakes).toEqual([])
  return ruleFiles(slos, { days: 40 }).made[0] as RulesOfSlo
}

describe('the text of an alert', () => {
  it('the same words serve a caller who has measured, and say when the budget is gone', () => {
    const { slo } = made()
    const [fast] = tiersOf(slo)
    const words = burnWords(slo, fast!, shownOf(slo, 0.023))
    expect(words.summary).toBe('shop: 2.3 % of checkout events were bad in the last 1 h; the objective allows 0.1 %.')
    // 23 times the budget: 30 d / 23
    expect(words.description).toContain('is burning 23× too fast')
    expect(words.description).toContain('lasts 1 d 7 h.')
  })

  it('is Japanese where alerts-config.yaml says so, with the same numbers', () => {
    const links = { receiver: 'http://localhost:9095', grafana: 'http://localhost:3001', language: 'ja' as const }
    const { slo } = made()
    const words = burnWords(slo, tiersOf(slo)[0]!, shownOf(slo, 0.023, 'ja'), 'ja')
    expect(words.summary).toBe(
      'shop: 直近 1 時間に、checkout のイベントの 2.3 % が不良でした。目標の許容は 0.1 % です。',
    )
    expect(words.description).toContain('許容の 23 倍の速さ')
    expect(words.description).toContain('1 日 7 時間 で尽きます')
    const alerts = ruleFiles(readSlos(defaultSloFile()).slos, { days: 40, links })
      .made.flatMap(({ files }) => files)
      .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
      .filter(({ alert }) => alert !== undefined)
    expect(alerts.length).toBeGreaterThan(10)
    for (const { annotations } of alerts) expect(annotations?.summary).toMatch(/でした|いません|います/)
  })

  it('the command for traces is one that afn-otel query knows, for every default', () => {
    const catalogue = [...readCatalogue('collector/queries').keys()]
    const rules = ruleFiles(readSlos(defaultSloFile('shop')).slos, { days: 40 }).made.flatMap(({ files }) => files)
    const commands = rules
      .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
      .filter(({ alert }) => alert !== undefined)
      .map(({ annotations }) => annotations?.traces ?? '')
    for (const command of commands) {
      const [, name, query] = /^afn-otel query (?:([a-z-]+)|'([^']+)') --since \d+[hd]$/.exec(command) ?? []
      if (query === undefined) expect(catalogue, command).toContain(name)
      else expect(problemsIn(query, 'traceql'), query).toEqual([])
    }
  })

  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [300, '5 min'],
    [3_600, '1 h'],
    [183_600, '2 d 3 h'],
    [86_400, '1 d'],
  ])('%i seconds are %s', (seconds, words) => {
    expect(inWords(seconds)).toBe(words)
  })

  it.skipIf(promtools.length === 0)(
    'Prometheus says what burns, how fast and until when; what the user wrote stays text',
    () => {
      const rules = made()
      const folder = mkdtempSync(path.join(tmpdir(), 'slo-texts-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const [file] = rules.files
      writeFileSync(path.join(folder, 'rules.yml'), renderRules('of a test', file!.groups))
      // one of two orders fails: 500 times the budget, which lasts 30 d / 500 = 1 h 26 min 24 s
      const series = (outcome: string) => ({
        series: `orders_total{service_name="shop",outcome="${outcome}"}`,
        values: '0+100x40',
      })
      const test = {
        rule_files: ['rules.yml'],
        evaluation_interval: '1m',
        group_eval_order: file!.groups.map(({ name }) => name),
        tests: [
          {
            interval: '1m',
            external_url: 'http://prometheus.example',
            input_series: [series('failed'), series('done')],
            alert_rule_test: [
              {
                eval_time: '30m',
                alertname: 'CheckoutFastBurn',
                exp_alerts: [
                  {
                    exp_labels: {
                      severity: 'critical',
                      service: 'shop',
                      environment: 'production',
                      sloth_id: 'shop-checkout',
                      sloth_service: 'shop',
                      sloth_slo: 'checkout',
                      sloth_severity: 'page',
                      team: 'pay',
                    },
                    exp_annotations: {
                      summary: 'shop: 50% of checkout events were bad in the last 1 h; the objective allows 0.1 %.',
                      description:
                        'Orders that {{ $labels.sloth_id }} "go" through. The error budget of checkout (objective 99.9 % over 30 d) is burning 500× too fast, over the last 1 h and the last 5 min. At this rate, a full budget lasts 1h 26m 24s.',
                      runbook_url: 'http://localhost:9095/runbooks/SLOFastBurn',
                      dashboard_url: (
                        parse(renderRules('', file!.groups)).groups[2].rules[0].annotations as Record<string, string>
                      ).dashboard_url,
                      query_url:
                        'http://prometheus.example/graph?g0.expr=slo%3Asli_error%3Aratio_rate1h%7Bsloth_id%3D%22shop-checkout%22%2C+sloth_service%3D%22shop%22%2C+sloth_slo%3D%22checkout%22%7D&g0.tab=0',
                      note: 'of checkout',
                    },
                  },
                ],
              },
            ],
          },
        ],
      }
      writeFileSync(path.join(folder, 'test.yml'), stringify(test, { lineWidth: 0 }))
      for (const promtool of promtools) {
        const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', path.join(folder, 'test.yml')], {
          encoding: 'utf8',
        })
        expect(status, `${stdout}${stderr}`).toBe(0)
      }
    },
  )
})
