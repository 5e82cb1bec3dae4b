// Whether a channel works that goes through the receiver, as `afn-otel alerts test` says it. Oracles: a real Alertmanager in front of
// `afn-otel alerts serve` as a process; the schemas of Discord and GitHub, which the stand-ins hold each request against.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertmanagerAt } from '../../src/monitoring/alerts/api'
import { testChannel } from '../../src/monitoring/alerts/channel-test'
import type { AlertsConfig } from '../../src/monitoring/alerts/config'
import { type RunningAlertmanager, startAlertmanager } from '../support/alerting'
import { findAlertmanager, findDiscordSchema, findGithubSchema } from '../support/binaries.mjs'
import { type DiscordSink, startDiscordSink, unknownWebhook } from '../support/discord-sink'
import { type GithubSink, startGithubSink } from '../support/github-sink'
import { freePorts } from '../support/ports'
import { alertmanagerYaml, configOf } from './files'
import { noNode, type Served, serve } from './serve'

const found = findAlertmanager()
const lacks = [found, findDiscordSchema(), findGithubSchema()].flatMap(one => ('missing' in one ? [one.missing] : []))
if (noNode) lacks.push(noNode)
if (lacks.length > 0) writeSync(1, `skipped: tests of channels through the receiver: ${lacks.join('; ')}\n`)

describe.skipIf(lacks.length > 0)('a test of a channel through the receiver', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-channel-receiver-'))
  let discord: DiscordSink
  let github: GithubSink
  let running: RunningAlertmanager
  let served: Served
  let config: AlertsConfig

  beforeAll(async () => {
    if ('missing' in found) return
    let port: number | undefined
    ;[discord, github, [port]] = await Promise.all([startDiscordSink(), startGithubSink(), freePorts(1)])
    discord.answer = channel =>
      channel === 'gone'
        ? unknownWebhook
        : channel === 'broken'
          ? { status: 500, body: { message: '500: Internal Server Error', code: 0 } }
          : undefined
    mkdirSync(path.join(folder, 'secrets'))
    const secret = (name: string, text: string) => writeFileSync(path.join(folder, 'secrets', name), `${text}\n`)
    for (const name of ['works', 'gone', 'broken']) secret(name, discord.webhook(name))
    secret('github', 'github-token')
    secret('token', 'token-of-the-receiver')
    const text = `
channels:
  ${['works', 'gone', 'broken'].map(name => `${name}: {kind: discord, webhook_url_file: secrets/${name}}`).join('\n  ')}
  tickets: {kind: tickets, repository: o/r, token_file: secrets/github, api_url: "${github.url}"}
receiver: {url: "http://localhost:${port}", token_file: secrets/token}
`
    writeFileSync(path.join(folder, 'alerts-config.yaml'), text)
    config = configOf(text)
    served = await serve(folder, ['--port', String(port)])
    running = await startAlertmanager(
      found.alertmanager,
      alertmanagerYaml(config, file => path.join(folder, file)),
      ['--enable-feature=receiver-name-in-metrics'],
    )
  })

  afterAll(async () => {
    await Promise.all([running?.stop(), served?.kill()])
    rmSync(folder, { recursive: true, force: true })
    await discord?.close()
    await github?.close()
  })

  const test = (name: string, timeoutMs = 20_000) => {
    const channel = config.channels[name]!
    const alertmanager = alertmanagerAt(running.url)
    return testChannel({ alertmanager, name, channel, severity: 'low', folder, receiver: config.receiver, timeoutMs })
  }

  it.concurrent('says that Discord has it, which has it once', async () => {
    const { verdict, words, id } = await test('works')
    expect([verdict, words]).toEqual(['delivered', 'to Discord'])
    // the test is over by now, and Discord is not notified of that
    await new Promise(resolve => setTimeout(resolve, 1_500))
    const posts = discord.posts.filter(({ channel }) => channel === 'works')
    expect(posts.map(({ text }) => text)).toEqual([expect.stringContaining(id)])
    expect(posts[0]?.text).toContain('[TEST]')
  })

  it.concurrent('says which ticket it made, which is closed', async () => {
    const { verdict, words } = await test('tickets')
    expect([verdict, words]).toEqual(['delivered', expect.stringMatching(/^as the ticket https?:\/\/\S+\/\d+$/)])
    await github.until(({ issues }) =>
      issues.some(({ title, state }) => title.includes('[TEST]') && state === 'closed'),
    )
    expect(github.issues).toHaveLength(1)
  })

  it.concurrent('says what is refused for good, and that the rest is tried again', async () => {
    const [gone, broken] = await Promise.all([test('gone'), test('broken', 4_000)])
    expect([gone.verdict, gone.words]).toEqual(['refused', expect.stringMatching(/404|webhook/i)])
    expect([broken.verdict, broken.words]).toEqual([
      'accepted',
      expect.stringMatching(/^by the receiver, which keeps trying: .*500/),
    ])
    expect(gone.words + broken.words).not.toContain('/api/webhooks/')
  })
})
