// What a handler throws is found where a failed request is looked at: on its server's span, and so in the Errors view, in every
// framework, without a span for each layer. Frameworks answer such requests themselves; the process never sees the exception.
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

/** Where Nest is; all else is in this repository's node_modules. */
const nest = () => path.join(installOnce(path.join(root, 'test/nestjs/package.json'), 'nestjs'), 'node_modules')

interface Framework {
  readonly modules: readonly string[]
  /** Serves /throws, /rejects, /text, /gone (an error that becomes a 404) and /recovers (an error that becomes a 200); sets `port`. */
  readonly serve: string
  readonly stop: string
}

const listen = `await new Promise(resolve => server.once('listening', resolve))\nconst { port } = server.address()`
const close = 'server.close(); server.closeAllConnections()'

const frameworks: Record<string, Framework> = {
  Express: {
    modules: ['express'],
    serve: `const app = require('express')()
    app.set('env', 'test')
    app.get('/throws', () => { throw new TypeError('no rows for bob@example.com') })
    app.get('/rejects', (request, response, next) => setImmediate(next, new RangeError('too far')))
    app.get('/text', (request, response, next) => next('only a text'))
    app.get('/gone', () => { throw Object.assign(new Error('gone'), { status: 404 }) })
    app.get('/recovers', () => { throw new Error('recovered') })
    app.use('/recovers', (error, request, response, next) => response.send('fine'))
    const server = app.listen(0, '127.0.0.1')
    ${listen}`,
    stop: close,
  },
  Fastify: {
    modules: ['fastify'],
    serve: `const app = require('fastify')()
      app.get('/throws', async () => { throw new TypeError('no rows for bob@example.com') })
      app.get('/rejects', { preHandler: (request, reply, done) => done(new RangeError('too far')) }, async () => 'never')
      app.get('/text', (request, reply) => { reply.send(new Error('only a text')) })
      app.get('/gone', async () => { throw Object.assign(new Error('gone'), { statusCode: 404 }) })
      app.register(async scope => {
        scope.setErrorHandler((error, request, reply) => reply.code(200).send('fine'))
        scope.get('/recovers', async () => { throw new Error('recovered') })
      })
      await app.listen({ port: 0, host: '127.0.0.1' })
      const { port } = app.server.address()`,
    stop: 'app.server.closeAllConnections(); app.close()',
  },
  Hono: {
    modules: ['hono', '@hono/node-server'],
    serve: `const { Hono } = require('hono')
      const { HTTPException } = require('hono/http-exception')
      console.error = () => {}
      const app = new Hono()
      app.use('*', async (c, next) => { await next() })
      app.get('/throws', () => { throw new TypeError('no rows for bob@example.com') })
      app.get('/rejects', async () => { throw new RangeError('too far') })
      app.get('/text', async () => { throw new Error('only a text') })
      app.get('/gone', () => { throw new HTTPException(404, { message: 'gone' }) })
      const calm = new Hono().get('/', () => { throw new Error('recovered') })
      calm.onError((error, c) => c.text('fine'))
      app.route('/recovers', calm)
      const { server, port } = await new Promise(resolve => {
        const server = require('@hono/node-server').serve({ fetch: app.fetch, port: 0 }, info => resolve({ server, port: info.port }))
      })`,
    stop: close,
  },
  Koa: {
    modules: ['koa'],
    serve: `const app = new (require('koa'))()
      app.silent = true
      const handlers = {
        '/throws': () => { throw new TypeError('no rows for bob@example.com') },
        '/rejects': async () => { throw new RangeError('too far') },
        '/text': async () => { throw new Error('only a text') },
        '/gone': ctx => ctx.throw(404, 'gone'),
        '/recovers': async () => { throw new Error('recovered') },
      }
      app.use(async (ctx, next) => {
        try { await next() } catch (error) { if (ctx.path === '/recovers') ctx.body = 'fine'; else throw error }
      })
      app.use(ctx => handlers[ctx.path](ctx))
      const server = app.listen(0, '127.0.0.1')
      ${listen}`,
    stop: close,
  },
  Nest: {
    modules: ['@nestjs/core', '@nestjs/common', '@nestjs/platform-express', 'reflect-metadata', 'rxjs'],
    serve: `require('reflect-metadata')
      const { Catch, Controller, Get, HttpException, Module, UseFilters, UseGuards } = require('@nestjs/common')
      class App {
        throws() { throw new TypeError('no rows for bob@example.com') }
        rejects() { return 'never' }
        async text() { throw new Error('only a text') }
        gone() { throw new HttpException('gone', 404) }
        recovers() { throw new Error('recovered') }
      }
      class Guard { canActivate() { throw new RangeError('too far') } }
      class Calm { catch(error, host) { host.switchToHttp().getResponse().send('fine') } }
      Catch()(Calm)
      const on = name => Object.getOwnPropertyDescriptor(App.prototype, name)
      for (const name of ['throws', 'rejects', 'text', 'gone', 'recovers']) Get('/' + name)(App.prototype, name, on(name))
      UseGuards(Guard)(App.prototype, 'rejects', on('rejects'))
      UseFilters(Calm)(App.prototype, 'recovers', on('recovers'))
      Controller()(App)
      class Root {}
      Module({ controllers: [App] })(Root)
      const app = await require('@nestjs/core').NestFactory.create(Root, { logger: false })
      await app.listen(0, '127.0.0.1')
      const { port } = app.getHttpServer().address()`,
    stop: 'app.close()',
  },
}

describe.each(Object.entries(frameworks))('%s', (framework, { modules, serve, stop }) => {
  const isNest = framework === 'Nest'
  it('has type, message and stack of what a handler threw on the span of the request, and nothing of what was handled', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({
      files: {
        'app.cjs': `(async () => {
          ${serve}
          for (const path of ['/throws', '/rejects', '/text', '/gone', '/recovers'])
            await fetch('http://127.0.0.1:' + port + path).then(answer => answer.text())
          ${stop}
        })()`,
      },
      modules: Object.fromEntries(modules.map(name => [name, isNest ? path.join(nest(), name) : name])),
    })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })).toMatchObject({ code: 0, stderr: '' })
    const servers = receiver.spans().filter(span => span.kind === 2)
    await receiver.close()

    const found = Object.fromEntries(
      servers.map(({ attributes, status, events }) => [
        attributes['url.path'],
        {
          status: attributes['http.response.status_code'],
          message: status?.message,
          exceptions: events.map(event => [event.attributes['exception.type'], event.attributes['exception.message']]),
        },
      ]),
    )
    expect(found).toMatchObject({
      '/throws': {
        status: 500,
        message: 'no rows for [EMAIL]',
        exceptions: [['TypeError', 'no rows for [EMAIL]']],
      },
      '/rejects': { status: 500, message: 'too far', exceptions: [['RangeError', 'too far']] },
      '/text': { status: 500, message: 'only a text', exceptions: [expect.arrayContaining(['only a text'])] },
      '/gone': { status: 404, exceptions: [] },
      '/recovers': { status: 200, exceptions: [] },
    })
    const thrown = servers.find(({ attributes }) => attributes['url.path'] === '/throws')
    expect(thrown?.attributes['error.type']).toBe('TypeError')
    expect(thrown?.events[0]?.attributes['exception.stacktrace']).toMatch(/app\.cjs:\d+/)
  })
})
