// Which way an alert takes, and what each version of Alertmanager reads. Oracles: amtool 0.25 and 0.35, which read the configuration
// and walk its routes as their Alertmanagers do; promtool for the rules.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { alertmanagerConfig } from '../../src/monitoring/alerts/alertmanager'
import { alertmanagerVersions } from '../../src/monitoring/alerts/config'
import { defaultAlerts } from '../../src/monitoring/alerts/defaults'
import { hookOf } from '../../src/monitoring/alerts/receiver-webhook'
import { ruleFile } from '../../src/monitoring/alerts/rules'
import { appRules } from '../../src/monitoring/pipeline-rules/rules'
import { alertGroup } from '../../src/monitoring/slo/alerts'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { readSlos } from '../../src/monitoring/slo/read'
import type { Rule } from '../../src/monitoring/slo/rule-file'
import { budgetAlerts, trackingAlert } from '../../src/operations/cost/alerts'
import { defaultCosts } from '../../src/operations/cost/config'
import { defaultUrls } from '../../src/shared/config/urls'
import { severities } from '../../src/shared/severities'
import { findAlertmanager, findOldAlertmanager, findOldPromtool, findPrometheus } from '../support/binaries.mjs'
import { Random } from '../support/random'
import { alertmanagerYaml, configOf, everything } from './files'
import { madeFile } from './made'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-alerts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const newest = findAlertmanager()
const oldest = findOldAlertmanager()
for (const found of [newest, oldest])
  if ('missing' in found) writeSync(1, `skipped: configuration of Alertmanager: ${found.missing}\n`)
const amtools = [
  ...('missing' in newest ? [] : [{ name: '0.35', amtool: newest.amtool, reads: alertmanagerVersions }]),
  ...('missing' in oldest ? [] : [{ name: '0.25', amtool: oldest.amtool, reads: ['0.25'] as const }]),
]

let written = 0
function fileOf(text: string): string {
  const file = path.join(folder, `${++written}.yml`)
  writeFileSync(file, text)
  return file
}

const CHANNEL = 'channels:\n  discord: {kind: discord, webhook_url_file: secrets/discord}\n'

describe.each(amtools)('amtool $name reads', ({ amtool, reads, name }) => {
  const texts: Record<string, (version: string) => string> = {
    'everything that a file can say': version => everything(version as '0.35'),
    'one channel alone': version => `alertmanager: "${version}"\n${CHANNEL}`,
    'no inhibition, no receiver': version =>
      `alertmanager: "${version}"\ninhibition: false\nreceiver: false\nchannels: {mail: {kind: email, to: [a@example.com], from: b@example.com, smarthost: "localhost:25"}}\n`,
    'business hours through midnight for all': version =>
      `alertmanager: "${version}"\ntime_zone: Europe/Berlin\nbusiness_hours: {days: [monday, sunday], from: "22:00", to: "06:00"}\nseverities:\n${severities.map(severity => `  ${severity}: {business_hours: true}\n`).join('')}${CHANNEL}`,
  }

  it.each(reads.flatMap(version => Object.keys(texts).map(title => [version, title] as const)))(
    'for %s: %s',
    (version, title) => {
      const file = fileOf(alertmanagerYaml(configOf(texts[title]!(version))))
      const strict = name === '0.35' ? ['--enable-feature=utf8-strict-mode'] : []
      const { status, stdout, stderr } = spawnSync(amtool, ['check-config', file, ...strict], { encoding: 'utf8' })
      expect(`${stdout}${stderr}`).toContain('SUCCESS')
      expect(status).toBe(0)
    },
  )

  it('whatever a right file says, in whatever combination', () => {
    const random = new Random(17)
    const files = Array.from({ length: 40 }, () => {
      const version = random.pick(reads)
      return fileOf(alertmanagerYaml(configOf(madeFile(random, version))))
    })
    const { status, stdout, stderr } = spawnSync(amtool, ['check-config', ...files], { encoding: 'utf8' })
    expect(stderr.replace(/^time=.*UTF-8.*\n/gm, '')).toBe('')
    expect(stdout.match(/SUCCESS/g)).toHaveLength(files.length)
    expect(status).toBe(0)
  })

  it('every time zone that is let through', () => {
    const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Etc/GMT+9', 'US/Pacific', 'Asia/Calcutta']
    const maintenance = zones.map((zone, n) => `  - {name: "${n}", from: "01:00", to: "02:00", time_zone: ${zone}}\n`)
    const config = configOf(`${CHANNEL}alertmanager: "${name}"\nmaintenance:\n${maintenance.join('')}`)
    execFileSync(amtool, ['check-config', fileOf(alertmanagerYaml(config))], { stdio: 'pipe' })
    expect(zones.length).toBeGreaterThan(400)
  })
})

describe.each(amtools)('by the routes of amtool $name', ({ amtool, name }) => {
  const file = fileOf(alertmanagerYaml(configOf(everything(name as '0.35'))))
  const receiverOf = (labels: Readonly<Record<string, string>>, by = file): string =>
    execFileSync(
      amtool,
      ['config', 'routes', 'test', `--config.file=${by}`, ...Object.entries(labels).map(pair => pair.join('='))],
      // 0.25 warns that it asks no server
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    ).trim()

  const environments = {
    production: (severity: string) => severity,
    staging: (severity: string) => `staging-${severity}`,
  }
  // with a maintenance of its own, and without
  const services = ['checkout', 'mail']

  it.each(severities)('%s goes where its environment says, whatever is under maintenance', severity => {
    expect(receiverOf({ alertname: 'A', severity })).toBe(severity)
    for (const service of services) {
      for (const [environment, expected] of Object.entries(environments))
        expect(receiverOf({ alertname: 'A', service, severity, environment })).toBe(expected(severity))
      expect(receiverOf({ alertname: 'A', service, severity, environment: 'development' })).toBe('nobody')
    }
  })

  it.each(severities)(
    'a test of a channel with the severity %s goes to that channel, in every environment',
    severity => {
      // each environment, each channel
      for (const [environment, channel] of [
        ['production', 'discord'],
        ['staging', 'email'],
        ['development', 'tickets'],
      ] as const)
        expect(receiverOf({ alertname: 'A', severity, environment, channel_test: 'x', channel })).toBe(
          `test-${channel}`,
        )
      expect(receiverOf({ alertname: 'A', severity, channel_test: 'x', channel: 'other' })).toBe('nobody')
    },
  )

  it('an escalated copy goes to the channels of its step, and to nobody beyond the last', () => {
    const step = (escalation: string, severity: string) => receiverOf({ alertname: 'A', severity, escalation })
    expect([
      step('1', 'critical'),
      step('2', 'critical'),
      step('3', 'critical'),
      step('1', 'high'),
      step('1', 'low'),
    ]).toEqual(['critical-escalation-1', 'critical-escalation-2', 'nobody', 'high-escalation-1', 'nobody'])
  })

  it.each(severities)('news of the severity %s that is sent once goes its own way to the same channels', severity => {
    const news = { alertname: 'A', severity, once: 'true', budget: 'b', threshold: '80' }
    expect(receiverOf(news)).toBe(`${severity}-once`)
    expect(receiverOf({ ...news, environment: 'development' })).toBe('nobody')
  })

  it.each(severities)('%s of a team goes to its channels alone, of every service, news too', severity => {
    for (const service of services) {
      const alert = { alertname: 'A', service, severity, team: 'pay' }
      expect(receiverOf(alert)).toBe(`route-1-${severity}`)
      expect(receiverOf({ ...alert, once: 'true' })).toBe(`route-1-${severity}-once`)
      expect(receiverOf({ ...alert, environment: 'staging' })).toBe(`staging-${severity}`)
    }
    expect(receiverOf({ alertname: 'A', severity, team: 'lab', service: 'trial' })).toBe('nobody')
    expect(receiverOf({ alertname: 'A', severity, team: 'lab' })).toBe(severity)
    // by `ladder` the receiver knows what to do when nobody acknowledges
    const { receivers } = parse(readFileSync(file, 'utf8')) as { receivers: Receiver[] }
    const hooks = receivers.find(one => one.name === `route-1-${severity}`)?.webhook_configs ?? []
    const ladders = hooks.flatMap(({ url = '' }) => new URL(url).searchParams.getAll('ladder'))
    expect(ladders).toEqual(severity === 'critical' || severity === 'high' ? ['route-1'] : [])
    const copy = { alertname: 'A', severity, team: 'pay', service: 'checkout', escalation: '1' }
    expect(receiverOf(copy)).toBe(ladders.length > 0 ? `route-1-${severity}-escalation-1` : 'nobody')
    expect(receiverOf({ ...copy, escalation: '2' })).toBe('nobody')
  })

  it('a team gets what is of another, or misses its own: of objectives, budgets and apps alike', () => {
    const teams = fileOf(
      alertmanagerYaml(
        configOf(
          `alertmanager: "${name}"\n${CHANNEL}  pay: {kind: discord, webhook_url_file: secrets/pay}\n  sell: {kind: discord, webhook_url_file: secrets/sell}\nroutes: [{match: {team: pay}, channels: [pay]}, {match: {team: sell}, channels: [sell]}]\n`,
        ),
      ),
    )
    for (const [team, route] of [['pay', 'route-1'], ['sell', 'route-2'], [undefined, undefined]] as const) // biome-ignore format: one line
      for (const labels of alertsOf(team)) {
        const { severity, once } = labels
        const expected = [...(route ? [route] : []), severity, ...(once ? ['once'] : [])].join('-')
        expect(receiverOf(labels, teams), JSON.stringify(labels)).toBe(expected)
      }
  })

  it('the watchdog goes outside, what is of no severity to nobody, and what is of another tool is not lost', () => {
    expect(receiverOf({ alertname: 'Watchdog', severity: 'none' })).toBe('heartbeats')
    expect(receiverOf({ alertname: 'A', severity: 'none' })).toBe('nobody')
    expect(receiverOf({ alertname: 'A', severity: 'warning' })).toBe('other')
    expect(receiverOf({ alertname: 'A' })).toBe('other')
  })
})

/** One of each origin, as it reaches Alertmanager: rules with the labels of their series, and what the watch over budgets posts. */
function alertsOf(team: string | undefined): Readonly<Record<string, string>>[] {
  const series = { deployment_environment_name: 'production', service_name: 'cart', job: 'cart', ...(team && { team }) }
  const filled = ({ alert = '', labels = {} }: Rule) =>
    Object.fromEntries(
      Object.entries({ ...(team && { team }), alertname: alert, ...labels }).map(([label, value]) => [
        label,
        value.replace(/^\{\{ (?:or )?\$labels\.(\w+).*\}\}$/, (_, name: keyof typeof series) => series[name] ?? 'x'),
      ]),
    )
  const { slos } = readSlos(defaultSloFile())
  const ofObjectives = slos.flatMap(slo => alertGroup(slo, defaultUrls, { own: 'production', silent: [] }).rules)
  const ofApps = appRules({ alertsUrl: '', environment: 'production', language: 'en' }).groups.flatMap(
    ({ rules }) => rules as Rule[],
  )
  const budget = { name: 'b', period: 'month', amount: 1, scope: team ? { team: [team] } : {}, thresholds: [50, 100], forecast: true } as const // biome-ignore format: one line
  const period = { kind: 'month', id: '2026-12', start: 0, end: 1 } as const
  const spent = { spent: 1, credited: 0, percent: 100, calls: 1, unpriced: 0, noUsage: 0, passed: [50, 100], forecast: undefined, willExceed: false, unknownBefore: undefined } // biome-ignore format: one line
  const said = { receiver: '', language: 'en' } as const
  return [
    ...[...ofObjectives, ...ofApps].map(filled),
    ...budgetAlerts({ budget, period, ...spent }, defaultCosts, said).map(({ labels }) => labels),
    trackingAlert({ service: 'cart', team, environment: 'production', why: { en: '', ja: '' } }, '2026-12-01', said)
      .labels,
  ]
}

interface Receiver {
  name: string
  discord_configs?: object[]
  webhook_configs?: { url?: string; send_resolved: boolean }[]
  email_configs?: { send_resolved: boolean; to: string }[]
}

describe('the configuration of Alertmanager', () => {
  const sections = (text: string) => {
    const section = parse(alertmanagerYaml(configOf(text))) as {
      receivers: Receiver[]
      route: { routes: Record<string, unknown>[] }
    }
    return { ...section, of: (name: string) => section.receivers.find(one => one.name === name) }
  }

  it('sends news once: each by itself, whenever it comes, without repetition, an end or an escalation', () => {
    const { route, of, inhibit_rules } = sections(everything('0.35')) as ReturnType<typeof sections> & {
      inhibit_rules: { source_matchers: string[]; target_matchers: string[] }[]
    }
    const once = route.routes.find(({ matchers }) => (matchers as string[])[0] === 'once=~".+"')!
    expect(once.group_by).toEqual(['...'])
    for (const child of once.routes as Record<string, unknown>[])
      expect(child).toEqual({
        receiver: expect.stringMatching(/-once$/),
        matchers: [expect.any(String)],
        group_wait: expect.any(String),
        group_interval: expect.any(String),
        repeat_interval: '5d',
      })
    for (const severity of severities) {
      const { name, ...kinds } = of(`${severity}-once`)!
      for (const integrations of Object.values(kinds))
        for (const one of integrations as { send_resolved: boolean; url?: string }[]) {
          expect({ name, resolved: one.send_resolved }).toEqual({ name, resolved: false })
          expect(one.url ?? '').not.toContain('ladder=')
        }
    }
    for (const { source_matchers, target_matchers } of inhibit_rules)
      expect([source_matchers, target_matchers].map(some => some.includes('once=""'))).toEqual([true, true])
  })

  it('has the times of the severities: 10 s, 1 min and 5 min for critical, and so on', () => {
    const route = alertmanagerConfig(defaultAlerts(), { secret: file => file }).route as {
      routes: Record<string, unknown>[]
    }
    const times = severities.map(severity => {
      const found = route.routes.find(({ receiver }) => receiver === severity)!
      return [found.group_wait, found.group_interval, found.repeat_interval]
    })
    expect(times).toEqual([
      ['10s', '1m', '5m'],
      ['30s', '5m', '15m'],
      ['2m', '15m', '1h'],
      ['10m', '1h', '1d'],
    ])
  })

  it('waits for no more than a tenth of the time in which somebody has to respond', () => {
    const route = alertmanagerConfig(defaultAlerts(), { secret: file => file }).route as {
      routes: Record<string, unknown>[]
    }
    const { severities: times } = defaultAlerts()
    for (const severity of severities) {
      const [, count, unit] = /^(\d+)([smhd])$/.exec(
        String(route.routes.find(({ receiver }) => receiver === severity)!.group_wait),
      )!
      const wait = Number(count) * { s: 1, m: 60, h: 3_600, d: 86_400 }[unit as 's']!
      expect(wait * 10, severity).toBeLessThanOrEqual(times[severity].respondWithin)
    }
  })

  it('says in mails, too, that it is over', () => {
    expect(
      sections(everything('0.35'))
        .of('critical')
        ?.email_configs?.map(({ send_resolved }) => send_resolved),
    ).toEqual([true, true])
  })

  it('leaves Discord of a version that reads no file to the receiver, with whose ladder begins', () => {
    const critical = sections(everything('0.25')).of('critical')!
    expect(critical.discord_configs).toBeUndefined()
    const url = new URL(critical.webhook_configs?.find(({ url }) => url?.includes('9095'))?.url ?? '')
    expect(hookOf(url.searchParams)).toEqual({ channels: ['discord', 'tickets'], ladder: 'critical' })
  })

  it('leaves Discord to the receiver by default, but for what says that the receiver is away', () => {
    const token = 'receiver: {token_file: secrets/receiver_token}\n'
    const sections = (text: string) => (parse(alertmanagerYaml(configOf(text))) as { receivers: Receiver[] }).receivers
    const [, ...receivers] = sections(`${CHANNEL}${token}`)
    const native = receivers.filter(({ discord_configs }) => discord_configs).map(({ name }) => name)
    expect(native).toEqual(['alert-receiver'])
    expect(receivers.find(({ name }) => name === 'critical')!.webhook_configs).toEqual([
      {
        send_resolved: true,
        url: 'http://localhost:9095/alertmanager?channel=discord&ladder=critical',
        http_config: { authorization: { credentials_file: expect.stringContaining('secrets/receiver_token') } },
      },
    ])
    const without = sections(`${CHANNEL}receiver: false\n`)
    expect(without.find(({ name }) => name === 'critical')!.discord_configs).toHaveLength(1)
    expect(without.some(({ name }) => name === 'alert-receiver')).toBe(false)
  })

  it('begins no ladder for a test, another environment or an escalated copy', () => {
    const { receivers } = sections(everything('0.25'))
    const ladders = receivers.flatMap(({ name, webhook_configs = [] }) =>
      webhook_configs.flatMap(({ url = '' }) => (url.includes('ladder=') ? [name] : [])),
    )
    expect(ladders.toSorted()).toEqual(['critical', 'high', 'route-1-critical', 'route-1-high'])
  })

  it.each(alertmanagerVersions)('for %s holds a secret in no place where one may stand', version => {
    const text = alertmanagerYaml(configOf(everything(version)))
    // the names of all fields of Alertmanager that hold one in clear
    expect(text).not.toMatch(
      /^\s*(?:webhook_url|auth_password|auth_secret|password|credentials|bearer_token|api_key|token):/m,
    )
    expect(text.match(/_file: \/etc\/alertmanager\/secrets\//g)?.length).toBeGreaterThan(5)
  })
})

const promtools = [findPrometheus(), findOldPromtool()].flatMap(found => {
  if ('missing' in found) writeSync(1, `skipped: rules of alerts-config.yaml: ${found.missing}\n`)
  const promtool = 'missing' in found ? undefined : 'binary' in found ? found.binary : found.promtool
  return promtool === undefined ? [] : [promtool]
})

describe.each(promtools)('by promtool %s', promtool => {
  const run = (...args: string[]) => spawnSync(promtool, args, { encoding: 'utf8', cwd: folder })

  it('the rules are right, with their labels', () => {
    const rules = ruleFile(configOf(everything('0.35')))!
    expect(rules.groups.map(({ name }) => name)).toEqual(['alerts-config'])
    const { status, stderr } = run('check', 'rules', fileOf(stringify(rules)))
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('the rules of whatever a right file says are right', () => {
    const random = new Random(18)
    const files = Array.from({ length: 60 }, () =>
      ruleFile({ ...configOf(madeFile(random, '0.35')), receiver: undefined }),
    )
    const some = files.flatMap(rules => (rules ? [fileOf(stringify(rules))] : []))
    const { status, stdout, stderr } = run('check', 'rules', ...some)
    expect(stderr).toBe('')
    expect(stdout.match(/SUCCESS/g)).toHaveLength(some.length)
    expect(status).toBe(0)
  })

  it('without the receiver a rule escalates after its time, once for each step of its route, and not what is silent by then', () => {
    const config = configOf(
      `receiver: false\n${CHANNEL}severities:\n  critical:\n    escalation:\n      - {after: 5m, channels: [discord]}\n      - {after: 10m, channels: [discord]}\nroutes:\n  - {match: {team: [pay, sell]}, channels: [discord], escalation: [{after: 7m, channels: [discord]}]}\n  - {match: {team: lab}, channels: []}\nrules:\n${['', 'pay', 'lab'].map(team => `  - {name: Down${team}, expr: up == 0, severity: critical, service: shop${team && `, labels: {team: ${team}}`}}\n`).join('')}`,
    )
    const file = fileOf(stringify(ruleFile(config)))
    const copy = (escalation: string, age: string, team = '') => ({
      exp_labels: { severity: 'critical', service: 'shop', origin: `Down${team}`, escalation, ...(team && { team }) },
      exp_annotations: {
        summary: `Down${team} has not been acknowledged for ${age}`,
        description:
          'To stop the escalation, silence the alert in Alertmanager by its service and severity; this silences the copy too.',
      },
    })
    const at = (eval_time: string, exp_alerts: object[]) => ({ eval_time, alertname: 'AfnEscalation', exp_alerts })
    const test = fileOf(
      stringify({
        rule_files: [path.basename(file)],
        evaluation_interval: '15s',
        tests: [
          {
            interval: '15s',
            input_series: [{ series: 'up', values: '1x4 0x60 1x20' }],
            alert_rule_test: [
              at('5m', []),
              at('6m30s', [copy('1', '5m 15s')]),
              at('8m30s', [copy('1', '7m 15s'), copy('1', '7m 15s', 'pay')]),
              at('11m30s', [copy('1', '10m 15s'), copy('2', '10m 15s'), copy('1', '10m 15s', 'pay')]),
              at('18m', []),
            ],
          },
        ],
      }),
    )
    const { status, stdout, stderr } = run('test', 'rules', test)
    expect(`${stdout}${stderr}`).toContain('SUCCESS')
    expect(status).toBe(0)
  })
})
