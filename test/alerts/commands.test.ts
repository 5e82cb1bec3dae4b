// What runs after alerts-config.yaml has changed, and what fired. Oracles: a real Alertmanager and a real Prometheus, which are asked
// what they run; amtool and promtool beside them, which `alerts check` asks.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { filesOf } from '../../src/monitoring/alerts/output-files'
import { type RunningAlertmanager, startAlertmanager } from '../support/alerting'
import { findAlertmanager, findOldAlertmanager, findPrometheus } from '../support/binaries.mjs'
import { root } from '../support/packed'
import { freePorts, listen } from '../support/ports'
import { startServer } from '../support/server'
import { alertsHere, type Ran } from './command'
import { configOf } from './files'

const foundAlertmanager = findAlertmanager()
const foundPrometheus = findPrometheus()
const oldAlertmanager = findOldAlertmanager()
const lacks = [foundAlertmanager, foundPrometheus].flatMap(one => ('missing' in one ? [one.missing] : []))
if (lacks.length > 0) writeSync(1, `skipped: reloading what alerts: ${lacks.join('; ')}\n`)

const RULE = `
  - name: Flapping
    expr: vector(1) and on() (vector(time()) % 4 < 2)
    severity: high
    service: shop
`
const textOf = (channel: string, rules: string) =>
  `channels:\n  ${channel}: {kind: discord, webhook_url_file: secrets/discord}\nrules:${rules}`

describe.skipIf(lacks.length > 0)('afn-otel alerts', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-reload-'))
  let alertmanager: RunningAlertmanager
  let prometheus: { url: string; stop(): Promise<void> }
  let target: string
  let tools: string[]

  beforeAll(async () => {
    if ('missing' in foundAlertmanager || 'missing' in foundPrometheus) return
    tools = [foundAlertmanager.amtool, foundPrometheus.prometheus].map(binary => path.dirname(binary))
    vi.stubEnv('PATH', [...tools, process.env.PATH].join(path.delimiter))
    const [configuration] = filesOf(configOf(textOf('first', ' []')), 'alerts-config.yaml', folder)
    alertmanager = await startAlertmanager(foundAlertmanager.alertmanager, configuration!.content!)
    target = path.dirname(alertmanager.file)
    const [port] = await freePorts(1)
    const home = mkdtempSync(path.join(tmpdir(), 'afn-prometheus-'))
    const configured = { global: { evaluation_interval: '1s' }, rule_files: [path.join(target, 'rules/*.yml')] }
    writeFileSync(path.join(home, 'prometheus.yml'), JSON.stringify(configured))
    const url = `http://127.0.0.1:${port}`
    const args = [
      `--config.file=${home}/prometheus.yml`,
      `--storage.tsdb.path=${home}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
    ]
    const stop = await startServer({ binary: foundPrometheus.prometheus, args, folder: home, ready: `${url}/-/ready` })
    prometheus = { url, stop }
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    await Promise.all([alertmanager?.stop(), prometheus?.stop()])
    rmSync(folder, { recursive: true, force: true })
  })

  const file = path.join(folder, 'alerts-config.yaml')
  const reload = (...args: string[]): Promise<Ran> =>
    alertsHere([
      'reload',
      file,
      ...['--target', target, '--alertmanager', alertmanager.url, '--prometheus', prometheus.url],
      ...args,
    ])
  const get = async (url: string) => (await fetch(url)).json() as Promise<unknown>
  const receivers = async () =>
    ((await get(`${alertmanager.url}/api/v2/receivers`)) as { name: string }[]).map(({ name }) => name)
  const rules = async () => {
    const { data } = (await get(`${prometheus.url}/api/v1/rules`)) as {
      data: { groups: { rules: { name: string }[] }[] }
    }
    return data.groups.flatMap(({ rules }) => rules.map(({ name }) => name))
  }

  it('lets both run what the file says, and says so by the hash', async () => {
    writeFileSync(file, textOf('second', RULE))
    const { code, stdout, stderr } = await reload()
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^Alertmanager runs \S+alertmanager\.yml \(hash \d+\)\nPrometheus has reloaded its configuration\n$/,
    )
    expect(code).toBe(0)
    expect(await receivers()).toContain('test-second')
    expect(await rules()).toEqual(['Flapping'])
  })

  it.each([
    [
      'a word that is wrong',
      textOf('third', RULE).replace('high', 'urgent'),
      /^\S+alerts-config\.yaml:6:15 rules\[0\]\.severity takes/,
    ],
    [
      'an expression that only promtool refuses',
      textOf('third', RULE).replace('vector(1)', 'rate(up)'),
      /^\S+alerts-config\.yaml:5:11 promtool rejects this rule: .*expected type range vector/,
    ],
    [
      'a template that only promtool refuses',
      `${textOf('third', RULE)}    annotations: {summary: "{{ $value"}\n`,
      /^\S+alerts-config\.yaml:8:18 promtool rejects this rule: annotation "summary"/,
    ],
    [
      'a secret that is empty',
      textOf('third', RULE).replace('secrets/discord', 'empty'),
      /^\S+alerts-config\.yaml:2:44 empty is empty; write the secret into it/,
    ],
  ])('leaves all as it is where the file has %s', async (_, text, expected) => {
    const before = [readFileSync(alertmanager.file, 'utf8'), await receivers(), await rules()]
    writeFileSync(path.join(folder, 'empty'), '\n')
    writeFileSync(file, text)
    const { code, stdout, stderr } = await reload()
    expect(stderr).toMatch(expected)
    expect(stderr).toContain('nothing was written; the running configuration is unchanged')
    expect(stdout).toBe('')
    expect(code).toBe(1)
    expect([readFileSync(alertmanager.file, 'utf8'), await receivers(), await rules()]).toEqual(before)
  })

  it('generate writes nothing where promtool refuses an expression', () => {
    const cwd = path.join(folder, 'generated')
    mkdirSync(cwd)
    const receiver = 'receiver: {url: "http://alert-receiver:9095", token_file: secrets/receiver_token}\n'
    const text = textOf('ops', RULE).replace('vector(1)', 'rate(up)') + receiver
    writeFileSync(path.join(cwd, 'alerts-config.yaml'), text)
    const cli = path.join(root, 'dist/cli.cjs')
    const { status, stderr } = spawnSync(process.execPath, [cli, 'generate'], { cwd, encoding: 'utf8' })
    expect(stderr).toMatch(/^alerts-config\.yaml:5:11 promtool rejects this rule: .*expected type range vector/)
    expect(status).toBe(2)
    expect(readdirSync(cwd)).toEqual(['alerts-config.yaml'])
  })

  it('check says of each secret what can be said from here, and nothing that stands in it', async () => {
    const cwd = path.join(folder, 'checked')
    mkdirSync(path.join(cwd, 'folder'), { recursive: true })
    const contents = {
      right: 'https://discord.com/api/webhooks/1/secret-of-the-test',
      made: 'https://example.invalid/put-the-url-here',
      empty: ' \n',
      words: 'DISCORD=secret-of-the-test other',
      token: 'secret-of-the-test',
    }
    for (const [name, content] of Object.entries(contents)) writeFileSync(path.join(cwd, name), content)
    const names = [...Object.keys(contents), 'missing', 'folder']
    const channels = names.map(name => `  ${name}: {kind: discord, webhook_url_file: ${name}}\n`).join('')
    writeFileSync(path.join(cwd, 'alerts-config.yaml'), `channels:\n${channels}`)
    const { code, stdout } = await alertsHere(['check', path.join(cwd, 'alerts-config.yaml'), '--json'])
    const { mistakes } = JSON.parse(stdout) as { mistakes: { line: number; message: string }[] }
    expect(mistakes.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '4 empty is empty; write the secret into it',
      '5 words contains more than one word; it must contain only the secret',
      '6 token does not contain a URL; write the full webhook URL into it, including https://',
      '8 folder is a folder; name the file that contains the secret',
    ])
    expect(stdout).not.toContain('secret-of-the-test')
    expect(code).toBe(1)
    writeFileSync(
      path.join(cwd, 'alerts-config.yaml'),
      `channels:\n  right: {kind: discord, webhook_url_file: right}\n  made: {kind: discord, webhook_url_file: made}\n  missing: {kind: discord, webhook_url_file: missing}\n`,
    )
    const right = await alertsHere(['check', path.join(cwd, 'alerts-config.yaml'), '--json'])
    const { notes } = JSON.parse(right.stdout) as { notes: { line: number; message: string }[] }
    expect(notes.map(({ line }) => line)).toEqual([3, 4])
    expect(right.code).toBe(0)
  })

  it('puts back what Alertmanager refuses', async () => {
    writeFileSync(file, textOf('fourth', RULE))
    const server = createServer((_, response) => response.writeHead(500).end('failed to reload config: no such thing'))
    const port = await listen(server)
    const before = readFileSync(alertmanager.file, 'utf8')
    const { code, stderr } = await reload('--alertmanager', `http://127.0.0.1:${port}`)
    server.close()
    expect(stderr).toContain('failed to reload config: no such thing')
    expect(stderr).toContain('rolled back; the files and the running configuration are unchanged')
    expect(code).toBe(1)
    expect(readFileSync(alertmanager.file, 'utf8')).toBe(before)
  })

  it('puts back what Prometheus refuses, also in Alertmanager, which had taken it', async () => {
    writeFileSync(file, textOf('fifth', RULE).replace('vector(1)', 'rate(up)'))
    const before = [readFileSync(alertmanager.file, 'utf8'), await receivers(), await rules()]
    vi.stubEnv('PATH', '/usr/bin:/bin')
    const { code, stdout, stderr } = await reload()
    vi.stubEnv('PATH', [...tools, process.env.PATH].join(path.delimiter))
    expect(stdout).toMatch(/^Alertmanager runs /)
    expect(stderr).toContain('Prometheus at')
    expect(stderr).toContain('rolled back; the files and the running configuration are unchanged')
    expect(code).toBe(1)
    expect([readFileSync(alertmanager.file, 'utf8'), await receivers(), await rules()]).toEqual(before)
  })

  it.skipIf('missing' in oldAlertmanager)(
    'checks a file for a newer Alertmanager without the amtool of an older one, which knows fewer keys',
    async () => {
      if ('missing' in oldAlertmanager) return
      const native = textOf('native', ' []').replace('secrets/discord', 'secrets/discord, through: alertmanager')
      vi.stubEnv('PATH', [path.dirname(oldAlertmanager.amtool), process.env.PATH].join(path.delimiter))
      writeFileSync(file, native)
      const newer = await alertsHere(['check', file])
      writeFileSync(file, `alertmanager: "0.25"\n${textOf('native', ' []')}`)
      const older = await alertsHere(['check', file])
      vi.stubEnv('PATH', [...tools, process.env.PATH].join(path.delimiter))
      expect(newer.stdout).toContain('(not checked by: amtool')
      expect(newer.code).toBe(0)
      expect(older.stdout).toContain('amtool 0.25.0')
      expect(older.code).toBe(0)
    },
  )

  it('overwrites no file of another hand', async () => {
    writeFileSync(file, textOf('sixth', RULE))
    const other = path.join(folder, 'other')
    mkdirSync(other)
    writeFileSync(path.join(other, 'alertmanager.yml'), 'route: {receiver: mine}\nreceivers: [{name: mine}]\n')
    const { code, stderr } = await reload('--target', other)
    expect(stderr).toMatch(/other\/alertmanager\.yml was not written by this command/)
    expect(code).toBe(1)
    expect(readFileSync(path.join(other, 'alertmanager.yml'), 'utf8')).toContain('mine')
  })

  describe('silence', () => {
    const silence = (...args: string[]) => alertsHere(['silence', ...args, '--alertmanager', alertmanager.url])
    const add = (...matchers: string[]) =>
      silence('add', ...matchers, '--for', '2h', '--comment', 'release 12', '--by', 'kim')

    it('is added, says what it mutes now, stands in the list and expires', async () => {
      await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([
          { labels: { alertname: 'Slow', service: 'checkout', severity: 'high' } },
          { labels: { alertname: 'Slow', service: 'mail', severity: 'high' } },
        ]),
      })
      const added = await add('service=checkout', 'severity=~"high|medium"')
      expect(added.stderr).toBe('')
      expect(added.stdout).toMatch(/^[0-9a-f]{8} until 20\S+Z\nit mutes 1 of the 2 firing alerts: Slow \(checkout\)\n$/)
      const states = (await get(`${alertmanager.url}/api/v2/alerts`)) as {
        labels: { service: string }
        status: { state: string }
      }[]
      expect(states.filter(({ status }) => status.state === 'suppressed').map(({ labels }) => labels.service)).toEqual([
        'checkout',
      ])
      const id = added.stdout.slice(0, 8)
      expect((await silence('list')).stdout).toMatch(
        new RegExp(`^${id} +active +20\\S+Z +kim +service="checkout" severity=~"high\\|medium" +release 12$`, 'm'),
      )
      expect((await silence('expire', id.slice(0, 6))).stdout).toBe(
        `${id} has expired: service="checkout" severity=~"high|medium"\n`,
      )
      expect((await silence('list')).stdout).toBe('no silences\n')
      expect((await silence('expire', id)).stderr).toContain(`silence ${id} not found`)
    })

    it('says that it mutes none of what fires now', async () => {
      expect((await add('service=chekout')).stdout).toContain(
        'none of the 2 firing alerts match; it mutes matching alerts that fire until then. Are the matchers correct?',
      )
    })

    it.each([
      ['a word', ['checkout'], '"checkout" is not a matcher; write one such as service=checkout'],
      ['a pattern that is none', ['service=~"("'], 'has an invalid regular expression'],
      ['everything', ['service=~".*"'], 'these matchers require no label and would mute everything'],
      ['the watchdog beside others', ['severity=~".+"'], 'this would also mute Watchdog'],
      ['nothing', [], 'needs at least one matcher'],
    ])('of %s is refused, and nothing is muted', async (_, matchers, why) => {
      const before = (await silence('list', '--json')).stdout
      const { code, stderr } = await add(...matchers)
      expect(stderr).toContain(why)
      expect(code).toBe(2)
      expect((await silence('list', '--json')).stdout).toBe(before)
    })

    it('without an end or without a reason is refused', async () => {
      expect((await silence('add', 'service=a', '--comment', 'x')).stderr).toContain('a silence must end')
      expect((await silence('add', 'service=a', '--for', '2h')).stderr).toContain('--comment TEXT')
      expect((await silence('add', 'service=a', '--until', '2020-01-01', '--comment', 'x')).stderr).toContain(
        'is in the past',
      )
    })
  })

  it('history says what fired, how often, and what fires no more', async () => {
    const look = async () => {
      const { code, stdout, stderr } = await alertsHere([
        'history',
        '--since',
        '1h',
        '--json',
        '--prometheus',
        prometheus.url,
      ])
      expect([code, stderr]).toEqual([0, ''])
      return JSON.parse(stdout) as { labels: Record<string, string>; from: string; until: string | null }[]
    }
    let found = await look()
    for (
      const deadline = Date.now() + 40_000;
      found.filter(({ until }) => until).length < 2 && Date.now() < deadline;
    ) {
      await new Promise(resolve => setTimeout(resolve, 1_000))
      found = await look()
    }
    const over = found.filter(({ until }) => until !== null)
    expect(over.length).toBeGreaterThanOrEqual(2)
    for (const { labels, from, until } of over) {
      expect(labels).toEqual({ alertname: 'Flapping', severity: 'high', service: 'shop' })
      expect(Date.parse(until!)).toBeGreaterThan(Date.parse(from))
    }
    // newest first, and none within another
    for (const [index, { from }] of over.slice(0, -1).entries())
      expect(Date.parse(from)).toBeGreaterThanOrEqual(Date.parse(over[index + 1]!.until!))
    const { stdout } = await alertsHere(['history', '--severity', 'low', '--prometheus', prometheus.url])
    expect(stdout).toBe('no alerts fired in the last 24h\n')
  })
})
