// The route of a request, as the layout of ordinary apps makes it: routers that share a prefix, applications in applications,
// catch-alls, and requests that no route has. The expected routes are those of OpenTelemetry's auto-instrumentations as installed,
// but where a comment says otherwise.
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const ask = `
  const ask = async (port, paths) => {
    for (const path of paths) await fetch('http://127.0.0.1:' + port + path).then(answer => answer.arrayBuffer())
  }`

async function routesOf(app: string, modules: string[], paths: string[]): Promise<Record<string, string | undefined>> {
  const receiver = await startReceiver()
  const folder = makeApp({
    files: { 'app.mjs': `${app}\n${ask}\nawait ask(port, ${JSON.stringify(paths)})\nprocess.exitCode = 0\nstop()` },
    modules: Object.fromEntries(modules.map(name => [name, name])),
  })
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  expect(await run(folder, ['--import', '@afn/otel', 'app.mjs'], { env })).toMatchObject({ code: 0, stderr: '' })
  const servers = receiver.spans().filter(span => span.kind === 2)
  await receiver.close()
  expect(servers).toHaveLength(paths.length)
  for (const { name, attributes } of servers) {
    const route = attributes['http.route']
    expect(name).toBe(route === undefined ? 'GET' : `GET ${route}`)
  }
  return Object.fromEntries(
    servers.map(({ attributes }) => {
      const query = attributes['url.query'] ? `?${attributes['url.query']}` : ''
      return [`${attributes['url.path']}${query}`, attributes['http.route'] as string | undefined]
    }),
  )
}

const express = (layout: string) => `
  import express from 'express'
  const app = express()
  const send = (request, response) => response.send('ok')
  ${layout}
  const server = app.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address()
  const stop = () => { server.close(); server.closeAllConnections() }`

it('Express: a router behind another one of the same prefix has its own routes', async () => {
  const app = express(`
    const users = express.Router().get('/users/:id', send)
    const posts = express.Router().get('/posts/:id', send).get('/posts', send)
    app.use('/api', users)
    app.use('/api', posts)
    app.get('/api/health', send)
    app.use('/api/v2', posts)`)
  const expected = {
    '/api/users/1': '/api/users/:id',
    '/api/posts/1': '/api/posts/:id',
    '/api/posts': '/api/posts',
    '/api/health': '/api/health',
    '/api/v2/posts/7': '/api/v2/posts/:id',
    '/nothing': undefined,
  }
  expect(await routesOf(app, ['express'], Object.keys(expected))).toEqual(expected)
})

it('Express: a mounted application, and a router that a function calls, keep their prefix', async () => {
  const app = express(`
    const items = () => express.Router().get('/a/:id', send)
    app.use('/v1', express().use(items()))
    app.use('/v2', express().get('/a/:id', send))
    const lazy = items()
    app.use('/lazy', (request, response, next) => lazy(request, response, next))
    const late = items()
    app.use('/late', async (request, response, next) => { await null; late(request, response, next) })
    app.use('/list', [(request, response, next) => next(), items()])
    const tenant = express.Router({ mergeParams: true })
    tenant.use((request, response, next) => next())
    tenant.get('/a/:id', send)
    app.use('/tenant/:name', tenant)`)
  const prefixes = ['/v1', '/v2', '/lazy', '/late', '/list']
  const expected = {
    ...Object.fromEntries(prefixes.map(prefix => [`${prefix}/a/1`, `${prefix}/a/:id`])),
    '/tenant/x/a/1': '/tenant/:name/a/:id',
  }
  expect(await routesOf(app, ['express'], Object.keys(expected))).toEqual(expected)
})

it('Express: the route of a static path is known with a query, in another case, and after the app has rewritten the URL', async () => {
  // OpenTelemetry's compares the route with the URL, and joins the routes before and after a rewritten URL
  const app = express(`
    app.get('/', send)
    app.get('/about', send)
    app.get('/new/:id', send)
    app.get('/old/:id', (request, response, next) => {
      request.url = '/new/' + request.params.id
      app.handle(request, response, next)
    })
    app.use('/files', send, express.Router())`)
  const expected = {
    '/?page=2': '/',
    '/About': '/about',
    '/old/5': '/new/:id',
    '/files/x': '/files',
  }
  expect(await routesOf(app, ['express'], Object.keys(expected))).toEqual(expected)
})

it('Hono: the route is that of the handler which answers, not of a catch-all behind it, and a 404 has none', async () => {
  const app = `
    import { serve } from '@hono/node-server'
    import { Hono } from 'hono'
    const app = new Hono()
    const text = c => c.text('ok')
    app.use('*', async (c, next) => { await next() })
    app.get('/api/users/:id', text)
    app.get('/health', text)
    const sub = new Hono().get('/x/:y', text)
    sub.use('*', async (c, next) => { await next() })
    app.route('/sub', sub)
    app.mount('/mnt', new Hono().get('/q/:z', text).get('/', text).fetch)
    app.basePath('/v1').get('/b/:c', text)
    app.all('/all/*', text)
    app.get('/calls/:id', async c => c.text(await (await app.request('/health')).text()))
    app.get('/pages/*', text)
    const { server, port } = await new Promise(resolve => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, info => resolve({ server, port: info.port }))
    })
    const stop = () => { server.close(); server.closeAllConnections() }`
  const expected = {
    '/api/users/1': '/api/users/:id',
    '/health': '/health',
    '/sub/x/1': '/sub/x/:y',
    '/mnt/q/1': '/mnt/q/:z',
    '/mnt': '/mnt',
    '/v1/b/1': '/v1/b/:c',
    '/all/z': '/all/*',
    '/calls/1': '/calls/:id',
    '/pages/one': '/pages/*',
    '/none': undefined,
    '/sub/none': undefined,
  }
  expect(await routesOf(app, ['hono', '@hono/node-server'], Object.keys(expected))).toEqual(expected)
})

it('Hono: what fails behind a mounted application that has no such page has the route where it is mounted', async () => {
  const app = `
    import { serve } from '@hono/node-server'
    import { Hono } from 'hono'
    const nothing = new Hono().use(async (c, next) => { await next() })
    const shop = new Hono()
    shop.get('/:page', async (c, next) => { await next(); throw new Error('the footer is gone') })
    shop.mount('/', nothing.fetch)
    shop.onError((error, c) => c.text('hidden', 404))
    const app = new Hono().mount('/shop', shop.fetch)
    const { server, port } = await new Promise(resolve => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, info => resolve({ server, port: info.port }))
    })
    const stop = () => { server.close(); server.closeAllConnections() }`
  // as Hono's own routePath() says when it throws
  expect(await routesOf(app, ['hono', '@hono/node-server'], ['/shop/hats'])).toEqual({ '/shop/hats': '/shop/*' })
})

it.each(['hono/tiny', 'hono/quick'])('Hono: the preset %s has routes too', async preset => {
  const app = `
    import { serve } from '@hono/node-server'
    import { Hono } from '${preset}'
    const app = new Hono().get('/users/:id', c => c.text('ok'))
    const { server, port } = await new Promise(resolve => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, info => resolve({ server, port: info.port }))
    })
    const stop = () => { server.close(); server.closeAllConnections() }`
  expect(await routesOf(app, ['hono', '@hono/node-server'], ['/users/1'])).toEqual({ '/users/1': '/users/:id' })
})
