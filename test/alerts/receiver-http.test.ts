// Who is answered by the receiver, and what of Alertmanager's payload is taken.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemsIn } from '../support/exposition'
import { lacks, metricsOf, notify, startStand, webhookOf } from './stand'

if (lacks) console.log(`skipped: receiver's door: ${lacks}`)

/** As node sends it: fetch forbids `host`. */
const ask = (url: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end(body)
  })

describe.skipIf(lacks).concurrent('the receiver', () => {
  it('refuses names that are not its own, pages of others, and who brings no token', async context => {
    const stand = await startStand(context)
    const { url } = await stand.start({ token: 'secret', names: ['alerts.example.com'] })
    const right = { authorization: 'Bearer secret' }
    const hook = `${url}/alertmanager?channel=ops`
    const body = JSON.stringify(webhookOf({ name: 'Down' }))
    expect(await ask(`${url}/history`, { host: 'evil.example' })).toBe(401)
    // a container calls it by the name of its service
    expect(await ask(`${url}/history`, { ...right, host: 'alerts:9095' })).toBe(200)
    expect(await ask(`${url}/incidents/x`, { host: 'evil.example' })).toBe(403)
    expect(await ask(`${url}/history`, { ...right, host: 'alerts.example.com' })).toBe(200)
    expect(await ask(`${url}/history`, right)).toBe(200)
    expect(await ask(`${url}/history`, {})).toBe(401)
    expect(await ask(`${url}/metrics`, {})).toBe(401)
    expect(await ask(hook, {}, 'POST', body)).toBe(401)
    expect(await ask(hook, { authorization: 'Bearer wrong' }, 'POST', body)).toBe(401)
    expect(await ask(hook, { ...right, origin: 'https://evil.example' }, 'POST', body)).toBe(403)
    expect(await ask(hook, right, 'POST', body)).toBe(200)
    // what people come to from a chat or a mail
    expect(await ask(`${url}/healthz`, {})).toBe(200)
    const fromElsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect(await ask(`${url}/incidents/x`, fromElsewhere)).toBe(404)
    expect(await ask(`${url}/incidents/x/sign-in`, {})).toBe(401)
    expect(await ask(`${url}/runbooks/None`, fromElsewhere)).toBe(404)
    expect((await fetch(`${url}/history`, { headers: right })).headers.get('access-control-allow-origin')).toBe(null)
  })

  it.for([
    ['no JSON', '{', /invalid JSON/],
    ['a list', '[]', /the body must be an object/],
    ['another version', JSON.stringify({ ...webhookOf({ name: 'X' }), version: '3' }), /version is "3"/],
    [
      'no group',
      JSON.stringify({ ...webhookOf({ name: 'X' }), groupKey: undefined }),
      /groupKey must be a non-empty string/,
    ],
    ['no alerts', JSON.stringify({ ...webhookOf({ name: 'X' }), alerts: [] }), /alerts must be a list/],
    [
      'a status that is none',
      JSON.stringify({ ...webhookOf({ name: 'X' }), status: 'ok' }),
      /it must be firing or resolved/,
    ],
    [
      'labels that are no texts',
      JSON.stringify({ ...webhookOf({ name: 'X' }), commonLabels: { a: 1 } }),
      /commonLabels.a must be a string/,
    ],
  ] as const)('refuses %s with what is wrong, and counts it', async ([, body, why], context) => {
    const stand = await startStand(context)
    const { url } = await stand.start()
    const answer = await fetch(`${url}/alertmanager?channel=ops`, { method: 'POST', body })
    expect([answer.status, (await answer.json()).message]).toEqual([400, expect.stringMatching(why)])
    expect(await metricsOf({ url })).toMatchObject({ 'afn_alerts_refused_total{reason="400"}': 1 })
  })

  it('takes what is for a channel that it knows, and asks Alertmanager to come again where it knows none', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    expect((await notify(receiver, { name: 'Down' }, 'channel=new')).status).toBe(503)
    expect((await notify(receiver, { name: 'Down' }, 'channel=new&channel=ops')).status).toBe(200)
    await stand.discord.until(({ posts }) => posts.length === 1)
  })

  it('takes a group of thousands of alerts, and no body without an end', async context => {
    const stand = await startStand(context)
    const { url } = await stand.start()
    const big = webhookOf({ name: 'Big' }) as { alerts: object[] }
    big.alerts = Array.from({ length: 5_000 }, (_, at) => ({ ...big.alerts[0], fingerprint: `f${at}` }))
    const send = (body: string) => fetch(`${url}/alertmanager?channel=ops&channel=tickets`, { method: 'POST', body })
    expect((await send(JSON.stringify(big))).status).toBe(200)
    await stand.discord.until(({ posts }) => posts.length === 1)
    await stand.github.until(({ issues }) => issues.length === 1)
    expect((await send('x'.repeat(17 * 2 ** 20))).status).toBe(413)
  })

  it('takes notifications while hundreds of strangers send forms that never end, of which it reads none', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    const { port } = new URL(receiver.url)
    const head = 'POST /incidents/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16000000\r\n\r\n'
    const answers: Promise<string>[] = []
    const strangers = Array.from({ length: 300 }, (): Socket => {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
      socket.write(head + 'a'.repeat(250 * 1024))
      answers.push(new Promise(resolve => socket.once('data', data => resolve(String(data).slice(9, 12)))))
      return socket
    })
    try {
      expect(new Set(await Promise.all(answers))).toEqual(new Set(['404']))
      for (let at = 0; at < 5; at++) expect((await notify(receiver, { name: `Down${at}` })).status).toBe(200)
    } finally {
      for (const socket of strangers) socket.destroy()
    }
  })

  it('has the runbooks of its folder and nothing beside it', async context => {
    const stand = await startStand(context)
    mkdirSync(path.join(stand.folder, 'runbooks'))
    writeFileSync(path.join(stand.folder, 'runbooks/Down.md'), '# Down')
    writeFileSync(path.join(stand.folder, 'secret.md'), 'secret')
    const { url } = await stand.start()
    expect(await (await fetch(`${url}/runbooks/Down.md`)).text()).toBe('# Down')
    expect(await (await fetch(`${url}/runbooks/Down`)).text()).toContain('<h1>Down</h1>')
    for (const name of ['../secret', '..%2fsecret', '%2e%2e/secret.md', '..%5csecret', 'Down%00', 'None', ''])
      expect(await ask(`${url}/runbooks/${name}`, {})).toBe(404)
  })

  it('has the metrics that the rules of the pipeline know, and its counters from the beginning', async context => {
    const stand = await startStand(context)
    const { url } = await stand.start()
    await notify({ url }, { name: 'Down' })
    const text = await (await fetch(`${url}/metrics`)).text()
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    const known = readFileSync(path.join(import.meta.dirname, '../monitoring/exposed/alert-receiver.txt'), 'utf8')
    expect([...known.matchAll(/^\w+/gm)].filter(([name]) => !names.includes(name))).toEqual([])
    expect(text).toContain('afn_alerts_failures_total{channel="tickets",reason="auth"} 0\n')
    expect(problemsIn(text)).toEqual([])
  })

  it('says what has happened, the newest first', async context => {
    const stand = await startStand(context)
    const { url } = await stand.start()
    await notify({ url }, { name: 'Down' })
    stand.ahead = 1_000
    await fetch(`${url}/incidents/Down/acknowledge`, { method: 'POST', body: '{"by":"Aiko"}' })
    stand.ahead = 2_000
    await notify({ url }, { name: 'Down', status: 'resolved' })
    const { events } = await (await fetch(`${url}/history?limit=10`)).json()
    expect(
      events.map(({ event, detail, alertname, severity }: Record<string, string>) => [
        event,
        detail,
        alertname,
        severity,
      ]),
    ).toEqual([
      ['resolved', '', 'Down', 'critical'],
      ['acknowledged', 'Aiko', 'Down', 'critical'],
      ['fired', '', 'Down', 'critical'],
    ])
    expect((await fetch(`${url}/history?since=yesterday`)).status).toBe(400)
    expect((await fetch(`${url}/history?limit=0`)).status).toBe(400)
  })
})
