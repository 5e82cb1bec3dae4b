// 500 alerts at once, with the times of the default file, on the real Alertmanager 0.35: what Discord and GitHub get, by their stand-ins'
// own counts. `npm test` has the same without Alertmanager in receiver-discord and receiver-tickets.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startAlertmanager } from '../support/alerting'
import { findAlertmanager, findDiscordSchema, findGithubSchema } from '../support/binaries.mjs'
import { startDiscordSink } from '../support/discord-sink'
import { startGithubSink } from '../support/github-sink'
import { isLong } from '../support/long'
import { freePorts } from '../support/ports'
import { alertmanagerYaml, configOf } from './files'
import { noNode, serve } from './serve'
import { until } from './stand'

const alertmanager = findAlertmanager()
const lacks = [alertmanager, findDiscordSchema(), findGithubSchema()].flatMap(found =>
  'missing' in found ? [found.missing] : [],
)
if (noNode) lacks.push(noNode)
if (lacks.length > 0) writeSync(1, `skipped: flood of alerts: ${lacks.join('; ')}\n`)

describe.skipIf(lacks.length > 0 || !isLong('alerts'))('500 alerts at once', () => {
  it('are at most 30 requests to Discord in any minute and 11 new issues, and each is named by both', {
    timeout: 300_000,
  }, async context => {
    if ('missing' in alertmanager) return
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-flood-'))
    const [discord, github, [port]] = await Promise.all([startDiscordSink(), startGithubSink(), freePorts(1)])
    mkdirSync(path.join(folder, 'secrets'))
    writeFileSync(path.join(folder, 'secrets/discord'), discord.webhook('ops'))
    writeFileSync(path.join(folder, 'secrets/github'), 'github-token')
    const text = `channels:
  discord: {kind: discord, webhook_url_file: secrets/discord}
  tickets: {kind: tickets, repository: o/r, token_file: secrets/github, api_url: "${github.url}"}
receiver: {url: "http://localhost:${port}"}
`
    writeFileSync(path.join(folder, 'alerts-config.yaml'), text)
    const running = await startAlertmanager(alertmanager.alertmanager, alertmanagerYaml(configOf(text)))
    const receiver = await serve(folder, ['--port', String(port), '--alertmanager', running.url])
    context.onTestFinished(async () => {
      await Promise.all([receiver.end(), running.stop()])
      rmSync(folder, { recursive: true, force: true })
      await discord.close()
      await github.close()
    })
    const names = Array.from({ length: 500 }, (_, at) => `Flood${at}End`)
    const alerts = names.map((alertname, at) => ({
      labels: { alertname, service: `service-${at % 7}`, severity: 'critical' },
      annotations: { summary: `${alertname} is wrong` },
    }))
    const headers = { 'content-type': 'application/json' }
    const begin = Date.now()
    await fetch(`${running.url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(alerts) })
    const posted = () => discord.posts.map(({ text }) => text).join('\n')
    const shown = () => github.issues.map(({ title, body }) => `${title}\n${body}`).join('\n')
    await until('each is in a post', () => names.every(name => posted().includes(name)), 240_000)
    await until('each is in an issue', () => names.every(name => shown().includes(name)), 240_000)
    const times = discord.requests.map(({ at }) => at)
    const most = Math.max(...times.map(from => times.filter(at => at >= from && at < from + 60_000).length))
    writeSync(
      1,
      `500 alerts: ${discord.posts.length} posts, ${github.issues.length} issues after ${Math.round((Date.now() - begin) / 1_000)} s\n`,
    )
    expect(most).toBeLessThanOrEqual(30)
    expect(github.issues).toHaveLength(11)
    expect(discord.requests.every(({ status }) => status === 200)).toBe(true)
  })
})
