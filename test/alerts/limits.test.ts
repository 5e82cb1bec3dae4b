// Limits of the pipeline's own alerts, which alerts-config.yaml changes or switches off.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { readAlerts } from '../../src/monitoring/alerts/read'
import { limits } from '../../src/monitoring/pipeline-rules/thresholds'
import { defaultAlerting, defaultAlertsFile } from '../../src/pipeline/deployment/alerting'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { root } from '../support/packed'

const examples = { share: '42%', time: '42m', count: 42 }
const written = { share: '0.42', time: '2520', count: '42' }

/** Expressions by the name of the alert. */
function rulesWith(changed: object): Map<string, string> {
  const { config, mistakes } = readAlerts(`${defaultAlertsFile}alerts: ${JSON.stringify(changed)}\n`)
  expect(mistakes).toEqual([])
  const alerting = { ...defaultAlerting(), alerts: config! }
  const file = generateFiles(planOf('single'), alerting).find(({ path: at }) => at === 'rules/afn-pipeline.yml')!
  const groups = parse(file.content).groups as { rules: { alert: string; expr: string; labels: object }[] }[]
  const rules = groups.flatMap(({ rules }) => rules)
  return new Map(rules.map(({ alert, expr, labels }) => [`${alert} ${Object.values(labels)[0]}`, expr]))
}
const usual = rulesWith({})
const namesOf = (rules: ReadonlyMap<string, string>) => [...rules.keys()].map(key => key.split(' ')[0]!)

it.each(Object.entries(limits))('%s fires from where it did, or another alert too', (name, { unit }) => {
  const rules = rulesWith({ [name]: examples[unit] })
  expect([...rules.keys()]).toEqual([...usual.keys()])
  const others = [...rules].filter(([key, expr]) => expr !== usual.get(key))
  // that a disk fills is told by when it will be full
  const allowed = name === 'AfnDiskFull' ? [name, 'AfnDiskFilling'] : [name]
  expect(namesOf(new Map(others))).toEqual(allowed)
  expect(others[0]![1]).toMatch(new RegExp(`[<>] ${written[unit].replace('.', '\\.')}\\b`))
})

it('an alert that was switched off is there, or another one is not', () => {
  const all = [...new Set(namesOf(usual))].filter(name => name !== 'Watchdog')
  for (const name of ['AfnHealthCheckFailing', 'AfnTempoDown', 'AfnDiskFull'])
    expect([...new Set(namesOf(rulesWith({ [name]: 'off' })))]).toEqual(
      [...all, 'Watchdog'].filter(one => one !== name),
    )
  expect(namesOf(rulesWith(Object.fromEntries(all.map(name => [name, 'off']))))).toEqual(['Watchdog'])
})

it('the page of the pipeline has other limits than the rules', () => {
  const text = readFileSync(path.join(root, 'docs/monitoring.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `(Afn\w+)` \| ([\d.]+)(%|d|m|s|) \| (.*) \|$/gm)].map(
    ([, name, value, unit, of]) => {
      const factor = { '%': 0.01, d: 86_400, m: 60, s: 1, '': 1 }[unit!]!
      return [name, { default: Number((Number(value) * factor).toPrecision(12)), of }]
    },
  )
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(limits).map(([name, { default: value, of }]) => [name, { default: value, of }])),
  )
})
