// npm's undici over HTTP/2, which it speaks through `node:http2`: by default from version 8 on, and before where it is allowed.
import { readFileSync } from 'node:fs'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificates } from '../health/certificates'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const usage = { prompt_tokens: 1000, completion_tokens: 50, total_tokens: 1050 }
const message = { role: 'assistant', content: 'Hello' }
const answer = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, finish_reason: 'stop', message }],
  usage,
}

const certificates = makeCertificates()
const [key, cert] = [certificates.server.key, certificates.server.cert].map(file => readFileSync(file))
const server = http2.createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ...answer, system_fingerprint: request.httpVersion }))
  })
})
let url = ''
let clients = ''

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `https://localhost:${(server.address() as AddressInfo).port}/v1/chat/completions`
  clients = installOnce(path.join(root, 'test/clients/package.json'), 'clients')
})
afterAll(() => {
  server.close()
  certificates.remove()
})

/** Prints which HTTP each call was answered by. */
const app = `
  const undici = require('undici')
  require('node:http2')
  const { URL: url } = process.env
  const { origin, pathname: path } = new URL(url)
  const ask = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] }),
  }
  const dispatcher = new undici.Agent({ allowH2: true })
  const said = async text => console.log(JSON.parse(await text).system_fingerprint)
  const whole = async stream => {
    const parts = []
    for await (const part of stream) parts.push(part)
    return Buffer.concat(parts).toString()
  }
  async function main() {
    await said((await undici.fetch(url, { ...ask, dispatcher })).text())
    await said((await undici.request(url, { ...ask, dispatcher })).body.text())
    const client = new undici.Client(origin, { allowH2: true })
    await said((await client.request({ path, ...ask })).body.text())
    const { body, ...head } = ask
    await said(whole(undici.pipeline(url, { ...head, dispatcher }, answer => answer.body).end(body)))
    // queued while the connection is made for a request that is no LLM call
    const second = new undici.Agent({ allowH2: true })
    const first = undici.request(origin + '/health', { dispatcher: second })
    const queued = undici.request(url, { ...ask, dispatcher: second })
    await (await first).body.dump()
    await said((await queued).body.text())
    undici.setGlobalDispatcher(dispatcher)
    await said((await undici.fetch(url, ask)).text())
    await Promise.all([client.close(), second.close(), dispatcher.close()])
  }
  main()`
const CALLS = 6

describe.each([
  ['7.30', undefined],
  ['8', nodes[22]],
])('undici %s', (version, nodeVersion) => {
  const node = nodeVersion === undefined ? { path: process.execPath } : nodeBinary(nodeVersion)
  it.skipIf('missing' in node)('a call over HTTP/2 is one span, counted once', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({
      files: { 'app.cjs': app },
      modules: { undici: path.join(clients, 'node_modules', `undici-${version}`) },
    })
    const ran = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      ...('path' in node && { node: node.path }),
      env: { URL: url, NODE_EXTRA_CA_CERTS: certificates.ca, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    })
    expect(ran).toMatchObject({ code: 0, stdout: '2.0\n'.repeat(CALLS), stderr: '' })
    const calls = receiver.spans().filter(({ scope }) => scope === '@afn/otel/llm')
    expect(calls.map(({ attributes }) => attributes['gen_ai.usage.input_tokens'])).toEqual(Array(CALLS).fill(1000))
    const counted = receiver.points('gen_ai.client.inference.usage.input_tokens')
    expect(counted.reduce((sum, { value }) => sum + value, 0)).toBe(1000 * CALLS)
    await receiver.close()
  })
})
