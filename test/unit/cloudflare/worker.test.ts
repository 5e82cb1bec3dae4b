// The monitoring Worker. Its posts are held against Discord's schema, its metrics against OpenTelemetry's .proto files.
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Monitor, type MonitorOptions, type Storage } from '../../../src/operations/cloudflare/worker/monitor'
import { type Condition, type Result, runProbe } from '../../../src/operations/cloudflare/worker/probe'
import { advance, firstState, type MonitorState, type Post } from '../../../src/operations/cloudflare/worker/state'
import { findDiscordSchema } from '../../support/binaries.mjs'
import { type DiscordSink, rateLimited, startDiscordSink } from '../../support/discord-sink'
import { listen } from '../../support/ports'
import { requests as proto } from '../otlp/proto'

const MINUTE = 60_000
const START = 1_800_000_000_000

const result = (condition: Condition, name = 'shop-ready'): Result => ({
  name,
  condition,
  why: condition === 'up' ? '' : 'HTTP 503',
  status: condition === 'up' ? 200 : 503,
  durationMs: 80,
})
const letters: Readonly<Record<string, Condition>> = { u: 'up', d: 'down', b: 'blocked' }

/** One letter a minute: u(p), d(own), b(locked), or a dot for a trigger that did not fire. */
function after(text: string, state: MonitorState = firstState(START), from = 1): MonitorState {
  return [...text].reduce(
    (state, letter, index) =>
      letter === '.' ? state : advance(state, { scheduledAt: START + (from + index) * MINUTE, results: [result(letters[letter]!)] }), // biome-ignore format: one line
    state,
  )
}
const kinds = ({ outbox }: MonitorState) => outbox.map(({ kind }) => kind)

describe('the state of a probe', () => {
  it.each([
    ['uuuuuu', []],
    ['uuduuduu', []],
    ['uudd', ['down']],
    ['uudud', ['down']],
    ['uuddddddd', ['down']],
    ['uudduu', ['down', 'recovered']],
    ['dd', ['down']],
    ['d', []],
    // what changes each minute is no recovery
    ['uddudududud', ['down']],
    ['uddudududuu', ['down', 'recovered']],
    ['ubb', ['blocked']],
    ['ubbuu', ['blocked', 'recovered']],
    ['ubbdd', ['blocked', 'down']],
    ['ubdu', []],
    // of so long ago it is no second failure
    ['uud....d', []],
    ['uud.d', ['down']],
    ['udd......uu', ['down', 'recovered']],
  ])('after %s has posted %j', (text, expected) => {
    expect(kinds(after(text))).toEqual(expected)
  })

  it('posts by the rule of two in three, and of two in a row, whatever comes', () => {
    // counted anew from the whole text, where the state has the last three alone
    const counted = (text: string) => {
      const posts: string[] = []
      let isDown = false
      for (let end = 1; end <= text.length; end++) {
        const [last, three] = [text.slice(Math.max(0, end - 2), end), text.slice(Math.max(0, end - 3), end)]
        const failed = [...three].filter(letter => letter === 'd').length
        if (!isDown && failed >= 2) posts.push('down')
        if (isDown && last === 'uu') posts.push('recovered')
        isDown = posts.at(-1) === 'down'
      }
      return posts
    }
    for (let bits = 0; bits < 2 ** 11; bits++) {
      const text = [...bits.toString(2).padStart(11, '0')].map(bit => (bit === '1' ? 'd' : 'u')).join('')
      expect(kinds(after(text)), text).toEqual(counted(text))
    }
  })

  it('is the same where the trigger fires twice, or an older one comes late', () => {
    const once = after('uud')
    expect(after('d', once, 3)).toBe(once)
    expect(after('d', once, 1)).toBe(once)
  })

  it('is kept for each probe by itself', () => {
    let state = firstState(START)
    for (let n = 1; n <= 3; n++)
      state = advance(state, { scheduledAt: START + n * MINUTE, results: [result('down', 'a'), result('up', 'b')] })
    expect(state.outbox.map(({ kind, name }) => [kind, name])).toEqual([['down', 'a']])
  })

  it('says how long it was down', () => {
    expect(after('uudddduu').outbox.at(-1)).toMatchObject({ kind: 'recovered', lastedMs: 4 * MINUTE })
  })
})

describe('the heartbeat', () => {
  const posted = (lastAt: (minute: number) => number | undefined, minutes: number, maxAgeMs = 15 * MINUTE) => {
    let state = firstState(START)
    for (let n = 1; n <= minutes; n++) {
      const at = lastAt(n)
      state = advance(state, { scheduledAt: START + n * MINUTE, results: [], heartbeat: { maxAgeMs, ...(at !== undefined && { lastAt: START + at * MINUTE }) } }) // biome-ignore format: one line
    }
    return state.outbox
  }
  it('that stops is one post, and one when it is back', () => {
    const last = (minute: number) => (minute < 20 || minute > 60 ? minute : 20)
    expect(posted(last, 100).map(({ kind, at }) => [kind, (at - START) / MINUTE])).toEqual([
      ['heartbeat_missing', 36],
      ['heartbeat_back', 61],
    ])
  })
  it('that never came is a post, when the Worker has waited as long as for any other', () => {
    expect(posted(() => undefined, 15)).toEqual([])
    expect(posted(() => undefined, 40)).toMatchObject([{ kind: 'heartbeat_missing', why: 'never' }])
  })
})

describe('a probe', () => {
  const probed = (answer: Response | Error) =>
    runProbe({ name: 'ready', url: 'https://shop.example/health/ready?token=secret-of-url' }, async () => { if (answer instanceof Error) throw answer; return answer }, () => 0) // biome-ignore format: one line

  it.each([
    ['200', 'up', new Response('{}')],
    ['503', 'down', new Response('{"status":"fail"}', { status: 503 })],
    ['a redirection to a page of login', 'down', new Response(null, { status: 302 })],
    ['403 of the origin itself', 'down', new Response('Forbidden', { status: 403, headers: { server: 'cloudflare' } })],
    ['a challenge', 'blocked', new Response('<html>', { status: 403, headers: { 'cf-mitigated': 'challenge' } })],
    [
      'a rule of the firewall',
      'blocked',
      new Response('<title>Access denied</title> error code: 1020', { status: 403 }),
    ],
    ['a limit of Cloudflare', 'blocked', new Response('error code: 1015', { status: 429 })],
    ['521, an origin that is down', 'down', new Response('error code: 521', { status: 521 })],
    ['no answer', 'down', new DOMException('late', 'TimeoutError')],
    ['no name', 'down', new TypeError('getaddrinfo ENOTFOUND shop.example')],
  ] as [string, Condition, Response | Error][])('that is answered by %s means %s', async (_, condition, answer) => {
    const seen = await probed(answer)
    expect(seen.condition).toBe(condition)
    expect(JSON.stringify(seen)).not.toContain('secret-of-url')
  })
})

const discord = findDiscordSchema()

describe.runIf('file' in discord)('the monitor', () => {
  let sink: DiscordSink
  let stored: Map<string, string>
  let clock: number
  let sent: object[]
  const storage: Storage = {
    get: async <T>(key: string) => (stored.has(key) ? (JSON.parse(stored.get(key)!) as T) : undefined),
    put: async (key, value) => void stored.set(key, JSON.stringify(value)),
  }
  const monitorOf = (more: Partial<MonitorOptions> = {}, where: Storage = storage) =>
    new Monitor(where, {
      service: 'shop',
      language: 'en',
      discordWebhookUrl: sink.webhook('ops'),
      fetch,
      now: () => clock,
      ...more,
    })
  /** A new Worker each minute: it has nothing in memory. */
  async function minutes(text: string, make: () => Monitor = monitorOf) {
    for (const letter of text) {
      clock += MINUTE
      await make()
        .minute(clock, [result(letters[letter]!)])
        .catch(() => {})
    }
  }
  beforeEach(async () => {
    sink = await startDiscordSink()
    stored = new Map()
    clock = START
    sent = []
    vi.spyOn(console, 'error').mockImplementation(() => {})
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await sink.close()
  })

  it.each(['en', 'ja'] as const)('posts once that it is down, and once that it is up again (%s)', async language => {
    await minutes('uudddddduuuuu', () => monitorOf({ language }))
    expect(sink.posts.map(({ text }) => text.split('\n')[0])).toEqual(
      language === 'en'
        ? ['[CRITICAL] shop-ready is down (shop)', '[RESOLVED] shop-ready (shop)']
        : ['【重大】shop-ready が停止しています (shop)', '【復旧】shop-ready (shop)'],
    )
  })

  it('posts once where two runs come at the same moment', async () => {
    await minutes('ud')
    clock += MINUTE
    const monitor = monitorOf()
    await Promise.all([monitor.minute(clock, [result('down')]), monitor.minute(clock, [result('down')])])
    expect(sink.posts).toHaveLength(1)
  })

  it('loses no post to an outage or a limit of Discord, and keeps their order', async () => {
    sink.answer = () => rateLimited(30)
    await minutes('uudd')
    sink.answer = () => ({ status: 500 })
    await minutes('duu')
    sink.answer = () => undefined
    await minutes('u')
    expect(sink.posts.map(({ text }) => /is down|RESOLVED/.exec(text)?.[0])).toEqual(['is down', 'RESOLVED'])
    // after a refusal nothing can be there, after a failure it may
    expect(sink.posts[0]!.text).toContain('may be a duplicate')
  })

  it('killed at any step, posts both, and says of what comes twice that it may be', async () => {
    const killed = async (nth: number) => {
      let step = 0
      const stepped =
        <A extends unknown[], R>(act: (...args: A) => Promise<R>, isLate: boolean) =>
        async (...args: A): Promise<R> => {
          const mine = ++step
          if (mine > nth || (mine === nth && !isLate)) throw new Error('killed')
          const value = await act(...args)
          if (mine === nth) throw new Error('killed')
          return value
        }
      for (const isLate of [false, true]) {
        stored.clear()
        sink.posts.length = 0
        clock = START
        step = 0
        const dying: Storage = {
          get: stepped(storage.get, isLate) as Storage['get'],
          put: stepped(storage.put, isLate),
        }
        // what dies is dead: what it would do on an error does not happen
        await minutes('uudduu', () => monitorOf({ fetch: stepped(fetch, isLate) as typeof fetch }, dying))
        const isWhole = step < nth
        await minutes('dduu')
        const texts = sink.posts.map(({ text }) => text)
        const first = texts.filter(text => text.includes('is down'))
        expect(first.length, `step ${nth}`).toBeGreaterThan(0)
        expect(texts.at(-1), `step ${nth}`).toContain('RESOLVED')
        const doubles = texts.length - new Set(sink.posts.map(({ embeds }) => JSON.stringify([embeds[0]!.title, embeds[0]!.timestamp]))).size // biome-ignore format: one line
        expect(texts.filter(text => text.includes('may be a duplicate')).length, `step ${nth}`).toBeGreaterThanOrEqual(doubles) // biome-ignore format: one line
        if (isWhole) return true
      }
      return false
    }
    let nth = 1
    while (!(await killed(nth))) nth++
    expect(nth).toBeGreaterThan(15)
  })

  it('drops after a day what Discord did not take', async () => {
    sink.answer = () => ({ status: 404, body: { message: 'Unknown Webhook', code: 10015 } })
    await minutes('udd')
    clock += 25 * 3_600_000
    sink.answer = () => undefined
    await minutes('d')
    expect(sink.posts).toEqual([])
  })

  it('shows a name that looks like a mention as a text', async () => {
    for (let n = 0; n < 3; n++) {
      clock += MINUTE
      await monitorOf().minute(clock, [result('down', `@everyone ${'x'.repeat(5_000)}`)])
    }
    expect(sink.posts).toHaveLength(1)
  })

  it('sends metrics that OpenTelemetry reads', async () => {
    const collector = createServer((request, response) => {
      request.setEncoding('utf8').on('data', text => sent.push({ path: request.url, headers: request.headers, body: JSON.parse(text) })) // biome-ignore format: one line
      request.on('end', () => response.end('{}'))
    })
    const url = `http://127.0.0.1:${await listen(collector)}/v1/metrics`
    clock += MINUTE
    const monitor = monitorOf({ heartbeatMaxAgeMs: 900_000, metrics: { url, headers: { authorization: 'Bearer x' } } })
    await monitor.heartbeat()
    clock += MINUTE
    await monitor.minute(clock, [result('down', 'a'), result('blocked', 'b')])
    collector.close()
    const [{ body, headers }] = sent as [{ body: Record<string, unknown>; headers: Record<string, string> }]
    expect(headers).toMatchObject({ authorization: 'Bearer x', 'content-type': 'application/json' })
    const type = proto.ExportMetricsServiceRequest as unknown as { verify(value: object): string | null; fromObject(value: object): object; toObject(message: object, options: object): typeof body } // biome-ignore format: one line
    expect(type.verify(type.fromObject(body))).toBeNull()
    // what protobufjs does not know would be gone
    expect(type.toObject(type.fromObject(body), { longs: String, json: true })).toEqual(body)
    const text = JSON.stringify(body)
    for (const name of ['afn.probe.up', 'afn.probe.duration', 'afn.monitor.last_run', 'afn.monitor.heartbeat.age'])
      expect(text).toContain(name)
    expect(text).toContain('"asDouble":60')
  })

  it('goes on without Discord and without a Collector', async () => {
    const none = 'http://127.0.0.1:1/api/webhooks/1/x'
    await minutes('udd', () => monitorOf({ discordWebhookUrl: none, metrics: { url: none, headers: {} } }))
    expect((JSON.parse(stored.get('state')!) as { outbox: Post[] }).outbox).toHaveLength(1)
    await minutes('d')
    expect(sink.posts).toHaveLength(1)
  })
})

if ('missing' in discord) console.log(`skipped: posts of the monitoring Worker: ${discord.missing}`)
