// Discord through the receiver: its limit of a minute, what it refuses, and that no alert is lost by either.
import { describe, expect, it } from 'vitest'
import { rateLimited, unknownWebhook } from '../support/discord-sink'
import { lacks, MINUTE, metricsOf, notify, startStand, until } from './stand'

if (lacks) console.log(`skipped: receiver's posts: ${lacks}`)

const only = 'channel=ops'

describe.skipIf(lacks).concurrent('posts', () => {
  it('of 500 alerts at once are at most 30 in a minute, the urgent ones first, and name every alert', {
    timeout: 180_000,
  }, async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    const names = Array.from({ length: 500 }, (_, at) => `Flood${at}End`)
    for (let from = 0; from < names.length; from += 50)
      await Promise.all(
        names.slice(from, from + 50).map((name, at) => notify(receiver, { name, severity: at % 50 === 49 ? 'critical' : 'high' }, only)), // biome-ignore format: one line
      )
    const seen = () => stand.discord.posts.map(({ text }) => text).join('\n')
    // the digests have six seconds between them by the receivers' clock
    const faster = setInterval(() => {
      if (stand.ahead < 55_000) stand.ahead += 2_000
    }, 300)
    context.onTestFinished(() => clearInterval(faster))
    await until('every alert is named', () => names.every(name => seen().includes(name)), 120_000)
    expect(stand.discord.posts.length).toBeLessThanOrEqual(30)
    const critical = names.filter((_, at) => at % 50 === 49)
    expect(stand.discord.posts.filter(({ text }) => critical.some(name => text.startsWith(`[CRITICAL] ${name}`))).length).toBeGreaterThan(5) // biome-ignore format: one line
    expect(await metricsOf(receiver)).not.toHaveProperty('afn_alerts_queue{channel="ops"}')
  })

  it('wait as long as Discord says, also after a restart, and none is lost', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    stand.discord.answer = () => rateLimited(120.5)
    await notify(receiver, { name: 'Down' }, only)
    await stand.discord.until(({ requests }) => requests.length === 1)
    const failed = 'afn_alerts_failures_total{channel="ops",reason="rate_limited"}'
    await until('the wait is stored', async () => failed in (await metricsOf(receiver)))
    stand.discord.answer = () => undefined
    await receiver.close()
    const next = await stand.start()
    stand.ahead = 119_000
    await notify(next, { name: 'Other' }, only)
    await new Promise(resolve => setTimeout(resolve, 1_500))
    expect(stand.discord.requests).toHaveLength(1)
    stand.ahead = 2 * MINUTE + 2_000
    await stand.discord.until(({ posts }) => posts.length === 2)
  })

  it.for([
    [500, 'server', 0],
    [502, 'server', 0],
    [401, 'auth', 1],
    [404, 'not_found', 1],
  ] as const)('come when Discord is well again after %i, which is said', async ([status, reason, blocked], context) => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    stand.discord.answer = () => (status === 404 ? unknownWebhook : { status, body: { message: 'no' } })
    await notify(receiver, { name: 'Down' }, only)
    const failed = `afn_alerts_failures_total{channel="ops",reason="${reason}"}`
    await until('the failure is counted', async () => failed in (await metricsOf(receiver)))
    const found = await metricsOf(receiver)
    expect([found['afn_alerts_blocked{channel="ops"}'] ?? 0, found['afn_alerts_queue{channel="ops"}']]).toEqual([
      blocked,
      1,
    ])
    stand.discord.answer = () => undefined
    stand.ahead = 6 * MINUTE
    await stand.discord.until(({ posts }) => posts.length === 1)
    expect(stand.discord.posts[0]!.text).toContain('[CRITICAL] Down (shop)')
  })

  it('come in plain text where Discord refuses their form, and do not hold up the others where it refuses that too', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    let refusals = 1
    stand.discord.answer = () => (refusals-- > 0 ? { status: 400, body: { message: 'Invalid Form Body' } } : undefined)
    await notify(receiver, { name: 'Down' }, only)
    await stand.discord.until(({ posts }) => posts.length === 1)
    expect(stand.discord.posts[0]).toMatchObject({ content: '[CRITICAL] Down (shop)', embeds: [] })
    refusals = 2
    await notify(receiver, { name: 'Refused' }, only)
    await until('both are counted', async () => (await metricsOf(receiver))['afn_alerts_failures_total{channel="ops",reason="refused"}'] === 3) // biome-ignore format: one line
    await notify(receiver, { name: 'Taken' }, only)
    await stand.discord.until(({ posts }) => posts.length === 2)
  })

  it('say the same news once, and again when it is repeated, and who has acknowledged it', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    for (let delivery = 0; delivery < 3; delivery++) await notify(receiver, { name: 'Down' }, only)
    await stand.discord.until(({ posts }) => posts.length === 1)
    stand.ahead = 5 * MINUTE
    await notify(receiver, { name: 'Down' }, only)
    await stand.discord.until(({ posts }) => posts.length === 2)
    await fetch(`${receiver.url}/incidents/Down/acknowledge`, { method: 'POST', body: '{"by":"Aiko"}' })
    await stand.discord.until(({ posts }) => posts.length === 3)
    await notify(receiver, { name: 'Down', status: 'resolved' }, only)
    await stand.discord.until(({ posts }) => posts.length === 4)
    expect(stand.discord.posts.map(({ text }) => text.split('\n')[0])).toEqual([
      '[CRITICAL] Down (shop)',
      '[CRITICAL] Down (shop)',
      '[ACKNOWLEDGED] Down (shop)',
      '[RESOLVED] Down (shop)',
    ])
  })

  it('are Japanese where the file says so, and stay within what Discord takes', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start({ language: 'ja' })
    const long = '障'.repeat(9_000)
    await notify(
      receiver,
      { name: `N${'x'.repeat(400)}`, annotations: { summary: long, description: `${long}😀` } },
      only,
    )
    await notify(receiver, { name: 'Down', labels: { escalation: '1' } }, only)
    await stand.discord.until(({ posts }) => posts.length === 2)
    expect(stand.discord.posts.map(({ text }) => text.slice(0, 4)).sort()).toEqual(['【エスカ', '【重大】'].sort())
  })

  it('show a severity of another name in capitals, also where every object has a member of that name', async context => {
    const stand = await startStand(context)
    const receiver = await stand.start()
    await notify(receiver, { name: 'Down', severity: 'constructor' }, only)
    await stand.discord.until(({ posts }) => posts.length === 1)
    expect(stand.discord.posts[0]!.text).toMatch(/^\[CONSTRUCTOR\] Down/)
  })
})
