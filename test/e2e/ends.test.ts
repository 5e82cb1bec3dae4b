// How a process ends is the app's and the kernel's: signals that come early, twice or to nobody, and events that the app
// emits itself.
import { expect, it } from 'vitest'
import { cjs, compare, nobody } from '../support/compare'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { type RunOptions, run } from '../support/run'

type Child = Parameters<NonNullable<RunOptions['onReady']>>[0]

/** Has recorded a span when it says `ready`, so that there is something to flush. */
const recorded = (more: string) => `
  const http = require('http')
  ${more}
  const server = http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', () => {
    http.get('http://127.0.0.1:' + server.address().port, response => {
      response.resume().on('end', () => setTimeout(() => console.log('ready'), 50))
    })
  })`

const kill =
  (...signals: NodeJS.Signals[]) =>
  async (child: Child) => {
    for (const signal of signals) {
      child.kill(signal)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

const silentLogs = { OTEL_EXPORTER_OTLP_ENDPOINT: nobody, AFN_LOG_LEVEL: 'none' }

it.each([
  ['SIGINT twice', '', kill('SIGINT', 'SIGINT')],
  ['SIGINT, then SIGTERM', '', kill('SIGINT', 'SIGTERM')],
  ['SIGHUP', '', kill('SIGHUP')],
  ['SIGUSR2', '', kill('SIGUSR2')],
  [
    'a process.kill that the app replaced',
    `process.kill = () => { console.log('fake'); return true }`,
    kill('SIGTERM'),
  ],
  [
    'a listener that the app wraps process.on for',
    `const on = process.on
     process.on = function (event, listener) { console.log('on', event); return on.call(this, event, listener) }
     process.on('SIGTERM', () => { console.log('mine'); process.exit(2) })`,
    kill('SIGTERM'),
  ],
  [
    'as many listeners as Node allows without a warning',
    `for (let i = 0; i < 10; i++) for (const event of ['SIGTERM', 'SIGINT', 'beforeExit', 'exit', 'uncaughtExceptionMonitor'])
       process.on(event, () => {})
     setTimeout(() => process.exit(0), 2_500)`,
    kill('SIGTERM'),
  ],
  [
    'a process.emit that the app replaced, and no listener',
    `const emit = process.emit
     process.emit = function (event, ...rest) {
       if (String(event).startsWith('SIG')) console.log('emit', event)
       return emit.call(this, event, ...rest)
     }`,
    kill('SIGTERM'),
  ],
  [
    'a process.emit that the app replaced, and a listener',
    `const emit = process.emit
     process.emit = function (event, ...rest) {
       if (String(event).startsWith('SIG')) console.log('emit', event, rest)
       return emit.call(this, event, ...rest)
     }
     process.on('SIGTERM', (...args) => { console.log(args); process.exit(3) })`,
    kill('SIGTERM'),
  ],
  ['process.removeAllListeners()', `process.removeAllListeners()`, kill('SIGTERM')],
  [
    'a listener after process.removeAllListeners()',
    `process.removeAllListeners(); process.on('SIGTERM', () => console.log('never'))`,
    kill('SIGTERM'),
  ],
  [
    'a listener that takes itself off and raises again',
    `process.once('SIGTERM', () => { console.log('once'); process.kill(process.pid, 'SIGTERM') })`,
    kill('SIGTERM'),
  ],
])('%s', async (_, more, onReady) => {
  await compare({ files: { 'app.cjs': recorded(more) } }, cjs, { env: silentLogs, onReady }, [])
})

it.each(['SIGTERM', 'SIGINT'] as const)('%s while the app loads ends it at once', async signal => {
  const files = {
    'app.cjs': `console.log('ready')
      for (const end = Date.now() + 1500; Date.now() < end;);
      console.log('loaded')
      process.on('${signal}', () => { console.log('handled'); process.exit(7) })
      setTimeout(() => {}, 3000)`,
  }
  const { bare } = await compare({ files }, cjs, { env: silentLogs, onReady: kill(signal) }, [])
  expect(bare).toMatchObject({ signal, stdout: 'ready\n' })
})

it('a signal that comes just before the listener for it, in the same turn, is not lost', async () => {
  // without us the kernel ends the process in the first line; taken up by us, it waits for the loop
  const app = `
    const last = setTimeout(() => {}, 60_000)
    require('http').get('${nobody}').on('error', () => setTimeout(() => {
      process.kill(process.pid, 'SIGTERM')
      process.on('SIGTERM', () => { console.log('mine'); process.exit(3) })
    }, 200))`
  const result = await run(makeApp({ files: { 'app.cjs': app } }), cjs, { env: silentLogs, limitMs: 30_000 })
  expect(result).toMatchObject({ code: 3, stdout: 'mine\n' })
})

it.each([
  [
    'SIGTERM, with nobody to hear it',
    `console.log(process.emit('SIGTERM', 'SIGTERM', 15)); setTimeout(() => console.log('alive'), 300)`,
  ],
  [
    'SIGINT, with a listener',
    `process.on('SIGINT', () => console.log('mine')); console.log(process.emit('SIGINT')); setTimeout(() => process.exit(0), 300)`,
  ],
  [
    'beforeExit',
    `process.on('beforeExit', code => console.log('beforeExit', code)); console.log(process.emit('beforeExit', 5))`,
  ],
])('an app that emits %s itself ends as without us', async (_, app) => {
  const first = `require('http').get('${nobody}').on('error', () => {});`
  await compare({ files: { 'app.cjs': first + app } }, cjs, { env: silentLogs }, [])
})

it('an app can count no listener of ours', async () => {
  const files = {
    'app.cjs': `const events = ['SIGTERM', 'SIGINT', 'beforeExit', 'exit', 'uncaughtException', 'uncaughtExceptionMonitor', 'newListener', 'removeListener']
      const count = () => console.log(process.eventNames().map(String).join(), events.map(event => process.listenerCount(event)).join(), process.emit.name, process.emit.length)
      count()
      require('http').get('${nobody}').on('error', () => setTimeout(count, 50))`,
  }
  await compare({ files }, cjs, { env: { ...silentLogs, AFN_SPOOL_DIR: '/tmp/afn-no-spool' } }, [])
})

it.each([
  ['metrics alone', `require('@opentelemetry/api').metrics.getMeter('m').createCounter('app.counted').add(2)`, [2]],
  ['nothing', '', []],
])('a short process that recorded %s sends just that when it ends', async (_, recording, expected) => {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': recording }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  const result = await run(folder, cjs, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
  await receiver.close()
  expect(result).toMatchObject({ code: 0, stderr: '' })
  expect(receiver.points('app.counted').map(({ value }) => value)).toEqual(expected)
  expect(new Set(receiver.requests.map(({ path }) => path))).toEqual(new Set(expected.map(() => '/v1/metrics')))
})
