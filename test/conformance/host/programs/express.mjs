// Middleware, errors and identities of an Express app.
import express from 'express'

const app = express()
const handler = (request, response) => response.json({ id: request.params.id, route: request.route.path })
const middleware = (request, _response, next) => {
  request.seen = [...(request.seen ?? []), 'middleware']
  next()
}
app.use(middleware)
app.get('/users/:id', handler)
app.get('/throws', () => {
  throw null
})
app.get('/fails', (_request, _response, next) => next(Object.assign(new Error('mine'), { status: 418 })))
app.get('/format', (request, response) => {
  response.format({ text: () => response.send(String(request.next !== undefined)), default: () => response.send('x') })
})
const router = express.Router({ mergeParams: true })
router.param('name', (request, _response, next, value) => {
  request.named = value
  next()
})
router.get('/:name', (request, response) => response.send(`${request.baseUrl} ${request.named} ${request.seen}`))
app.use('/inner', router)
app.use((error, _request, response, _next) => response.status(error?.status ?? 500).send(`handled ${String(error)}`))
const stack = (app.router ?? app._router).stack
console.log(
  stack.map(layer => [layer.name, layer.handle?.length, layer.route?.path, layer.route?.stack[0].handle === handler]),
)
console.log(express.Router.name, app.use.length, app.handle.length, express.application.use.name)
const server = app.listen(0, '127.0.0.1')
await new Promise(resolve => server.once('listening', resolve))
const url = `http://127.0.0.1:${server.address().port}`
for (const path of ['/users/7', '/throws', '/fails', '/format', '/inner/x', '/none', '/users/%zz']) {
  const answer = await fetch(url + path)
  console.log(path, answer.status, (await answer.text()).split('\n')[0])
}
server.closeAllConnections()
server.close()
