// Runs the scenarios of one client in a process of its own, and writes down all that an application could see of each.
// The never-break suite does so without and with the preload, and the two must be equal.
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { plain } from './plain.mjs'

const { PROVIDER, PROVIDER2, RESULTS, OTEL_API, LEAVE, EXIT, SKIP } = process.env

/**
 * A client as this suite sees it.
 * @typedef {object} Client
 * @property {(base: string, signal?: AbortSignal) => Promise<unknown>} ask one answer in one piece
 * @property {(base: string, signal?: AbortSignal) => Promise<AsyncIterable<unknown>>} stream
 * @property {[plain: string, stream: string, error: string]} answers their names
 * @property {number} [leaveAfter] events of a stream up to the first that carries something of the provider's; 1 by default
 * @property {boolean} [http2] speaks HTTP/2 only
 * @property {boolean} [lingers] leaves timers or sockets behind that keep a process alive for minutes, with us or without
 * @property {Record<string, Scenario>} [more] what only this client can do
 *
 * @typedef {(base: (answer: string, how?: string) => string) => Promise<unknown>} Scenario
 */

/** @param {Client} client */
export async function run(client) {
  const results = {}
  const process_ = { warnings: [], rejections: [] }
  process.on('warning', ({ name, message }) => process_.warnings.push(`${name}: ${message}`))
  process.on('unhandledRejection', error => process_.rejections.push(plain(error)))
  const root = client.http2 ? PROVIDER2 : PROVIDER
  if (LEAVE) return leave(client, root)
  const skipped = SKIP && new RegExp(SKIP)
  for (const [name, scenario] of Object.entries({ ...common(client), ...client.more })) {
    if (skipped && skipped.test(name)) continue
    const base = (answer, how = '-') => `${root}/${slug(name)}/${answer}/${how}`
    const began = Date.now()
    const outcome = await scenario(base).then(
      value => ({ value: plain(value) }),
      error => ({ error: plain(error) }),
    )
    results[name] = { outcome, began }
    await sleep(20) // a span's start tells its scenario; the AI SDK asks only after it has given its stream away
  }
  writeFileSync(RESULTS, JSON.stringify({ results, process: process_ }))
  if (!client.lingers && !EXIT) return
  if (OTEL_API) await (await import(OTEL_API)).flush()
  process.exit()
}

/**
 * Leaves streams after one event, by leaving the loop and by asking for no more, and then ends the process. With LEAVE=flush only what
 * the tracer provider's `forceFlush()` sends can arrive.
 * @param {Client} client
 */
async function leave({ stream, answers: [, streamed], leaveAfter = 1 }, root) {
  for (const how of ['pauseMs=5', 'stallAfter=2']) {
    const base = `${root}/left/${streamed}/${how}`
    let seen = 0
    for await (const _ of await stream(base)) if (++seen === leaveAfter) break
    if (LEAVE === 'flush') continue // who holds an iterator may read on
    const iterator = (await stream(base))[Symbol.asyncIterator]()
    for (let events = 0; events < leaveAfter; events++) await iterator.next()
  }
  if (LEAVE === 'flush') {
    await globalThis[Symbol.for('opentelemetry.js.api.1')].trace.getDelegate().forceFlush()
    process.kill(process.pid, 'SIGKILL')
  }
  if (LEAVE !== 'nothing') process.exit()
}

/** A name as it stands in paths; no client changes the spelling of these. */
const slug = name => name.replaceAll(/\W+/g, '-')

export async function all(stream) {
  const events = []
  for await (const event of stream) events.push(event)
  return events
}

export async function failing(work) {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

/** The garbage collector and its finalizers, as often as a dropped stream may need them. */
export async function collectGarbage() {
  for (let round = 0; round < 10; round++) {
    await sleep(2)
    globalThis.gc()
  }
  await sleep(20)
}

/** What every client can do. @param {Client} client @returns {Record<string, Scenario>} */
function common({ ask, stream, answers: [whole, streamed, error] }) {
  return {
    plain: base => ask(base(whole)),
    'plain, byte by byte': base => ask(base(whole, 'split=1')),
    stream: async base => all(await stream(base(streamed))),
    'stream, byte by byte': async base => all(await stream(base(streamed, 'split=1'))),
    'break after one event': async base => {
      for await (const event of await stream(base(streamed, 'pauseMs=2'))) return event
    },
    'throw in the loop': async base => {
      for await (const _ of await stream(base(streamed, 'pauseMs=2'))) throw new RangeError('enough')
    },
    'unread stream': async base => {
      const made = await stream(base(streamed, 'stallAfter=1'))
      return typeof made
    },
    garbage: collectGarbage, // of the one before
    'error status': base => ask(base(error)),
    'error status of a stream': async base => all(await stream(base(error))),
    'abort before the answer': async base => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 400)
      return ask(base(whole, 'delayMs=2000'), controller.signal)
    },
    'abort within the stream': async base => {
      const controller = new AbortController()
      const events = []
      const { error } = await failing(async () => {
        for await (const event of await stream(base(streamed, 'stallAfter=3'), controller.signal)) {
          events.push(event)
          // by then all that comes before the stall has come
          if (events.length === 1) setTimeout(() => controller.abort(), 300)
        }
      })
      return { events, error }
    },
    'connection breaks': async base => {
      const events = []
      const { error } = await failing(async () => {
        for await (const event of await stream(base(streamed, 'breakAfter=2&pauseMs=5'))) events.push(event)
      })
      return { events, error }
    },
    'nobody listens': () => ask('http://127.0.0.1:1'),
    'streams at once': base =>
      Promise.all(Array.from({ length: 8 }, async () => all(await stream(base(streamed, 'pauseMs=1'))))),
    'plain ones at once': base => Promise.all(Array.from({ length: 8 }, () => ask(base(whole)))),
  }
}
