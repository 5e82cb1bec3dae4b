// The measured app: one route with a parameter behind one middleware, in the framework that is named. Says its port, answers
// each line of stdin with its CPU time, and ends with stdin.
const handlers = {
  node() {
    const server = require('node:http').createServer((request, response) => {
      const body = JSON.stringify(order(request.url.slice('/orders/'.length)))
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      response.end(body)
    })
    server.listen(0, '127.0.0.1', () => say({ port: server.address().port }))
  },
  express() {
    const app = require('express')()
    app.use((_request, _response, next) => next())
    app.get('/orders/:id', (request, response) => response.json(order(request.params.id)))
    const server = app.listen(0, '127.0.0.1', () => say({ port: server.address().port }))
  },
  fastify() {
    const app = require('fastify')()
    app.addHook('onRequest', (_request, _reply, done) => done())
    app.get('/orders/:id', async request => order(request.params.id))
    app.listen({ port: 0, host: '127.0.0.1' }).then(() => say({ port: app.server.address().port }))
  },
  hono() {
    const { Hono } = require('hono')
    const app = new Hono()
    app.use(async (_context, next) => next())
    app.get('/orders/:id', context => context.json(order(context.req.param('id'))))
    require('@hono/node-server').serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      say({ port }),
    )
  },
}

const order = id => ({ id, total: 42, lines: [{ sku: 'a-1', count: 2 }] })
const say = figures => process.stdout.write(`${JSON.stringify(figures)}\n`)

process.stdin.on('data', () => {
  const { user, system } = process.cpuUsage()
  say({ cpu: user + system, rss: process.memoryUsage.rss() })
})
process.stdin.on('end', () => process.exit(0))
handlers[process.env.FRAMEWORK]()
