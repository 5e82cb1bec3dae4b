// A rejection that the app doesn't handle stays unhandled: a process that would end goes on ending. The oracle is the app without us.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { run } from '../support/run'

/** Begins an answer of a model, and breaks the connection in the middle of it. */
let cutting: Server
beforeAll(async () => {
  cutting = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"choices":[]}\n\n', () => setTimeout(() => response.destroy(), 50))
  })
  await new Promise<void>(resolve => cutting.listen(0, '127.0.0.1', resolve))
})
afterAll(() => cutting.close())

const chat = (url: string) => `fetch('${url}/v1/chat/completions', {
  method: 'POST', body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }] }) })`
const refused = chat('http://127.0.0.1:9')
const cut = chat("' + process.env.CUTTING + '")
const api = `const { withAgent, withTool, withWorkflow } = require('@afn/otel/api')`
const boom = `async () => { throw new Error('boom') }`

const cases = {
  'an LLM call that nobody awaits': refused,
  'an LLM call that is handled too late': `const one = ${refused}; setTimeout(() => one.catch(() => {}), 30_000)`,
  'a branch beside a handled one': `const one = ${refused}; one.then(() => {}); one.catch(() => {})`,
  'a read that nobody awaits': `${cut}.then(async r => { const reader = r.body.getReader(); await reader.read(); reader.read() })`,
  'a step of an iterator that nobody awaits': `${cut}.then(async r => { const i = r.body[Symbol.asyncIterator](); await i.next(); i.next() })`,
  'text() that nobody awaits': `${cut}.then(r => { r.text() })`,
  'any other fetch': `fetch('http://127.0.0.1:9/')`,
  'work in an agent': `${api}; withAgent('a', ${boom})`,
  'work in a tool': `${api}; withTool('a', ${boom})`,
  'work in a workflow': `${api}; withWorkflow('a', ${boom})`,
}
const handled = {
  'an LLM call': `${refused}.catch(() => {})`,
  'an LLM call in two branches': `const one = ${refused}; one.catch(() => {}); one.then(() => {}, () => {})`,
  'a read': `${cut}.then(async r => { const reader = r.body.getReader(); for (;;) await reader.read() }).catch(() => {})`,
  'work in an agent': `${api}; withAgent('a', ${boom}).catch(() => {})`,
}

async function outcomes(work: string, env: Record<string, string> = {}) {
  const folder = makeApp({
    // an event and no timer: a rejection comes as late as the machine is busy
    files: { 'app.cjs': `${work}\nprocess.once('beforeExit', () => console.log('alive'))` },
    modules: { '@opentelemetry/api': '@opentelemetry/api' },
  })
  const { port } = cutting.address() as AddressInfo
  const options = {
    env: {
      CUTTING: `http://127.0.0.1:${port}`,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      ...env,
    },
  }
  const [bare, ours] = await Promise.all([
    run(folder, ['app.cjs'], options),
    run(folder, ['--require', '@afn/otel', 'app.cjs'], options),
  ])
  const seen = ({ code, stdout, stderr }: typeof bare) => [code, stdout, /^\w*Error: .*/m.exec(stderr)?.[0]]
  return { bare: seen(bare), ours: seen(ours) }
}

describe.each(['off', 'on'])('with AFN_INCLUDE_USAGE=%s', usage => {
  const env = { AFN_INCLUDE_USAGE: usage }
  it.concurrent.each(Object.entries(cases))('ends the process as without us: %s', async (_, work) => {
    const { bare, ours } = await outcomes(work, env)
    expect(bare.slice(0, 2)).toEqual([1, ''])
    expect(ours).toEqual(bare)
  })

  it.concurrent.each(Object.entries(handled))('that the app handles ends nothing: %s', async (_, work) => {
    const { bare, ours } = await outcomes(work, env)
    expect(bare).toEqual([0, 'alive\n', undefined])
    expect(ours).toEqual(bare)
  })
})
