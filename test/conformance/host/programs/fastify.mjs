// What Fastify's own instrumentation changed, and an app that works.
import Fastify from 'fastify'

const attempt = async (name, work) => {
  try {
    console.log(name, await work())
  } catch (error) {
    console.log(name, error?.name, error?.code, error?.message ?? String(error))
  }
}
await attempt('setNotFoundHandler chains', () => {
  const app = Fastify()
  return app.setNotFoundHandler(() => {}).get('/x', () => 1) === app
})
await attempt('addHook chains', () => typeof Fastify().addHook('onRequest', async () => {}).get)
for (const thrown of [null, undefined, 7, 'text', { statusCode: 418, message: 'tea' }]) {
  for (const hook of ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend']) {
    await attempt(`${hook} throws ${JSON.stringify(thrown)}`, async () => {
      const app = Fastify()
      app.setErrorHandler(
        (error, _, reply) => void reply.code(500).send(`handled ${String(error)} ${reply.statusCode}`),
      )
      app.addHook(hook, async () => {
        throw thrown
      })
      app.get('/', async () => ({ a: 1 }))
      const { statusCode, body } = await app.inject('/')
      return [statusCode, body]
    })
  }
  await attempt(`handler throws ${JSON.stringify(thrown)}`, async () => {
    const app = Fastify()
    app.setErrorHandler((error, _, reply) => void reply.send(`handled ${String(error)} ${reply.statusCode}`))
    app.get('/', async () => {
      throw thrown
    })
    return (await app.inject('/')).body
  })
  await attempt(`handler throws ${JSON.stringify(thrown)}, nobody handles`, async () => {
    const app = Fastify()
    app.get('/', async () => {
      throw thrown
    })
    const { statusCode, body } = await app.inject('/')
    return [statusCode, body]
  })
}
await attempt('send of a wrong type', async () => {
  const app = Fastify()
  app.get('/', (_, reply) => {
    try {
      reply.type('application/octet-stream').code(200).send({ hello: 1 })
    } catch (error) {
      reply.type('text/plain').code(500).send(`handled ${error.code}`)
    }
  })
  return (await app.inject('/')).body
})
await attempt('no hook', () => typeof Fastify().addHook('onRequest', undefined))
await attempt(
  'async hook with done',
  () => typeof Fastify().addHook('preHandler', async (_request, _reply, _done) => {}),
)
await attempt('onRoute', async () => {
  const app = Fastify()
  const handler = (_request, _reply) => 1
  const seen = []
  app.addHook(
    'onRoute',
    route =>
      void seen.push([
        route.method,
        route.url,
        route.handler === handler,
        route.handler.length,
        Object.keys(route).sort().join(),
      ]),
  )
  app.get('/', handler)
  await app.ready()
  return JSON.stringify(seen)
})
await attempt('routes and plugins', async () => {
  const app = Fastify()
  app.addHook('onRequest', function mine(_request, _reply, done) {
    done()
  })
  app.register(
    async inner => {
      inner.get('/inner/:id', async request => request.params.id)
    },
    { prefix: '/p' },
  )
  await app.ready()
  return [
    app.printRoutes({ includeHooks: true }),
    app.printPlugins?.().replace(/ \d+ ms/g, ''),
    (await app.inject('/p/inner/7')).body,
    (await app.inject('/none')).body,
  ]
})
await attempt('validation', async () => {
  const app = Fastify()
  app.post('/', { schema: { body: { type: 'object', required: ['a'] } } }, async () => 1)
  return (await app.inject({ method: 'POST', url: '/', payload: {} })).body
})
const app = Fastify()
app.get('/users/:id', async request => ({ id: request.params.id }))
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address()
console.log(
  await (await fetch(`http://127.0.0.1:${port}/users/7`)).text(),
  (await fetch(`http://127.0.0.1:${port}/none`)).status,
)
app.server.closeAllConnections()
await app.close()
