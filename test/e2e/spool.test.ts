// What is left of a process that ends suddenly, where nobody has set anything up for it: it comes with the next start, or at
// once where the process crashes, and nobody else can read it or lead it elsewhere meanwhile.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, statSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cjs, nobody } from '../support/compare'
import { makeApp } from '../support/packed'
import { type Receiver, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const own = `afn-otel-${process.getuid!()}`
let receiver: Receiver
/** The system's folder for temporary files, as far as the app knows. */
let temporary: string
beforeEach(async () => {
  receiver = await startReceiver()
  temporary = mkdtempSync(path.join(tmpdir(), 'afn-temporary-'))
})
afterEach(() => receiver.close())

/** The time is a busy machine's. */
const common = () => ({
  TMPDIR: temporary,
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  AFN_SHUTDOWN_TIMEOUT: '20000',
})
const modules = { '@opentelemetry/api': '@opentelemetry/api' }
const span = (name: string) => `require('@opentelemetry/api').trace.getTracer('t').startSpan('${name}').end();`
const app = (source: string, packageJson?: object) =>
  makeApp({ files: { 'app.cjs': source }, modules, ...(packageJson && { packageJson }) })
const start = (source: string, env: Record<string, string> = {}, packageJson?: object) =>
  run(app(source, packageJson), cjs, {
    env: { ...common(), ...env },
  })
/** Ends the app when nothing waits in the spool any more. */
const onceSent = (end: string) => `
  require('node:http') // is traced from now on
  const { existsSync, readdirSync } = require('node:fs')
  const folder = process.env.TMPDIR + '/${own}'
  const waits = () => existsSync(folder) && readdirSync(folder, { recursive: true }).some(name => name.includes('.otlp'))
  const timer = setInterval(() => { if (!waits()) { clearInterval(timer); ${end} } }, 20)`
const names = () => receiver.spans().map(({ name }) => name)
const files = () =>
  existsSync(path.join(temporary, own))
    ? readdirSync(path.join(temporary, own), { recursive: true, encoding: 'utf8' }).filter(file =>
        file.endsWith('.otlp'),
      )
    : []

it('what process.exit() leaves comes with the next start of the service, though each run of it ends so', async () => {
  for (const n of [1, 2]) {
    const { code, stderr } = await start(`${span(`run ${n}`)} ${onceSent('process.exit(3)')}`)
    expect([code, stderr]).toEqual([3, ''])
  }
  expect(names()).toEqual(['run 1'])
  expect(files()).toHaveLength(1)
  await start(onceSent(''))
  expect(names()).toEqual(['run 1', 'run 2'])
  expect(files()).toEqual([])
})

it('what nobody took until an app had nothing left to do comes with its next start', async () => {
  await receiver.close()
  let status = 503
  receiver = await startReceiver(() => status)
  const env = { AFN_SHUTDOWN_TIMEOUT: '4000', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const { code, stderr } = await start(span('mine'), env)
  expect([code, stderr.match(/AFN130 traces .* and wait;/g)?.length, files().length]).toEqual([0, 1, 1])
  status = 200
  receiver.requests.splice(0)
  await start(onceSent(''), env)
  expect([names(), files()]).toEqual([['mine'], []])
})

it('without a spool it is said how many spans were lost that way', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: nobody, AFN_SPOOL: 'false' }
  const { stderr } = await start(`${span('one')} ${span('two')} setTimeout(() => {}, 300)`, env)
  expect(stderr).toMatch(/AFN130 2 spans and log records are lost/)
})

it('only this user can read it', async () => {
  await start(`${span('mail ada@example.com')} process.exit()`)
  const [file = ''] = files()
  const modes = [own, path.join(own, path.dirname(file)), path.join(own, file)]
  expect(modes.map(name => (statSync(path.join(temporary, name)).mode & 0o777).toString(8))).toEqual([
    '700',
    '700',
    '600',
  ])
  await start(onceSent(''))
  expect(names()).toEqual(['mail [EMAIL]'])
})

it.each([
  ['another service', {}, { name: 'another', version: '1.0.0' }],
  ['the same service at another address', { OTEL_EXPORTER_OTLP_ENDPOINT: nobody }, undefined],
  ['the same service with another key', { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=other' }, undefined],
])('%s does not send it', async (_, env, packageJson) => {
  await start(`${span('mine')} process.exit()`)
  const { stderr } = await start('setTimeout(() => {}, 700)', env, packageJson)
  expect([names(), files().length, stderr]).toEqual([[], 1, ''])
})

it('what nobody has sent for a day is removed by any start of this user, and not sent', async () => {
  await start(`${span('old')} process.exit()`)
  const folder = path.join(temporary, own)
  const [file = ''] = files()
  const old = file.replace(/\d{13}/, String(Date.now() - 25 * 3_600_000))
  renameSync(path.join(folder, file), path.join(folder, old))
  await start(`${span('new')} process.exit()`, {}, { name: 'another', version: '1.0.0' })
  await start(onceSent(''), {}, { name: 'another', version: '1.0.0' })
  expect([names(), files()]).toEqual([['new'], []])
})

it.each([
  ['is a link', (folder: string) => symlinkSync(mkdtempSync(path.join(temporary, 'elsewhere-')), folder)],
  [
    'everybody may write into',
    (folder: string) => {
      mkdirSync(folder)
      chmodSync(folder, 0o777)
    },
  ],
  [
    'is not there',
    () => {
      // rights alone do not stop root
      renameSync(temporary, `${temporary}-gone`)
    },
  ],
])('nothing is written into a folder that %s, and nothing is said', async (_, prepare) => {
  prepare(path.join(temporary, own))
  const { code, stderr } = await start(`${span('mine')} process.exit(4)`)
  const written = existsSync(temporary) ? readdirSync(temporary, { recursive: true, encoding: 'utf8' }) : []
  expect([code, stderr, written.filter(name => name.includes(path.sep))]).toEqual([4, '', []])
})

it.each([
  ['AFN_SPOOL=false', { AFN_SPOOL: 'false' }],
  ['content that is not redacted', { AFN_CAPTURE_CONTENT: 'full', AFN_LOG_LEVEL: 'none' }],
  ['no redaction at all', { AFN_REDACTION: 'false', AFN_LOG_LEVEL: 'none' }],
])('nothing is written with %s', async (_, env) => {
  await start(`${span('mine')} process.exit()`, env as Record<string, string>)
  expect(readdirSync(temporary)).toEqual([])
})

it('a crash arrives at once, with its spans and its log record, and ends as without us', async () => {
  const { code, stderr } = await start(
    `${span('last')} setTimeout(() => { throw new Error('mail ada@example.com') }, 20)`,
  )
  expect(code).toBe(1)
  expect(stderr).toMatch(/Error: mail ada@example\.com\n\s+at /)
  expect(stderr).not.toContain('AFN')
  expect(names()).toEqual(['last'])
  expect(receiver.logs()[0]).toMatchObject({
    body: 'uncaughtException',
    attributes: { 'exception.message': 'mail [EMAIL]' },
  })
  expect(files()).toEqual([])
})

it('what a server records until it has drained after SIGTERM arrives, though it ends by process.exit()', async () => {
  const source = `
    ${span('before')}
    process.on('SIGTERM', () => setTimeout(() => { ${span('while it drains')} process.exit(0) }, 300))
    setTimeout(() => {}, 30_000)
    setTimeout(() => console.log('ready'), 50)`
  const { code } = await run(app(source), cjs, {
    env: common(),
    onReady: child => child.kill('SIGTERM'),
  })
  expect(code).toBe(0)
  expect(names().sort()).toEqual(['before', 'while it drains'])
})

it('a crash waits for a Collector that hangs no longer than AFN_SHUTDOWN_TIMEOUT, and is sent by the next start', async () => {
  const hanging = createServer(() => {})
  await new Promise<void>(resolve => hanging.listen(0, '127.0.0.1', resolve))
  const { port } = hanging.address() as AddressInfo
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, AFN_SHUTDOWN_TIMEOUT: '300' }
  const { code } = await start(`${span('last')} setTimeout(() => { throw new Error('x') }, 20)`, env)
  hanging.closeAllConnections()
  hanging.close()
  expect(code).toBe(1)
  // one request of spans, one of log records
  expect(
    files().length +
      readdirSync(path.join(temporary, own), { recursive: true }).filter(name => /otlp\./.test(String(name))).length,
  ).toBe(2)
})
