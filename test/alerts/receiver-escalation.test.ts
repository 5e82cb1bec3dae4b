// Escalation and acknowledgement. Alertmanager is a list of what was posted to it here, and the real one in `end-to-end`.
import { describe, expect, it } from 'vitest'
import { Links } from '../../src/operations/alert-receiver/links'
import { hook, lacks, MINUTE, metricsOf, notify, type Stand, startStand, until } from './stand'

if (lacks) console.log(`skipped: receiver's escalation: ${lacks}`)

/** Steps that came to Alertmanager, each once: it knows an alert by its labels. */
const stepsOf = ({ alertmanager }: Stand) =>
  [...new Set(alertmanager.posts.flat().map(({ labels }) => `${labels.alertname} ${labels.escalation}`))].sort()
const lastOf = ({ alertmanager }: Stand, step: string) =>
  alertmanager.posts.flat().findLast(({ labels }) => labels.escalation === step)!
/** Two looks of a worker are over. */
const settled = () => new Promise(resolve => setTimeout(resolve, 2_500))

describe.skipIf(lacks).concurrent('escalation', () => {
  it('takes each step of the ladder once, whatever Alertmanager repeats, and ends when the alert is resolved', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    await notify(receiver, { name: 'Down' })
    stand.ahead = 4 * MINUTE
    await notify(receiver, { name: 'Down' })
    await settled()
    expect(stepsOf(stand)).toEqual([])
    stand.ahead = 5 * MINUTE + 1_000
    await until('step 1', () => stepsOf(stand).length === 1)
    // a repeat begins nothing anew
    await notify(receiver, { name: 'Down' })
    stand.ahead = 10 * MINUTE + 2_000
    await until('step 2', () => stepsOf(stand).length === 2)
    expect(stepsOf(stand)).toEqual(['Down 1', 'Down 2'])
    expect(lastOf(stand, '1').labels).toMatchObject({ alertname: 'Down', service: 'shop', severity: 'critical' })
    expect(lastOf(stand, '1').annotations).toMatchObject({
      summary: expect.stringMatching(/^Not acknowledged for 5 min: Down is wrong$/),
      incident_url: expect.stringContaining('http://localhost:9095/incidents/'),
    })
    expect(new Set(stand.alertmanager.posts.flat().filter(({ labels }) => labels.escalation === '1').map(({ startsAt }) => startsAt)).size).toBe(1) // biome-ignore format: one line
    await notify(receiver, { name: 'Down', status: 'resolved' })
    await until('both end', () =>
      ['1', '2'].every(step => lastOf(stand, step).annotations.summary!.startsWith('Resolved')),
    )
    expect(Date.parse(lastOf(stand, '1').endsAt)).toBeLessThanOrEqual(Date.now() + stand.ahead)
    const count = stand.alertmanager.posts.length
    stand.ahead = 60 * MINUTE
    await settled()
    expect(stand.alertmanager.posts.length).toBe(count)
    expect(await metricsOf(receiver)).toMatchObject({
      'afn_alerts_escalations_total{severity="critical",step="1"}': 1,
      'afn_alerts_escalations_total{severity="critical",step="2"}': 1,
    })
    // fires again: another episode, from the first step on
    await notify(receiver, { name: 'Down', round: 2 })
    stand.ahead += 5 * MINUTE + 1_000
    await until('step 1 again', async () => (await metricsOf(receiver))['afn_alerts_escalations_total{severity="critical",step="1"}'] === 2) // biome-ignore format: one line
  })

  it('does not come where somebody acknowledged a second before, and not after either', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    await notify(receiver, { name: 'Down' })
    stand.ahead = 4 * MINUTE + 59_000
    const answer = await fetch(`${receiver.url}/incidents/Down/acknowledge`, { method: 'POST', body: '{"by":"Aiko"}' })
    expect([answer.status, (await answer.json()).isNew]).toEqual([200, true])
    stand.ahead = 30 * MINUTE
    await notify(receiver, { name: 'Down' })
    await settled()
    expect(stepsOf(stand)).toEqual([])
    expect(await metricsOf(receiver)).toMatchObject({
      'afn_alerts_acknowledgements_total{by="command"}': 1,
      'afn_alerts_incidents{severity="critical",state="acknowledged"}': 1,
    })
    await stand.github.until(({ issues }) => issues[0]?.comments[0]?.startsWith('Acknowledged by Aiko') ?? false)
    await stand.discord.until(({ posts }) =>
      posts.some(({ text }) => text.includes('[ACKNOWLEDGED]') && text.includes('Aiko')),
    )
  })

  it('ends in Alertmanager when somebody acknowledges it, and says who', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    await notify(receiver, { name: 'Down' })
    stand.ahead = 6 * MINUTE
    await until('step 1', () => stepsOf(stand).length === 1)
    const link = new URL(lastOf(stand, '1').annotations.incident_url!)
    await fetch(`${receiver.url}${link.pathname}${link.search}`, { method: 'POST', body: 'by=Kenji' })
    await until('it ends', () => lastOf(stand, '1').annotations.summary === 'Acknowledged by Kenji: Down is wrong')
    stand.ahead = 60 * MINUTE
    await settled()
    expect(stepsOf(stand)).toEqual(['Down 1'])
  })

  it('is for what the route gives a ladder: not for tests, other environments and its own copies', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    await notify(receiver, { name: 'NoLadder' }, 'channel=ops')
    await notify(receiver, { name: 'Test', labels: { synthetic: 'true' } })
    await notify(receiver, { name: 'Copy', labels: { escalation: '1' } }, 'channel=ops&ladder=critical')
    await notify(receiver, { name: 'Low', severity: 'low' }, 'channel=ops&ladder=low')
    stand.ahead = 60 * MINUTE
    await settled()
    expect(stepsOf(stand)).toEqual([])
    expect((await (await fetch(`${receiver.url}/incidents`)).json()).incidents.map(({ alertname }: { alertname: string }) => alertname).sort()).toEqual(['Low', 'NoLadder', 'Test']) // biome-ignore format: one line
  })

  it('waits for Alertmanager where that is away, and loses no step', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    stand.alertmanager.status = 503
    await notify(receiver, { name: 'Down' })
    stand.ahead = 6 * MINUTE
    const failed = 'afn_alerts_failures_total{channel="Alertmanager",reason="server"}'
    await until('the failure is counted', async () => failed in (await metricsOf(receiver)))
    stand.alertmanager.status = 200
    stand.ahead = 8 * MINUTE
    await until('step 1', () => stepsOf(stand).length === 1)
  })

  it('is taken once by two receivers on one database, and so is everything else', async context => {
    const stand = await startStand(context)
    const [one, other] = [await stand.start(), await stand.start()]
    const names = Array.from({ length: 8 }, (_, at) => `Down${at}End`)
    await Promise.all(names.flatMap(name => [notify(one, { name }), notify(other, { name })]))
    stand.ahead = 5 * MINUTE + 1_000
    await until('all escalate', () => stepsOf(stand).length === names.length)
    await stand.github.until(({ issues }) => issues.length === names.length)
    await stand.discord.until(({ posts }) => posts.length >= names.length)
    await one.close()
    await Promise.all(names.flatMap(name => notify(other, { name, status: 'resolved' })))
    await stand.github.until(({ issues }) => issues.every(({ state }) => state === 'closed'))
    await stand.discord.until(({ posts }) => posts.length === 2 * names.length)
    await settled()
    expect(stand.github.issues.map(({ comments }) => comments.length)).toEqual(names.map(() => 1))
    expect(stand.github.issues).toHaveLength(names.length)
    expect(stand.discord.posts.map(({ text }) => text.split('\n')[0]).sort()).toEqual(
      names.flatMap(name => [`[CRITICAL] ${name} (shop)`, `[RESOLVED] ${name} (shop)`]).sort(),
    )
  })
})

describe.skipIf(lacks).concurrent('an alert that Alertmanager has forgotten', () => {
  it('is over after a quarter of an hour, if Alertmanager has known it', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    await notify(receiver, { name: 'Known' })
    await notify(receiver, { name: 'Forgotten' })
    // of another Alertmanager than ours
    await notify(receiver, { name: 'Elsewhere' })
    stand.alertmanager.known = [{ name: 'Known' }, { name: 'Forgotten' }]
    stand.ahead = 2 * MINUTE
    await stand.github.until(({ issues }) => issues.length === 3)
    await settled()
    stand.alertmanager.known = [{ name: 'Known' }]
    stand.ahead = 4 * MINUTE
    await settled()
    stand.ahead = 10 * MINUTE
    await settled()
    expect(stand.github.issues.map(({ state }) => state)).toEqual(['open', 'open', 'open'])
    stand.ahead = 20 * MINUTE
    await stand.github.until(({ issues }) => issues.some(({ state }) => state === 'closed'))
    await stand.discord.until(({ posts }) => posts.some(({ text }) => text.startsWith('[RESOLVED] Forgotten')))
    stand.ahead = 60 * MINUTE
    await settled()
    expect(stand.github.issues.filter(({ state }) => state === 'closed').map(({ title }) => title)).toEqual([
      '[CRITICAL] Forgotten (shop)',
    ])
  })
})

describe.skipIf(lacks).concurrent('a link', () => {
  const linkIn = async (stand: Stand, url: string) => {
    await stand.discord.until(({ posts }) => posts.length > 0)
    const found = /http:\/\/localhost:9095(\/incidents\/[^)\s]+)/.exec(stand.discord.posts[0]!.text)
    return `${url}${found![1]}`
  }
  const acknowledged = async (url: string) =>
    (await (await fetch(`${url}/incidents`)).json()).incidents.map(
      (one: { acknowledgedBy?: string }) => one.acknowledgedBy,
    )

  it('acknowledges nothing when a program looks at it, and by its button once', async context => {
    const stand = await startStand(context)
    const { url } = await stand.start()
    await notify({ url }, { name: 'Down', annotations: { summary: '<b>x</b>' } })
    const link = await linkIn(stand, url)
    const [look, head] = [await fetch(link), await fetch(link, { method: 'HEAD' })]
    expect([look.status, head.status, await acknowledged(url)]).toEqual([200, 200, [undefined]])
    const page = await look.text()
    expect(page).toContain('<form method="post">')
    expect(page).not.toContain('<b>x')
    expect(look.headers.get('content-security-policy')).toContain("default-src 'none'")
    const press = await fetch(link, { method: 'POST', body: new URLSearchParams({ by: 'Aiko <script>' }) })
    expect(await press.text()).toContain('by Aiko &#60;script&#62;')
    expect(await acknowledged(url)).toEqual(['Aiko <script>'])
    const again = await fetch(link, { method: 'POST', body: new URLSearchParams({ by: 'Kenji' }) })
    expect(await again.text()).toContain('Already acknowledged.')
    expect(await metricsOf({ url })).toMatchObject({ 'afn_alerts_acknowledgements_total{by="link"}': 1 })
  })

  it('holds for its episode and its time, and not when somebody has changed it', async context => {
    const stand = await startStand(context)
    const { url } = await stand.start()
    await notify({ url }, { name: 'Down' })
    const link = await linkIn(stand, url)
    const press = async (address: string) => (await fetch(address, { method: 'POST' })).status
    expect(await press(link.replace(/episode=1/, 'episode=2'))).toBe(403)
    expect(await press(link.replace(/signature=(.)/, (_, first) => `signature=${first === '_' ? '-' : '_'}`))).toBe(403)
    expect(await press(link.replace(/\?.*/, ''))).toBe(403)
    expect(await press(new Links(url, Buffer.from('another key'), Date.now).of(/[\da-f]{16}/.exec(link)![0], 1))).toBe(
      403,
    )
    await notify({ url }, { name: 'Down', status: 'resolved' })
    await notify({ url }, { name: 'Down', round: 2 })
    expect(await press(link)).toBe(404)
    stand.ahead = 80 * 60 * MINUTE
    expect(await press(link)).toBe(410)
    expect(await acknowledged(url)).toEqual([undefined])
  })

  it('is not needed for the command, which asks where a name is not the only one', async context => {
    const stand = await startStand(context)
    const { url } = await stand.start()
    await notify({ url }, { name: 'Down', service: 'shop' }, hook)
    await notify({ url }, { name: 'Down', service: 'cart' }, hook)
    const press = (what: string) =>
      fetch(`${url}/incidents/${encodeURIComponent(what)}/acknowledge`, { method: 'POST', body: '{}' })
    expect([(await press('Down')).status, (await press('Up')).status, (await press('%')).status]).toEqual([
      409, 404, 404,
    ])
    const { incidents } = await (await press('Down')).json()
    expect((await press(incidents[0].id.slice(0, 8))).status).toBe(200)
    expect((await acknowledged(url)).filter(Boolean)).toHaveLength(1)
  })
})
