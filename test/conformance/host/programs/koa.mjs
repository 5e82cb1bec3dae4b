// Middleware, errors and identities of a Koa app.
import Koa from 'koa'

const app = new Koa()
app.silent = true
const first = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    ctx.status = 500
    ctx.body = `handled ${String(error)}`
  }
}
app.use(first).use(async (ctx, next) => {
  if (ctx.path === '/throws') throw null
  if (ctx.path === '/fails') ctx.throw(418, 'tea')
  await next()
})
app.use(ctx => {
  if (ctx.path.startsWith('/users/')) ctx.body = { id: ctx.path.slice(7) }
})
console.log(app.middleware.length, app.middleware[0] === first, app.use.name, app.use.length)
try {
  app.use(7)
} catch (error) {
  console.log(error.name, error.message)
}
const server = app.listen(0, '127.0.0.1')
await new Promise(resolve => server.once('listening', resolve))
for (const path of ['/users/7', '/throws', '/fails', '/none']) {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`)
  console.log(path, answer.status, await answer.text())
}
server.closeAllConnections()
server.close()
