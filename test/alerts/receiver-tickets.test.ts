// Tickets of the receiver, on a stand-in that holds each request and answer against GitHub's own description of its API.
import { describe, expect, it } from 'vitest'
import { secondaryLimit } from '../support/github-sink'
import { lacks, metricsOf, notify, quiet, startStand, ticketChannel, until } from './stand'

if (lacks) console.log(`skipped: receiver's tickets: ${lacks}`)

describe.skipIf(lacks).concurrent('tickets', () => {
  it('are made once for a group, closed when it is resolved, and opened again when it fires again', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    for (let repeat = 0; repeat < 3; repeat++) await notify(receiver, { name: 'Down' })
    await stand.github.until(({ issues }) => issues.length > 0)
    await notify(receiver, { name: 'Down' })
    await quiet(receiver)
    expect(stand.github.issues.map(({ title, state, labels, comments }) => [title, state, labels, comments])).toEqual([
      ['[CRITICAL] Down (shop)', 'open', ['alert'], []],
    ])
    expect(stand.github.issues[0]!.body).toContain('**Down is wrong**')

    await notify(receiver, { name: 'Down', status: 'resolved' })
    await stand.github.until(({ issues }) => issues[0]!.comments.length === 1)
    await notify(receiver, { name: 'Down', status: 'resolved' })
    await quiet(receiver)
    expect(stand.github.issues[0]).toMatchObject({
      state: 'closed',
      comments: [expect.stringContaining('Resolved at')],
    })

    await notify(receiver, { name: 'Down', round: 2 })
    await stand.github.until(({ issues }) => issues[0]!.comments.length === 2)
    await notify(receiver, { name: 'Other' })
    await stand.github.until(({ issues }) => issues.length === 2)
    await quiet(receiver)
    expect(stand.github.issues[0]).toMatchObject({ state: 'open', comments: [{}, expect.stringContaining('for the 2nd time')].map(comment => typeof comment === 'string' ? comment : expect.anything()) }) // biome-ignore format: one line
    expect(await metricsOf(receiver)).toMatchObject({
      'afn_alerts_tickets_total{channel="tickets",action="opened"}': 2,
      'afn_alerts_tickets_total{channel="tickets",action="closed"}': 1,
      'afn_alerts_tickets_total{channel="tickets",action="reopened"}': 1,
    })
  })

  it('and messages say neither who nor with which key, and no text leads elsewhere than it says', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    const key = `ghp_${'aB3dE5gH7jK9mN1pQ'.repeat(2)}xY`
    const summary = `alice@example.com with password=Hunter2zzQ1 GH-26 [grafana]: https://evil.example\n\n[grafana]`
    const annotations = { summary, description: `${key} as in https://github.com/example/operations/issues/3` }
    await notify(receiver, { name: 'Down', service: 'bob@example.com', labels: { k: key }, annotations })
    await stand.github.until(({ issues }) => issues.length === 1)
    await stand.discord.until(({ posts }) => posts.length === 1)
    const { title, body } = stand.github.issues[0]!
    for (const said of [title + body, JSON.stringify(stand.discord.posts)]) {
      expect(said).not.toMatch(/alice|bob@|Hunter2|aB3dE5gH7/)
      expect(said).toContain('[EMAIL]')
    }
    expect(body).not.toMatch(/\bGH-26|issues\/3|\]: https/)
  })

  it('above the limit of an hour come into one digest with a line for each, and none is lost', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start({ tickets: [ticketChannel(stand.github, 3)] })
    const names = Array.from({ length: 40 }, (_, at) => `Flood${at}End`)
    await Promise.all(names.map(name => notify(receiver, { name })))
    // what came first is a digest already; the others are added to it after a pause
    await stand.github.until(({ issues }) => issues.length === 4)
    const shown = () => stand.github.issues.map(({ title, body }) => `${title}\n${body}`).join('\n')
    await stand.github.until(() => {
      // each addition is followed by a pause, and on a busy machine there is more than one
      stand.ahead += 1_000
      return names.every(name => shown().includes(name))
    })
    expect(stand.github.issues.length).toBe(4)
    expect(stand.github.issues.filter(({ title }) => title.startsWith('37 alerts'))).toHaveLength(1)
    stand.ahead += 61 * 60_000
    await notify(receiver, { name: 'Later' })
    await stand.github.until(({ issues }) => issues.length === 5)
    await Promise.all(names.map(name => notify(receiver, { name, status: 'resolved' })))
    await quiet(receiver)
    stand.ahead += 15_000
    await stand.github.until(({ issues }) => issues.filter(({ state }) => state === 'closed').length === 4)
    expect(stand.github.issues.find(({ title }) => title.startsWith('37'))!.body).not.toContain('- [ ]')
  })

  it('are found by what stands in their body when the database is lost, and by their list while the search is behind', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    stand.github.searchLag = 3_600_000
    await notify(receiver, { name: 'Down' })
    await stand.github.until(({ issues }) => issues.length === 1)
    const another = await stand.start({ database: { url: `${stand.folder}/another.db` } })
    await notify(another, { name: 'Down' })
    await notify(another, { name: 'Down', status: 'resolved' })
    await stand.github.until(({ issues }) => issues[0]!.state === 'closed')
    expect(stand.github.issues).toHaveLength(1)
  })

  it.for(['POST', 'PATCH', 'GET'])(
    'are not made twice when the answer of a %s is lost on the way',
    async (method, context) => {
      const stand = await startStand(context)
      const receiver = await stand.start()
      let lost = 0
      stand.github.answer = request =>
        request.method === method && lost++ < 3 ? { status: 0, after: true, cut: true } : undefined
      await notify(receiver, { name: 'Down' })
      const again = setInterval(() => (stand.ahead += 10_000), 500)
      context.onTestFinished(() => clearInterval(again))
      await stand.github.until(({ issues }) => issues.length === 1)
      await fetch(`${receiver.url}/incidents/Down/acknowledge`, { method: 'POST', body: '{"by":"Aiko"}' })
      await notify(receiver, { name: 'Down', status: 'resolved' })
      await stand.github.until(({ issues }) => issues[0]!.state === 'closed' && issues[0]!.comments.length === 2)
      await quiet(receiver)
      expect(stand.github.issues.map(({ comments }) => comments.map(comment => comment.split(' ')[0]))).toEqual([
        ['Acknowledged', 'Resolved'],
      ])
      expect(lost).toBeGreaterThan(1)
    },
  )

  it('wait as long as GitHub says after a 403 of its secondary limit, also after a restart', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    stand.github.answer = () => secondaryLimit(600)
    await notify(receiver, { name: 'Down' })
    await stand.github.until(({ requests }) => requests.length === 1)
    stand.github.answer = () => undefined
    await until('the wait is stored', async () => 'afn_alerts_failures_total{channel="tickets",reason="rate_limited"}' in (await metricsOf(receiver))) // biome-ignore format: one line
    await receiver.close()
    const next = await stand.start()
    await notify(next, { name: 'Other' })
    await stand.discord.until(({ posts }) => posts.length === 2)
    expect(stand.github.requests).toHaveLength(1)
    expect(await metricsOf(next)).toMatchObject({ 'afn_alerts_queue{channel="tickets"}': 2 })
    stand.ahead = 601_000
    await stand.github.until(({ issues }) => issues.length === 2)
  })

  it.for([
    [401, 'auth', 1],
    [404, 'not_found', 1],
    [410, 'not_found', 1],
    [500, 'server', 0],
    [503, 'server', 0],
    [429, 'rate_limited', 0],
  ] as const)(
    'say so when GitHub answers %i, and are made when it is well again',
    async ([status, reason, blocked], context) => {
      const stand = await startStand(context)
      const receiver = await stand.start()
      stand.github.answer = () => ({ status, body: { message: 'no' } })
      await notify(receiver, { name: 'Down' })
      const failed = `afn_alerts_failures_total{channel="tickets",reason="${reason}"}`
      await until('the failure is counted', async () => failed in (await metricsOf(receiver)))
      expect((await metricsOf(receiver))['afn_alerts_blocked{channel="tickets"}'] ?? 0).toBe(blocked)
      stand.github.answer = () => undefined
      stand.ahead = 400_000
      await stand.github.until(({ issues }) => issues.length === 1)
      await until(
        'the channel works',
        async () => !('afn_alerts_blocked{channel="tickets"}' in (await metricsOf(receiver))),
      )
    },
  )

  it('go on for the others when GitHub refuses what one says', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    stand.github.answer = ({ method }) => (method === 'POST' && stand.github.requests.filter(({ method }) => method === 'POST').length === 0 ? { status: 422, body: { message: 'Validation Failed', documentation_url: '' } } : undefined) // biome-ignore format: one line
    await notify(receiver, { name: 'Refused' })
    await notify(receiver, { name: 'Taken' })
    await stand.github.until(({ issues }) => issues.length === 1)
    expect(await metricsOf(receiver)).toMatchObject({
      'afn_alerts_failures_total{channel="tickets",reason="refused"}': 1,
    })
    stand.ahead = 120_000
    await stand.github.until(({ issues }) => issues.length === 2)
  })

  it('of a test are marked, closed at once, and outside of the limit', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start({ tickets: [ticketChannel(stand.github, 1)] })
    await notify(receiver, { name: 'Test', labels: { channel_test: 'x', synthetic: 'true' } }, 'channel=tickets')
    await stand.github.until(({ issues }) => issues[0]?.state === 'closed')
    expect(stand.github.issues[0]!.title).toBe('[TEST] [CRITICAL] Test (shop)')
    await notify(receiver, { name: 'Real' })
    await stand.github.until(({ issues }) => issues.length === 2)
  })

  it('show nothing of an alert that calls people or other issues', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    const summary = 'look @everyone at #1 <script>alert(1)</script> [Acknowledge](https://evil.example)'
    await notify(receiver, { name: 'Down', annotations: { summary, runbook_url: 'javascript:alert(1)' } })
    await stand.github.until(({ issues }) => issues.length === 1)
    expect(stand.github.issues[0]!.body).not.toMatch(/@everyone|#1\b|<script|javascript:|\]\(https:\/\/evil/)
  })

  it('are made again where people have deleted one, and only while the alert fires', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    await notify(receiver, { name: 'Down' })
    await stand.github.until(({ issues }) => issues.length === 1)
    await notify(receiver, { name: 'Down', status: 'resolved' })
    await stand.github.until(({ issues }) => issues[0]!.state === 'closed')
    await quiet(receiver)
    stand.github.issues[0]!.body = 'taken away'
    stand.github.answer = ({ path }) => (path.endsWith('/issues/1') ? { status: 410, body: { message: 'This issue was deleted' } } : undefined) // biome-ignore format: one line
    await notify(receiver, { name: 'Down', round: 2 })
    await stand.github.until(({ issues }) => issues.length === 2)
    expect(stand.github.issues[1]!.state).toBe('open')
  })
})
