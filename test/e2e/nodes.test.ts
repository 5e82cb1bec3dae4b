// One app on each line of Node.js that is promised, and on 20: start, a request, a call of a model, a line of a log, the end. What is
// exported is the same on all. `npm run test:long -- nodes` runs all of unit and e2e on 22, 24 and 26.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'
import { isLong } from '../support/long'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { pathsOf } from '../support/paths'
import { type Receiver, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const app = `
const { createServer } = require('node:http')
const express = require('express')
const { default: OpenAI } = require('openai')
const log = require('pino')()

const provider = createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({
    id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
  }))
})
const app = express()
app.get('/ask/:user', async (request, response) => {
  log.info({ user: request.params.user }, 'asked by ada@example.com')
  await new Promise(resolve => setTimeout(resolve, 1))
  const client = new OpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1:' + provider.address().port + '/v1' })
  const { choices } = await client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] })
  response.send(choices[0].message.content)
})
provider.listen(0, '127.0.0.1', () => {
  const server = app.listen(0, '127.0.0.1', async () => {
    const answer = await fetch('http://127.0.0.1:' + server.address().port + '/ask/7')
    console.log(await answer.text())
    for (const one of [server, provider]) one.close(), one.closeAllConnections()
  })
})`

/** What was exported, without what is another one's in each run. */
function lasting(receiver: Receiver) {
  const plain = (value: unknown) => JSON.stringify(value).replaceAll(/(127\.0\.0\.1:|port":)\d+/g, '$1PORT')
  const spans = receiver
    .spans()
    .map(({ name, kind, scope, status, events, links, attributes }) => {
      // a number with a fraction is how long something took
      const lasting = Object.entries(attributes).filter(
        ([, value]) => typeof value !== 'number' || Number.isInteger(value),
      )
      return plain([name, kind, scope, status, events, links, Object.fromEntries(lasting)])
    })
    .sort()
  const logs = receiver.logs().map(({ body, severityText, attributes }) => plain([body, severityText, attributes]))
  // those of the process and the machine are taken by the clock
  const metrics = receiver.metrics().filter(({ name }) => /^(?:http|gen_ai|otel)\./.test(name))
  const points = metrics.flatMap(({ name, unit, points }) => points.map(point => plain([name, unit, point.attributes])))
  return { paths: pathsOf(receiver.spans()), spans, logs, points: [...new Set(points)].sort() }
}

async function exported(node: string) {
  const receiver = await startReceiver()
  const folder = makeApp({
    files: { 'app.cjs': app },
    modules: Object.fromEntries(['express', 'openai', 'pino'].map(name => [name, name])),
  })
  const bare = await run(folder, ['app.cjs'], { node })
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, AFN_CAPTURE_CONTENT: 'redacted' }
  const preloaded = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { node, env })
  await receiver.close()
  expect(preloaded).toMatchObject({ code: 0, stderr: '' })
  expect([bare.code, bare.stdout.split('\n').length]).toEqual([0, preloaded.stdout.split('\n').length])
  const runtimes = new Set(receiver.spans().map(({ resource }) => resource['process.runtime.version']))
  return { runtimes: [...runtimes], ...lasting(receiver) }
}

const lines = Object.values(nodes).map(version => [version, nodeBinary(version)] as const)

it.each(lines.slice(1))('what an app exports on Node.js %s is what it exports on 20', async (version, line) => {
  const [, first] = lines[0]!
  if (!('path' in line && 'path' in first)) return console.log(`skipped: Node.js ${version}`)
  const [here, there] = await Promise.all([exported(first.path), exported(line.path)])
  expect(there.paths).toEqual(['GET', 'GET > GET /ask/:user', 'GET > GET /ask/:user > chat gpt-4o', 'POST'])
  // the app's line, and the call with its content
  expect(there.logs).toHaveLength(2)
  expect(there).toEqual({ ...here, runtimes: [version] })
})

const suites = isLong('nodes') ? lines.slice(1) : []

it.each(suites)('unit and e2e hold on Node.js %s', { timeout: 7_200_000 }, async (_, line) => {
  if (!('path' in line)) throw new Error(line.missing)
  const args = ['run', '--project', 'unit', '--project', 'e2e', '--exclude', 'test/e2e/nodes.test.ts', '--retry=1']
  const child = spawn(line.path, [path.join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // npm and what else is started by its name is started with it too
    env: {
      ...process.env,
      PATH: `${path.dirname(line.path)}${path.delimiter}${process.env.PATH}`,
      AFN_TEST_SCOPE: '',
      AFN_TEST_LONG: '',
    },
  })
  expect(await new Promise(resolve => child.on('close', resolve))).toBe(0)
})
