// `node:cluster` under one preload: workers inherit it, as Node says of `execArgv`. Each sends what it serves, as an instance of its own.
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const app = `
  const cluster = require('node:cluster')
  const http = require('node:http')
  if (cluster.isPrimary) {
    for (const name of ['one', 'two']) cluster.fork({ WORKER: name })
  } else {
    const server = http.createServer((request, response) => response.end(process.env.WORKER))
    // each worker has a port of its own, so that each surely serves
    server.listen({ port: 0, host: '127.0.0.1', exclusive: true }, async () => {
      await (await fetch('http://127.0.0.1:' + server.address().port + '/' + process.env.WORKER)).text()
      server.close()
      cluster.worker.disconnect()
    })
  }`

it('requests that two workers of a cluster serve are lost, or are of one instance', async () => {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': app } })
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: 'none' }
  expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })).toMatchObject({ code: 0, stderr: '' })
  const served = receiver.spans().filter(({ kind }) => kind === 2)
  await receiver.close()
  expect(served.map(({ attributes }) => attributes['url.path']).sort()).toEqual(['/one', '/two'])
  expect(new Set(served.map(({ resource }) => resource['service.instance.id'])).size).toBe(2)
})
