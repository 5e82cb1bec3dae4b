// Whether a channel works, as `afn-otel alerts test` says it. Oracles: a real Alertmanager, which sends and counts; Mailpit, a real mail
// server that refuses where a test wants it; Discord's own schema, which the sink holds each post against.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertmanagerAt } from '../../src/monitoring/alerts/api'
import { testChannel } from '../../src/monitoring/alerts/channel-test'
import type { Severity } from '../../src/shared/severities'
import { type Mailpit, type RunningAlertmanager, startAlertmanager, startMailpit } from '../support/alerting'
import { findAlertmanager, findDiscordSchema, findMailpit } from '../support/binaries.mjs'
import { type Answer, type DiscordSink, rateLimited, startDiscordSink, unknownWebhook } from '../support/discord-sink'
import { freePorts, listen } from '../support/ports'
import { alerts } from './command'
import { alertmanagerYaml, configOf } from './files'

const newest = findAlertmanager()
const mailServer = findMailpit()
const schema = findDiscordSchema()
const lacks = [newest, mailServer, schema].flatMap(found => ('missing' in found ? [found.missing] : []))
if (lacks.length > 0) writeSync(1, `skipped: tests of channels: ${lacks.join('; ')}\n`)

describe.skipIf(lacks.length > 0)('a test of a channel', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-channels-'))
  let sink: DiscordSink
  let hook: Server
  let hooked: { alerts: { labels: Record<string, string> }[] }[]
  let mailpits: Record<'takes' | 'later' | 'never' | 'encrypts', Mailpit>
  let running: RunningAlertmanager
  let text: string

  beforeAll(async () => {
    if ('missing' in newest || 'missing' in mailServer) return
    const start = () => startMailpit(mailServer.binary)
    const tls = { key: path.join(folder, 'key.pem'), cert: path.join(folder, 'cert.pem') }
    const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...name, '-keyout', tls.key, '-out', tls.cert],
      { stdio: 'ignore' },
    )
    const [discord, takes, later, never, encrypts] = await Promise.all([
      startDiscordSink(),
      start(),
      start(),
      start(),
      startMailpit(mailServer.binary, tls),
    ])
    sink = discord
    mailpits = { takes, later, never, encrypts }
    await encrypts.refuse({ at: 'Authentication', code: 535 })
    await later.refuse({ at: 'Sender', code: 451 })
    await never.refuse({ at: 'Recipient', code: 550 })
    hooked = []
    hook = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      hooked.push(JSON.parse(body))
      response.end()
    })
    const [hookPort, [closedPort]] = await Promise.all([listen(hook), freePorts(1)])
    const answers: Record<string, (tries: number) => Answer | undefined> = {
      gone: () => unknownWebhook,
      broken: () => ({ status: 500, body: { message: '500: Internal Server Error', code: 0 } }),
      busy: tries => (tries < 2 ? rateLimited(0.2) : undefined),
    }
    sink.answer = channel => answers[channel]?.(sink.requests.filter(request => request.channel === channel).length)
    mkdirSync(path.join(folder, 'secrets'))
    for (const name of ['works', 'gone', 'broken', 'busy', 'silent'])
      writeFileSync(path.join(folder, 'secrets', name), `${sink.webhook(name)}\n`, { mode: 0o600 })
    writeFileSync(path.join(folder, 'secrets/password'), 'password\n')
    const mail = (smarthost: string) =>
      `{kind: email, to: [oncall@example.com], from: alerts@example.com, smarthost: "${smarthost}", require_tls: false, username: me, password_file: secrets/password}`
    const mails = `
  mail: ${mail(takes.smarthost)}
  mail-later: ${mail(later.smarthost)}
  mail-never: ${mail(never.smarthost)}
  mail-closed: ${mail(`127.0.0.1:${closedPort}`)}
  mail-login: ${mail(encrypts.smarthost)}
  mail-trust: {kind: email, to: [oncall@example.com], from: alerts@example.com, smarthost: "${encrypts.smarthost}"}
  mail-tls: {kind: email, to: [oncall@example.com], from: alerts@example.com, smarthost: "${takes.smarthost}"}
  hook: {kind: webhook, url: "http://127.0.0.1:${hookPort}/hook"}
`
    text = `language: ja
channels:
  ${['works', 'gone', 'broken', 'busy', 'silent'].map(name => `${name}: {kind: discord, webhook_url_file: secrets/${name}, through: alertmanager}`).join('\n  ')}${mails}severities:
  critical: {delay: 1s, group_interval: 1s, repeat: 1h, channels: [mail]}
`
    writeFileSync(path.join(folder, 'alerts-config.yaml'), text)
    writeFileSync(
      path.join(folder, 'other.yaml'),
      'channels: {other: {kind: discord, webhook_url_file: secrets/works, through: alertmanager}}',
    )
    // counts for each receiver by itself, so that the tests may run at once
    const feature = '--enable-feature=receiver-name-in-metrics'
    const secret = (file: string) => path.join(folder, file)
    running = await startAlertmanager(newest.alertmanager, alertmanagerYaml(configOf(text), secret), [feature])
  })

  afterAll(async () => {
    await Promise.all([running?.stop(), ...Object.values(mailpits ?? {}).map(({ stop }) => stop())])
    hook?.close()
    rmSync(folder, { recursive: true, force: true })
    await sink?.close()
  })

  const test = async (name: string, severity: Severity = 'low', timeoutMs = 30_000) => {
    const channel = configOf(text).channels[name]!
    return testChannel({
      alertmanager: alertmanagerAt(running.url),
      name,
      channel,
      severity,
      folder,
      receiver: undefined,
      timeoutMs,
    })
  }
  const command = (channel: string, ...args: string[]) =>
    alerts(['test', '--channel', channel, '--alertmanager', running.url, ...args], folder)

  it.concurrent('is delivered to Discord, marked and to nobody else', async () => {
    const { code, stdout, stderr } = await command('works', '--severity', 'critical')
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^works: delivered to Discord \(test [0-9a-f]{8}\)\n$/)
    expect(code).toBe(0)
    const [post, ...more] = sink.posts.filter(({ channel }) => channel === 'works')
    expect(more).toEqual([])
    expect(post?.embeds[0]?.title).toBe('[TEST]【重大】AfnChannelTest: afn-otel (production)')
    expect(post?.text).toContain(/test (\w{8})/.exec(stdout)![1])
  })

  it.concurrent('is accepted by a mail server, with a subject in Japanese', async () => {
    const { verdict, words } = await test('mail')
    expect([verdict, words]).toEqual([
      'accepted',
      expect.stringMatching(/^by the mail server 127\.0\.0\.1:\d+; check the mailbox/),
    ])
    const [mail] = (await mailpits.takes.mails()).filter(({ subject }) => subject.includes('[TEST]'))
    expect(mail?.subject).toBe('[TEST]【低】AfnChannelTest: afn-otel (production)')
    // RFC 2047
    expect(mail?.raw).toMatch(/^Subject: =\?utf-8\?q\?[\x21-\x7e\s]+\?=\r?$/m)
    expect(mail?.to).toEqual(['oncall@example.com'])
  })

  it.concurrent('has the subject of a real alert beside it, which says when it is over, too', async () => {
    const post = async (endsAt?: Date) => {
      const labels = { alertname: 'Down', service: 'shop', severity: 'critical' }
      const annotations = { summary: '支払いができません', runbook_url: 'http://localhost:9095/runbooks/Down' }
      const response = await fetch(`${running.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ labels, annotations, ...(endsAt && { endsAt }) }]),
      })
      expect(response.status).toBe(200)
    }
    const mailOf = async (subject: string) => {
      for (const deadline = Date.now() + 40_000; Date.now() < deadline; ) {
        const mail = (await mailpits.takes.mails()).find(one => one.subject === subject)
        if (mail) return mail
        await new Promise(resolve => setTimeout(resolve, 200))
      }
      throw new Error(`no mail ${subject}`)
    }
    await post()
    const firing = await mailOf('【重大】Down: shop (production)')
    expect(firing.text).toContain('支払いができません')
    expect(firing.text).toMatch(/対応ページ: http:\/\/localhost:9095\/alerts\/[\da-f]{16}\s*$/)
    expect(firing.text.match(/http:/g)).toHaveLength(1)
    await post(new Date())
    expect((await mailOf('【復旧】Down: shop (production)')).text).toContain('復旧: 支払いができません')
  })

  it.concurrent('is accepted by a webhook, with the labels of a test', async () => {
    expect(await test('hook', 'high')).toMatchObject({ verdict: 'accepted', words: 'by the webhook' })
    const found = hooked.flatMap(({ alerts }) => alerts).find(({ labels }) => labels.severity === 'high')
    expect(found?.labels).toMatchObject({ synthetic: 'true', channel: 'hook', alertname: 'AfnChannelTest' })
  })

  it.concurrent('is delivered after Discord had had too much', async () => {
    const { verdict, words } = await test('busy')
    expect([verdict, words]).toEqual(['delivered', expect.stringMatching(/^to Discord, after [12] rejected attempt/)])
  })

  const refusals = {
    broken: /^Discord has a server error \(5xx\); wait, then test again/,
    'mail-later': /^127\.0\.0\.1:\d+ answers MAIL FROM:<alerts@example\.com> with 451 /,
    'mail-never': /^127\.0\.0\.1:\d+ answers RCPT TO:<oncall@example\.com> with 550 /,
    'mail-login': /^127\.0\.0\.1:\d+ answers AUTH with 535 /,
    'mail-trust': /^127\.0\.0\.1:\d+: self-signed certificate/,
    'mail-closed': /^127\.0\.0\.1:\d+: connect ECONNREFUSED/,
    'mail-tls': /the server does not offer STARTTLS; enable it there, or write require_tls: false/,
  }
  it.concurrent.each(Object.entries(refusals))('of %s is refused, and why', async (channel, expected) => {
    const { verdict, words } = await test(channel)
    expect(verdict).toBe('refused')
    expect(words).toMatch(expected)
  })

  it.concurrent('of a webhook that was deleted is refused, and no secret is shown', async () => {
    const { code, stdout, stderr } = await command('gone')
    expect(stdout).toMatch(
      /^gone: refused: Discord responded with 404 Unknown Webhook \(10015\): the webhook was deleted, .* write its URL into secrets\/gone/,
    )
    expect(stdout + stderr).not.toContain('/api/webhooks/')
    expect(code).toBe(1)
  })

  it.concurrent('that a silence mutes names the silence', async () => {
    const silence = await alerts(
      ['silence', 'add', 'channel=silent', '--for', '1h', '--comment', 'test', '--alertmanager', running.url],
      folder,
    )
    expect(silence.stderr).toBe('')
    const { verdict, words } = await test('silent', 'low', 2_000)
    expect(verdict).toBe('refused')
    expect(words).toMatch(new RegExp(`^the silence ${silence.stdout.slice(0, 8)}\\S* mutes it; expire it`))
    expect(sink.posts.filter(({ channel }) => channel === 'silent')).toEqual([])
  })

  it.concurrent('of a channel that is not there is refused before anything is sent', async () => {
    const { code, stderr } = await command('work')
    expect(stderr).toMatch(/unknown channel "work"; did you mean "works"\?/)
    expect(code).toBe(2)
  })

  it.concurrent('of an Alertmanager that runs another configuration says so', async () => {
    const { code, stderr } = await command('other', '--file', 'other.yaml')
    expect(stderr).toMatch(/has no route for tests of other; load the configuration/)
    expect(code).toBe(1)
  })
})
