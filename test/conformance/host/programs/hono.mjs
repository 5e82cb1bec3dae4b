// Routes, errors and identities of a Hono app.
import { Hono } from 'hono'

const app = new Hono()
app.use('*', async (c, next) => {
  await next()
  c.header('x-a', '1')
})
app.get('/users/:id', c => c.json({ id: c.req.param('id'), path: c.req.routePath }))
app.get('/throws', () => {
  throw new TypeError('mine')
})
app.route(
  '/inner',
  new Hono().basePath('/deep').get('/:x', c => c.text(c.req.param('x'))),
)
app.onError((error, c) => c.text(`handled ${error.message}`, 500))
app.notFound(c => c.text('none', 404))
console.log(
  app instanceof Hono,
  app.constructor === Hono,
  Hono.name,
  Hono.length,
  app.routes.length,
  app.router.name.length > 0,
)
class Mine extends Hono {}
console.log(new Mine() instanceof Mine, new Mine() instanceof Hono)
for (const path of ['/users/7', '/throws', '/inner/deep/x', '/none']) {
  const answer = await app.request(path)
  console.log(path, answer.status, answer.headers.get('x-a'), await answer.text())
}
