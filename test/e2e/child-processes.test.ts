// Trace context from a process to the processes that it starts, in TRACEPARENT and TRACESTATE, under the packed preload.
import { beforeAll, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { pathsOf } from '../support/paths'
import { type Receiver, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const files = {
  'parent.mjs': `
    import { exec, execFile, fork, spawn } from 'node:child_process'
    import { once } from 'node:events'
    import { promisify } from 'node:util'
    import { withAgent, withTool } from '@afn/otel/api'
    const child = [...process.execArgv, 'child.mjs']
    await withAgent('helper', async () => {
      await withTool('spawned', () => once(spawn(process.execPath, child), 'exit'))
      await withTool('executed', () => promisify(execFile)(process.execPath, child))
      await withTool('in a shell', () => promisify(exec)('node ' + child.join(' ')))
      await withTool('forked', () => once(fork('child.mjs'), 'exit'))
      const own = '00-' + 'a'.repeat(32) + '-' + 'b'.repeat(16) + '-01'
      await withTool('with a context of the app', () => once(spawn(process.execPath, child, { env: { ...process.env, TRACEPARENT: own } }), 'exit'))
      await withTool('with an empty one', () => once(spawn(process.execPath, child, { env: { ...process.env, TRACEPARENT: '' } }), 'exit'))
    })
    await once(spawn(process.execPath, child), 'exit')`,
  'child.mjs': `
    import { withTool } from '@afn/otel/api'
    await withTool('work', async () => {})`,
  'sync.mjs': `
    import { execFileSync, execSync, spawnSync } from 'node:child_process'
    import { createRequire } from 'node:module'
    import { withAgent, withTool } from '@afn/otel/api'
    const child = [...process.execArgv, 'child.mjs']
    const said = []
    await withAgent('helper', async () => {
      await withTool('spawned', async () => { said.push(spawnSync(process.execPath, child).status) })
      await withTool('executed', async () => { said.push(String(execFileSync(process.execPath, child))) })
      await withTool('in a shell', async () => { said.push(execSync('node ' + child.join(' '), { encoding: 'utf8' })) })
      await withTool('required', async () => { createRequire(import.meta.url)('child_process').execFileSync(process.execPath, child, { env: process.env }) })
      const own = '00-' + 'a'.repeat(32) + '-' + 'b'.repeat(16) + '-01'
      await withTool('with a context of the app', async () => { spawnSync(process.execPath, child, { env: { ...process.env, TRACEPARENT: own } }) })
    })
    const code = 'console.log(JSON.stringify([process.env.MINE, process.env.TRACEPARENT !== undefined]))'
    const env = Object.create({ ...process.env, NODE_OPTIONS: '', MINE: 'inherited' })
    await withTool('foreign', async () => { said.push(spawnSync(process.execPath, ['-e', code], { env, encoding: 'utf8' }).stdout) })
    said.push(spawnSync(process.execPath, ['-e', code], { env, encoding: 'utf8' }).stdout)
    try { execFileSync(process.execPath, ['-e', 'process.exit(3)']) } catch (error) { said.push(error.status) }
    try { spawnSync(process.execPath, 7) } catch (error) { said.push(error.code) }
    said.push(spawnSync.name, execSync.length, String(await withTool('no options', async () => spawnSync('true').status)))
    console.log(JSON.stringify(said))`,
  // says what it has, as a program that is not ours reads it
  'foreign.mjs': `
    import { spawn } from 'node:child_process'
    import { withTool } from '@afn/otel/api'
    import { context, propagation } from '@opentelemetry/api'
    const code = 'console.log(JSON.stringify(Object.entries(process.env).filter(([name]) => /^(TRACE|BAGGAGE)/.test(name))))'
    const baggage = propagation.createBaggage({ user: { value: 'ada' } })
    const stdio = ['ignore', 'inherit', 'inherit']
    const start = () => new Promise(done => spawn(process.execPath, ['-e', code], { stdio, env: { ...process.env, NODE_OPTIONS: '' } }).on('exit', done))
    await start()
    await context.with(propagation.setBaggage(context.active(), baggage), () => withTool('foreign', start))
    console.log(JSON.stringify(Object.keys(process.env).filter(name => /^TRACE/.test(name))))`,
  // a thread that was started in one tool and works for another
  'pool.mjs': `
    import { once } from 'node:events'
    import { Worker } from 'node:worker_threads'
    import { withTool } from '@afn/otel/api'
    import { context, propagation } from '@opentelemetry/api'
    const worker = await withTool('starts the pool', async () => new Worker('./thread.mjs'))
    for (const carries of [false, true])
      await withTool(carries ? 'carries' : 'asks', async () => {
        const carrier = {}
        if (carries) propagation.inject(context.active(), carrier)
        worker.postMessage(carrier)
        await once(worker, 'message')
      })
    worker.postMessage(null)
    await once(worker, 'exit')`,
  'thread.mjs': `
    import { parentPort } from 'node:worker_threads'
    import { withTool } from '@afn/otel/api'
    import { context, propagation } from '@opentelemetry/api'
    parentPort.on('message', carrier => {
      if (!carrier) return parentPort.close()
      context.with(propagation.extract(context.active(), carrier), () => withTool('work', async () => parentPort.postMessage('done')))
    })`,
  'server.mjs': `
    import { createServer, get } from 'node:http'
    import { withTool } from '@afn/otel/api'
    await withTool('before', async () => {})
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1', () => {
      const agent = { port: server.address().port, host: '127.0.0.1', headers: {} }
      // a request that carries nothing, as of a client that is not traced
      import('node:net').then(({ connect }) => connect(agent.port, '127.0.0.1').end('GET / HTTP/1.1\\r\\nhost: a\\r\\nconnection: close\\r\\n\\r\\n').resume().on('close', async () => {
        await withTool('after', async () => {})
        server.close()
      }))
    })`,
}

let folder: string
beforeAll(() => {
  folder = makeApp({ files, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
})

async function received(
  app: string,
  env: Record<string, string> = {},
): Promise<{ receiver: Receiver; stdout: string }> {
  const receiver = await startReceiver()
  const preload = { NODE_OPTIONS: '--import @afn/otel', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const { code, stdout, stderr } = await run(folder, [app], { env: { ...preload, ...env } })
  expect([code, stderr]).toEqual([0, ''])
  await receiver.close()
  return { receiver, stdout }
}

const caller = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }
const TRACEPARENT = `00-${caller.traceId}-${caller.spanId}-01`

it('puts the spans of a child below the span that started it, unless the app says what the child has', async () => {
  const { receiver } = await received('parent.mjs')
  expect(pathsOf(receiver.spans())).toEqual(
    [
      'execute_tool work',
      'execute_tool work',
      'execute_tool work',
      ...['executed', 'forked', 'in a shell', 'spawned', 'with a context of the app', 'with an empty one'].flatMap(
        name => {
          const tool = `invoke_agent helper > execute_tool ${name}`
          return name.startsWith('with') ? [tool] : [tool, `${tool} > execute_tool work`]
        },
      ),
      'invoke_agent helper',
    ].toSorted(),
  )
  const own = receiver.spans().filter(({ traceId }) => traceId === 'a'.repeat(32))
  expect(own.map(({ parentSpanId }) => parentSpanId)).toEqual(['b'.repeat(16)])
})

it('gives a program that is not ours the context within a span, and no baggage; and its own environment stays', async () => {
  const { receiver, stdout } = await received('foreign.mjs')
  const [tool] = receiver.spans().filter(({ name }) => name === 'execute_tool foreign')
  expect(
    stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
  ).toEqual([[], [['TRACEPARENT', `00-${tool!.traceId}-${tool!.spanId}-01`]], []])
  const without = await received('foreign.mjs', { OTEL_PROPAGATORS: 'none' })
  expect(without.stdout).toBe('[]\n[]\n[]\n')
})

it('takes the context that the process was started with, and hands its own on instead', async () => {
  const { receiver, stdout } = await received('foreign.mjs', { TRACEPARENT, TRACESTATE: 'vendor=1' })
  const [tool] = receiver.spans().filter(({ name }) => name === 'execute_tool foreign')
  expect(tool).toMatchObject({ traceId: caller.traceId, parentSpanId: caller.spanId })
  const given = (spanId: string) => [
    ['TRACEPARENT', `00-${caller.traceId}-${spanId}-01`],
    ['TRACESTATE', 'vendor=1'],
  ]
  const said = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line).toSorted())
  expect(said).toEqual([given(caller.spanId), given(tool!.spanId), ['TRACEPARENT', 'TRACESTATE']])
})

it('begins a trace of its own for each request, and after the first one for all else', async () => {
  const { receiver } = await received('server.mjs', { TRACEPARENT })
  const below = (name: RegExp) =>
    receiver
      .spans()
      .filter(span => name.test(span.name))
      .map(({ traceId }) => traceId === caller.traceId)
  expect([below(/before/), below(/^GET/), below(/after/)]).toEqual([[true], [false], [false]])
})

it('a thread of a pool works in no trace but the one that its message carries, or all of its work is in one', async () => {
  const { receiver } = await received('pool.mjs', { TRACEPARENT, AFN_WORKERS: 'true' })
  const spans = receiver.spans()
  expect(pathsOf(spans)).toEqual([
    'execute_tool asks',
    'execute_tool carries',
    'execute_tool carries > execute_tool work',
    'execute_tool starts the pool',
    'execute_tool work',
  ])
  const ofCaller = spans.filter(({ traceId }) => traceId === caller.traceId).map(({ name }) => name)
  expect(ofCaller.filter(name => name === 'execute_tool work')).toHaveLength(1)
})

it('ignores a context that is none', async () => {
  const { receiver } = await received('child.mjs', { TRACEPARENT: 'nonsense' })
  expect(receiver.spans().map(({ parentSpanId }) => parentSpanId ?? '')).toEqual([''])
})

it('children that are waited for begin a trace of their own, or what the app gets of them changes', async () => {
  const { receiver, stdout } = await received('sync.mjs')
  expect(JSON.parse(stdout)).toEqual([
    0,
    '',
    '',
    '["inherited",true]\n',
    '["inherited",false]\n',
    3,
    'ERR_INVALID_ARG_TYPE',
    'spawnSync',
    2,
    '0',
  ])
  const paths = pathsOf(receiver.spans()).filter(path => path.includes('work'))
  const tool = (name: string) => `invoke_agent helper > execute_tool ${name} > execute_tool work`
  expect(paths).toEqual(expect.arrayContaining(['spawned', 'executed', 'in a shell', 'required'].map(tool)))
  expect(paths).toHaveLength(5)
})
