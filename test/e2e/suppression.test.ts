// Subjects who objected, as a whole process sees them. Oracles: the app's own count of what it made for each person, and a receiver that
// decodes by OpenTelemetry's own .proto files.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { handlesBy } from '../../src/app/suppress/list'
import { changeListFile } from '../../src/app/suppress/list-file'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-suppress-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const KEY = 'k'.repeat(32)
const modules = {
  '@opentelemetry/api': '@opentelemetry/api',
  '@opentelemetry/api-logs': '@opentelemetry/api-logs',
}
const preload = ['--require', '@afn/otel', 'app.cjs']
const listOf = (name: string) => path.join(folder, name)
const cli = (args: string[], env: Record<string, string> = {}) =>
  run(makeApp({ files: {} }), [path.join('node_modules', '@afn/otel', 'dist/cli.cjs'), 'gdpr', 'suppress', ...args], {
    env: { AFN_HMAC_KEY: KEY, ...env },
  })

/** As the command does, within this process. */
const object = (list: string, ...users: string[]) =>
  changeListFile(list, KEY, known => {
    for (const user of users) known.add(handlesBy(KEY)(user))
  })

/** `made` counts what the app makes for each person, before anything of ours. */
const begin = `const { trace, context, propagation, ROOT_CONTEXT } = require('@opentelemetry/api')
  const { logs } = require('@opentelemetry/api-logs')
  const { flush, status, setUser } = require('@afn/otel')
  const tracer = trace.getTracer('t'), logger = logs.getLogger('t')
  const made = {}
  const inside = (span, work) => context.with(trace.setSpan(context.active(), span), work)
  /** A trace of a root, a child that ends first, and a log record; the person is known when the root ends. */
  function visit(user) {
    made[user] = (made[user] ?? 0) + 1
    const root = tracer.startSpan('visit', {}, ROOT_CONTEXT)
    inside(root, () => {
      tracer.startSpan('child', { attributes: { of: user } }).end()
      root.setAttribute('user.id', user)
      logger.emit({ body: 'said', attributes: { of: user }, context: context.active() })
    })
    root.end()
  }`

it('of 20 persons 4 are suppressed: nothing of them leaves, and of the others all', async () => {
  const list = listOf('twenty.json')
  const suppressed = ['u-3', 'u-7', 'Carol@Example.com', 'u-19']
  const said = await cli([...suppressed.flatMap(one => ['--subject', one]), '--list', list])
  expect(said).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/: \d+ ids, key [\da-f]{8}\n$/) })
  const receiver = await startReceiver()
  const app = `${begin}
    const users = [...Array.from({ length: 19 }, (_, n) => 'u-' + (n + 1)), 'carol@example.com']
    for (let round = 0; round < 50; round++) for (const user of users) visit(user)
    flush(30_000).then(() => console.log(JSON.stringify({ made, status: status() })))`
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, AFN_SUPPRESSION_LIST: list, AFN_HMAC_KEY: KEY }
  const { stdout, stderr } = await run(makeApp({ files: { 'app.cjs': app }, modules }), preload, { env })
  expect(stderr).toBe('')
  const { made, status } = JSON.parse(stdout)
  const spansOf = (user: string) =>
    receiver.spans().filter(({ attributes }) => attributes.of === user || attributes['user.id'] === user).length
  const logsOf = (user: string) => receiver.logs().filter(({ attributes }) => attributes.of === user).length
  for (const user of Object.keys(made)) {
    const isSuppressed = suppressed.some(one => one.toLowerCase() === user)
    expect([user, spansOf(user), logsOf(user)]).toEqual([
      user,
      isSuppressed ? 0 : made[user] * 2,
      isSuppressed ? 0 : made[user],
    ])
  }
  expect(receiver.spans()).toHaveLength(16 * 50 * 2)
  // the list has the id, and its pseudonym; no id is in it
  expect(status.suppression).toMatchObject({ spans: 4 * 50 * 2, logs: 4 * 50 })
  expect(readFileSync(list, 'utf8')).not.toMatch(/u-3|u-19|carol/i)
  await receiver.close()
})

it('who is put on the list while the app runs is kept back from then on, and so is what still waits; a broken list changes nothing', async () => {
  const list = listOf('running.json')
  await object(list, 'somebody')
  const receiver = await startReceiver()
  const app = `${begin}
    const fs = require('node:fs')
    const seen = polls => new Promise(resolve => {
      const at = status().suppression.polls
      const timer = setInterval(() => status().suppression.polls >= at + polls && resolve(clearInterval(timer)), 10)
    })
    ;(async () => {
      for (let n = 0; n < 20; n++) { visit('u-1'); visit('u-2') }
      // a name may be masked when it is sent: whose it was has to be known all the same
      visit('bob@example.com')
      fs.renameSync(process.env.NEXT, process.env.AFN_SUPPRESSION_LIST)
      await seen(2)
      for (let n = 0; n < 20; n++) { visit('u-1'); visit('u-2') }
      fs.writeFileSync(process.env.AFN_SUPPRESSION_LIST, '{"v":1,')
      await seen(2)
      for (let n = 0; n < 20; n++) { visit('u-1'); visit('u-2') }
      fs.rmSync(process.env.AFN_SUPPRESSION_LIST)
      await seen(2)
      for (let n = 0; n < 20; n++) { visit('u-1'); visit('u-2') }
      await flush(30_000)
      console.log(JSON.stringify({ made, codes: status().diagnostics.map(({ code, message }) => code + ' ' + message) }))
    })()`
  const next = listOf('running-next.json')
  await object(next, 'u-1', 'bob@example.com', 'somebody')
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRICS_EXPORTER: 'none',
    // nothing leaves before the flush
    OTEL_BSP_SCHEDULE_DELAY: '600000',
    OTEL_BLRP_SCHEDULE_DELAY: '600000',
    AFN_SUPPRESSION_LIST: list,
    AFN_SUPPRESSION_INTERVAL: '100',
    AFN_HMAC_KEY: KEY,
    NEXT: next,
  }
  const { stdout, stderr } = await run(makeApp({ files: { 'app.cjs': app }, modules }), preload, { env })
  const { made, codes } = JSON.parse(stdout)
  expect(made).toEqual({ 'u-1': 80, 'u-2': 80, 'bob@example.com': 1 })
  const users = receiver.spans().map(({ attributes }) => attributes.of ?? attributes['user.id'])
  expect(users).toHaveLength(160)
  expect(new Set(users)).toEqual(new Set(['u-2']))
  expect(receiver.logs()).toHaveLength(80)
  expect(codes).toEqual([
    expect.stringMatching(/^AFN144 .*\(it is no JSON\); the list that was read before stays in force/),
    expect.stringMatching(/^AFN144 .*\(ENOENT\); the list that was read before stays in force/),
  ])
  expect(stderr.split('\n').filter(Boolean)).toHaveLength(2)
  await receiver.close()
})

it('a person is known by setUser(), by the baggage and by the session, and keeps what others have in the same trace', async () => {
  const list = listOf('ways.json')
  await object(list, 'u-1')
  const receiver = await startReceiver()
  const app = `${begin}
    const root = name => tracer.startSpan(name, {}, ROOT_CONTEXT)
    const setting = root('by setUser')
    inside(setting, () => {
      tracer.startSpan('kept back').end()
      setUser('u-1')
      logger.emit({ body: 'kept back', context: context.active() })
      tracer.startSpan('kept back').end()
    })
    setting.end()

    const bag = propagation.createBaggage({ 'user.id': { value: 'u-1' } })
    context.with(propagation.setBaggage(ROOT_CONTEXT, bag), () => {
      const span = tracer.startSpan('kept back')
      inside(span, () => logger.emit({ body: 'kept back', context: context.active() }))
      span.end()
    })

    const session = { 'session.id': 's-1' }
    tracer.startSpan('kept back', { attributes: { ...session, 'user.id': 'u-1' } }, ROOT_CONTEXT).end()
    logger.emit({ body: 'kept back', attributes: session })
    logger.emit({ body: 'kept', attributes: { 'session.id': 's-2' } })

    // a batch of several persons
    const batch = root('kept')
    inside(batch, () => {
      for (const [name, user] of [['kept', 'u-2'], ['kept back', 'u-1'], ['kept', 'u-3']])
        tracer.startSpan(name, { attributes: { 'user.id': user } }).end()
      tracer.startSpan('kept').end()
    })
    batch.end()
    flush(30_000)`
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRICS_EXPORTER: 'none',
    AFN_SUPPRESSION_LIST: list,
    AFN_HMAC_KEY: KEY,
  }
  const { stderr } = await run(makeApp({ files: { 'app.cjs': app }, modules }), preload, { env })
  expect(stderr).toBe('')
  expect(receiver.spans().map(({ name }) => name)).toEqual(['kept', 'kept', 'kept', 'kept'])
  expect(receiver.logs().map(({ body }) => body)).toEqual(['kept'])
  await receiver.close()
})

it('what an earlier process left on disk leaves without who objected since', async () => {
  const list = listOf('spool.json')
  const spool = mkdtempSync(path.join(folder, 'spool-'))
  await object(list, 'nobody-yet')
  const env = {
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    AFN_SUPPRESSION_LIST: list,
    AFN_HMAC_KEY: KEY,
    AFN_SPOOL_DIR: spool,
  }
  const left = `${begin}
    for (let n = 0; n < 10; n++) { visit('u-1'); visit('u-2') }
    process.exit(0)`
  await run(makeApp({ files: { 'app.cjs': left }, modules }), preload, { env })
  expect(readdirSync(spool).length).toBeGreaterThan(0)
  await object(list, 'u-1')
  const receiver = await startReceiver()
  const later = `const { readdirSync } = require('node:fs')
    const timer = setInterval(() => readdirSync(process.env.AFN_SPOOL_DIR).length === 0 && clearInterval(timer), 50)`
  await run(makeApp({ files: { 'app.cjs': later } }), preload, {
    env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  })
  const users = receiver.spans().map(({ attributes }) => attributes.of ?? attributes['user.id'])
  expect(users).toEqual(Array(20).fill('u-2'))
  expect(receiver.logs().map(({ attributes }) => attributes.of)).toEqual(Array(10).fill('u-2'))
  await receiver.close()
})

it.each([
  ['there is no key', {}, /^\[@afn\/otel\] AFN145 .*needs AFN_SUPPRESSION_KEY_FILE or AFN_HMAC_KEY/],
  ['the key is another one', { AFN_HMAC_KEY: 'x'.repeat(32) }, /^\[@afn\/otel\] AFN145 .*made with the key [\da-f]{8}/],
])('where %s the app runs, all leaves, and it is said', async (_, key, said) => {
  const list = listOf('key.json')
  await object(list, 'u-1')
  const receiver = await startReceiver()
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRICS_EXPORTER: 'none',
    AFN_SUPPRESSION_LIST: list,
    ...key,
  }
  const app = `${begin} visit('u-1'); flush(30_000)`
  const { code, stderr } = await run(makeApp({ files: { 'app.cjs': app }, modules }), preload, { env })
  expect(code).toBe(0)
  expect(stderr).toMatch(said)
  expect(stderr.split('\n').filter(Boolean)).toHaveLength(1)
  expect(receiver.spans()).toHaveLength(2)
  await receiver.close()
})
