// The stand-ins themselves: what the others of this folder prove is worth what they refuse.
import { afterEach, describe, expect, it } from 'vitest'
import { findDiscordSchema, findGithubSchema } from '../support/binaries.mjs'
import { type DiscordSink, rateLimited, startDiscordSink, unknownWebhook } from '../support/discord-sink'
import { type GithubSink, secondaryLimit, startGithubSink } from '../support/github-sink'

const lacks = (found: object) => ('missing' in found ? String(found.missing) : undefined)
const noDiscord = lacks(findDiscordSchema())
const noGithub = lacks(findGithubSchema())
if (noDiscord) console.log(`skipped: sink of Discord: ${noDiscord}`)
if (noGithub) console.log(`skipped: sink of GitHub: ${noGithub}`)

const closes: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

describe.skipIf(noDiscord)('the sink of Discord', () => {
  it.each([
    ['nothing at all', {}],
    ['an empty text', { content: '' }],
    ['a text that is too long', { content: 'x'.repeat(2_001) }],
    ['eleven embeds', { embeds: Array.from({ length: 11 }, () => ({ title: 'x' })) }],
    ['a title that is too long', { embeds: [{ title: 'x'.repeat(257) }] }],
    [
      'texts that are too long together',
      { embeds: [{ description: 'x'.repeat(4_000) }, { description: 'x'.repeat(2_001) }] },
    ],
    ['an embed with nothing in it', { embeds: [{}] }],
    ['a name that is too long', { content: 'x', username: 'x'.repeat(81) }],
    ['a name that Discord keeps for itself', { content: 'x', username: 'My Discord bot' }],
    ['a colour that is none', { embeds: [{ title: 'x', color: '#ff0000' }] }],
  ])('refuses %s', async (_, payload) => {
    const sink = await startDiscordSink()
    expect((await post(sink.webhook('ops'), payload)).status).toBe(400)
    expect(sink.posts).toEqual([])
    await expect(sink.close()).rejects.toThrow('Discord would refuse')
  })

  it('takes what Discord takes, says when it was too much, and counts by channel', async () => {
    const sink: DiscordSink = await startDiscordSink()
    closes.push(sink.close)
    expect(
      (await post(sink.webhook('ops'), { content: '【重大】', embeds: [{ title: 'a', description: 'b' }] })).status,
    ).toBe(204)
    sink.answer = () => rateLimited(1.5)
    const limited = await post(sink.webhook('ops'), { content: 'x' })
    expect([limited.status, limited.headers.get('retry-after'), (await limited.json()).retry_after]).toEqual([
      429,
      '2',
      1.5,
    ])
    expect(sink.posts.map(({ channel, text }) => [channel, text])).toEqual([['ops', '【重大】\na\nb']])
    sink.answer = () => unknownWebhook
    expect((await post(sink.webhook('ops'), { content: 'x' })).status).toBe(404)
    expect(sink.requests.map(({ status }) => status)).toEqual([204, 429, 404])
  })
})

describe.skipIf(noGithub)('the sink of GitHub', () => {
  const ask = (sink: GithubSink, method: string, path: string, body?: unknown, token = 'github-token') =>
    fetch(`${sink.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'test' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

  it('keeps issues, comments and states, and its answers are as GitHub describes them', async () => {
    const sink = await startGithubSink()
    closes.push(sink.close)
    const made = await ask(sink, 'POST', '/repos/o/r/issues', { title: 'A', body: 'marker-1', labels: ['alert'] })
    expect([made.status, (await made.json()).number]).toEqual([201, 1])
    await ask(sink, 'POST', '/repos/o/r/issues/1/comments', { body: 'again' })
    await ask(sink, 'PATCH', '/repos/o/r/issues/1', { state: 'closed', state_reason: 'completed' })
    const list = await (await ask(sink, 'GET', '/repos/o/r/issues?state=all&labels=alert&per_page=100')).json()
    expect(list.map(({ number, state }: { number: number; state: string }) => [number, state])).toEqual([[1, 'closed']])
    const found = async () =>
      (await (await ask(sink, 'GET', `/search/issues?q=${encodeURIComponent('repo:o/r in:body "marker-1"')}`)).json())
        .total_count
    expect(await found()).toBe(1)
    sink.searchLag = 60_000
    expect(await found()).toBe(0)
    expect(sink.issues[0]!.comments).toEqual(['again'])
    expect((await ask(sink, 'GET', '/repos/o/r/issues?state=all', undefined, 'wrong')).status).toBe(401)
    sink.answer = () => secondaryLimit(60)
    const limited = await ask(sink, 'POST', '/repos/o/r/issues', { title: 'B' })
    expect([limited.status, limited.headers.get('retry-after'), sink.issues.length]).toEqual([403, '60', 1])
    // carried out, and the answer lost: what a client must not do twice
    sink.answer = () => ({ status: 0, after: true, cut: true })
    await expect(ask(sink, 'POST', '/repos/o/r/issues', { title: 'B' })).rejects.toThrow()
    expect(sink.issues.length).toBe(2)
  })

  it.each([
    ['an issue without a title', 'POST', '/repos/o/r/issues', { body: 'x' }],
    ['a state that is none', 'PATCH', '/repos/o/r/issues/1', { state: 'resolved' }],
    ['a property that is none', 'POST', '/repos/o/r/issues', { title: 'x', text: 'y' }],
    ['a parameter that is none', 'GET', '/repos/o/r/issues?status=all', undefined],
    ['an operation that is none', 'POST', '/repos/o/r/issues/1/close', {}],
    ['a body that is too long', 'POST', '/repos/o/r/issues', { title: 'x', body: 'y'.repeat(65_537) }],
  ])('refuses %s', async (_, method, path, body) => {
    const sink = await startGithubSink()
    expect((await ask(sink, method, path, body)).status).toBeGreaterThanOrEqual(404)
    expect(sink.issues).toEqual([])
    await expect(sink.close()).rejects.toThrow('not as GitHub describes it')
  })
})
