// A package that is required by its path, as loaders of plugins do, is instrumented as by its name.
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const app = (required: string) => `
  const http = require('node:http')
  const { Hono } = require(${required})
  const app = new Hono().get('/a/:id', c => c.text('a'))
  const server = http.createServer(async (request, response) => {
    const answer = await app.fetch(new Request('http://host' + request.url))
    response.end(await answer.text())
  }).listen(0, '127.0.0.1', () => {
    http.get({ port: server.address().port, host: '127.0.0.1', path: '/a/1' }, answer => answer.resume().on('end', () => server.close()))
  })`

it.each([
  ['its name', `'hono'`],
  ['what its name resolves to', `require.resolve('hono')`],
  ['its folder', `__dirname + '/../../node_modules/hono'`],
  ['its folder, from here', `'../../node_modules/hono'`],
  ['its main file, from here', `'../../node_modules/hono/dist/cjs/index.js'`],
  ['where it really is', `require('fs').realpathSync(__dirname + '/../../node_modules/hono')`],
])("in a monorepo of pnpm, hono required by %s tells the request's span its route", async (_, required) => {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'packages/shop/app.cjs': app(required) } })
  // real files, of which the package has a link
  const store = path.join(folder, 'node_modules/.pnpm/hono@4.0.0/node_modules/hono')
  mkdirSync(path.dirname(store), { recursive: true })
  cpSync(path.join(root, 'node_modules/hono'), store, { recursive: true })
  symlinkSync(store, path.join(folder, 'node_modules/hono'))
  const args = ['--require', '@afn/otel', 'packages/shop/app.cjs']
  const result = await run(folder, args, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
  expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
  const names = receiver.spans().flatMap(({ kind, name }) => (kind === 2 ? [name] : []))
  await receiver.close()
  expect(names).toEqual(['GET /a/:id'])
})
