// Who is called at night opens the link on another device: each link of a message answers from another network, to who has it alone.
import { mkdirSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { defaultUrls } from '../../src/shared/config/urls'
import { otherNetwork } from '../support/other-network'
import { freePorts } from '../support/ports'
import { lacks, MINUTE, startStand, until, webhookOf } from './stand'

const far = otherNetwork()
if (typeof far === 'string') writeSync(1, `skipped: links from another network: ${far}\n`)
else far.close()

it.skipIf(lacks || typeof far === 'string')(
  'the links of messages lead nowhere from another network',
  async context => {
    const network = otherNetwork()
    if (typeof network === 'string') throw new Error(network)
    context.onTestFinished(network.close)
    const { address } = network
    const stand = await startStand(context)
    const [port] = await freePorts(1)
    const token = 'receiver-token'
    const runbooks = path.join(stand.folder, 'runbooks')
    mkdirSync(runbooks)
    writeFileSync(path.join(runbooks, 'Down.md'), '# Down\n')
    const receiver = await stand.start({
      host: '0.0.0.0',
      port: port!,
      token,
      names: [address],
      urls: { ...defaultUrls, receiver: `http://${address}:${port}` },
      runbooks,
    })
    const send = (group: Parameters<typeof webhookOf>[0]) =>
      fetch(`${receiver.url}/alertmanager?channel=ops&channel=tickets`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(webhookOf(group)),
      })
    const annotations = { summary: 'It is down', runbook_url: `http://${address}:${port}/runbooks/Down` }
    for (const name of ['Down', 'Slow']) expect((await send({ name, annotations })).status).toBe(200)
    await until('both are told', () => stand.discord.posts.length === 2, MINUTE)
    await until('each has an issue', () => stand.github.issues.length === 2, MINUTE)
    const texts = [...stand.discord.posts.map(({ text }) => text), ...stand.github.issues.map(({ body }) => body)]
    const links = new Set(
      texts.flatMap(text => text.match(new RegExp(`http://${address}:${port}/[^)\\s]+`, 'g')) ?? []),
    )
    expect(links.size).toBeGreaterThanOrEqual(4)
    for (const link of links) expect([link, await network.get(link)]).toEqual([link, 200])
    // who has no link learns nothing
    for (const place of ['history', 'alertmanager'])
      expect([place, await network.get(`http://${address}:${port}/${place}`)]).toEqual([place, 401])
    // a link that somebody has changed shows the page, and lets nobody act
    const signed = [...links].find(link => link.includes('signature='))!
    const button = async (link: string) => (await (await fetch(link)).text()).includes('name="acknowledge"')
    expect([await button(signed), await button(signed.replace(/signature=.{4}/, 'signature=AAAA'))]).toEqual([
      true,
      false,
    ])
  },
  120_000,
)
