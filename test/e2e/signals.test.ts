// What a signal does to the app is what it does without us; and what was recorded goes out first.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const server = (more: string) => `
  const http = require('http')
  ${more}
  const server = http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', () => {
    http.get('http://127.0.0.1:' + server.address().port, response => response.resume().on('end', () => console.log('ready')))
  })`

const apps: [string, string][] = [
  ['no listener', ''],
  ['a listener that ends the app', `process.on('SIGTERM', () => { console.log('bye'); process.exit(0) })`],
  [
    'a listener that drains first',
    `process.on('SIGTERM', () => { console.log('draining'); server.close(() => console.log('drained')); server.closeAllConnections() })`,
  ],
  [
    'a listener for one time',
    `process.once('SIGTERM', () => { console.log('bye'); server.close(); server.closeAllConnections() })`,
  ],
  [
    'a prepended listener for one time',
    `process.prependOnceListener('SIGTERM', () => { console.log('bye'); setTimeout(() => process.exit(9), 1_500) })`,
  ],
  [
    'signal-exit, which counts listeners',
    `require('signal-exit').onExit((code, signal) => console.log('exit', code, signal))`,
  ],
  [
    'an app that counts listeners',
    `console.log(process.listenerCount('SIGTERM'), process.listeners('SIGTERM').length, process.rawListeners('SIGTERM').length)`,
  ],
  ['a listener that was taken off again', `const f = () => {}; process.on('SIGTERM', f); process.off('SIGTERM', f)`],
]

describe('SIGTERM ends an app as without us, and its last spans arrive:', () => {
  it.each(apps)('%s', async (_, more) => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': server(more) }, modules: { 'signal-exit': 'signal-exit' } })
    const options = {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
      onReady: (child: { kill(signal: NodeJS.Signals): void }) => child.kill('SIGTERM'),
    }
    const bare = await run(folder, ['app.cjs'], options)
    const preloaded = await run(folder, ['--require', '@afn/otel', 'app.cjs'], options)
    expect(preloaded).toEqual(bare)
    // an app that exits by itself inside its listener may be faster than any delivery
    if (!more.includes('process.exit(0)'))
      expect(
        receiver
          .spans()
          .map(span => span.kind)
          .sort(),
      ).toEqual([2, 3])
    await receiver.close()
  })

  it('within the 2 seconds of the flush where no Collector listens', async () => {
    const folder = makeApp({ files: { 'app.cjs': server('') } })
    let sent = 0
    const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
      onReady: child => {
        sent = Date.now()
        child.kill('SIGTERM')
      },
    })
    expect(result).toMatchObject({ signal: 'SIGTERM', stdout: 'ready\n' })
    expect(Date.now() - sent).toBeLessThan(15_000)
  })

  it('a second one does not wait for the flush, and the first is what the process ended by', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1') // takes connections, never answers
    await once(silent, 'listening')
    const folder = makeApp({ files: { 'app.cjs': server('') } })
    const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` },
      onReady: child => {
        child.kill('SIGINT')
        setTimeout(() => child.kill('SIGTERM'), 300)
      },
    })
    expect(result).toMatchObject({ signal: 'SIGINT', stdout: 'ready\n' })
    silent.close()
  })

  it('as PID 1, where the kernel ignores it, the app lives on and is still recorded', async () => {
    const possible = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0
    if (!possible) return console.log('skipped: PID 1: no right to make a PID namespace')
    const receiver = await startReceiver()
    const app = `
      const http = require('http')
      const server = http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', async () => {
        const get = () => fetch('http://127.0.0.1:' + server.address().port).then(response => response.text())
        await get()
        console.log('ready', process.pid)
        process.kill(process.pid, 'SIGTERM')
        setTimeout(async () => { console.log('alive', await get()); server.close(); server.closeAllConnections(); process.exitCode = 6 }, 500)
      })`
    const folder = makeApp({ files: { 'app.cjs': app } })
    const script = 'exec "$0" "$@"'
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['--pid', '--fork', '--kill-child', 'sh', '-c', script, process.execPath, '--require', '@afn/otel', 'app.cjs'],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
        encoding: 'utf8',
        timeout: 30_000,
      },
    )
    // the receiver lives in this process, which spawnSync holds: what matters here is that the app was not ended
    expect({ status, stdout, stderr: stderr.replace(/\[@afn.*\n/g, '') }).toEqual({
      status: 6,
      stdout: 'ready 1\nalive ok\n',
      stderr: '',
    })
    await receiver.close()
  })
})

it('a Node that takes signals in a way that is not known here is named, and the app is as without us', async () => {
  const files = {
    // as if Node had renamed its function
    'renamed.cjs': `for (const listener of process.listeners('newListener'))
      if (listener.name === 'startListeningIfSignal') process.off('newListener', listener)`,
    'app.cjs': `require('@opentelemetry/api').trace.getTracer('t').startSpan('one').end()
      console.log('done')`,
  }
  const folder = makeApp({ files, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  const args = ['--require', './renamed.cjs', '--require', '@afn/otel', 'app.cjs']
  const { code, stdout, stderr } = await run(folder, args, { env: { OTEL_TRACES_EXPORTER: 'none' } })
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'done\n' })
  expect(stderr).toMatch(/AFN136 telemetry is not flushed when a signal ends the process/)
})

describe('AFN_SPOOL_DIR', () => {
  it('keeps what process.exit() leaves, redacted, and sends it at the next start', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({
      files: {
        'app.cjs': `const { trace } = require('@opentelemetry/api')
          trace.getTracer('t').startSpan('last words of ada@example.com').end()
          process.exit(5)`,
        'next.cjs': 'setTimeout(() => {}, 3500)',
      },
      modules: { '@opentelemetry/api': '@opentelemetry/api' },
    })
    const env = { AFN_SPOOL_DIR: `${folder}/spool`, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })).toMatchObject({ code: 5, stderr: '' })
    expect(receiver.requests).toHaveLength(0)
    await run(folder, ['--require', '@afn/otel', 'next.cjs'], { env })
    expect(receiver.spans().map(span => span.name)).toEqual(['last words of [EMAIL]'])
    const { readdirSync } = await import('node:fs')
    expect(readdirSync(`${folder}/spool`)).toEqual([])
    await receiver.close()
  })
})
