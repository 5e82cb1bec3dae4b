// A small shop: products in libSQL, carts in Redis, orders in PostgreSQL. What is observed needs three lines: the logger, the audit log
// and the middleware.
const { auditLog } = require('@afn/otel/audit')
const { observability, requestFields } = require('@afn/otel/middleware')
const { setupObservabilityLogging } = require('@afn/otel/logs')
const { createClient } = require('@libsql/client')
const express = require('express')
const { Redis } = require('ioredis')
const { Pool } = require('pg')

const log = setupObservabilityLogging({ console: true, options: { mixin: requestFields } })
const audit = auditLog()

const products = createClient({ url: process.env.TURSO_DATABASE_URL })
const carts = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: 1 })
const orders = new Pool({ connectionString: process.env.DATABASE_URL })
// both connect again by themselves; without a listener an error of theirs would end the process
carts.on('error', error => log.warn({ err: error }, 'Redis is away'))
orders.on('error', error => log.warn({ err: error }, 'PostgreSQL is away'))

const cartOf = user => `cart:${user}`

const app = express()
app.use(observability({ logger: log }))
app.use(express.json())

app.get('/products', async (_request, response) => {
  const { rows } = await products.execute('SELECT id, name, price FROM products ORDER BY id')
  response.json(rows)
})

app.put('/carts/:user', async (request, response) => {
  const { product, quantity } = request.body ?? {}
  if (!Number.isInteger(product) || !Number.isInteger(quantity) || quantity < 1) {
    response.status(400).json({ error: 'send {"product": 1, "quantity": 2}' })
    return
  }
  await carts.hset(cartOf(request.params.user), product, quantity)
  response.status(204).end()
})

app.post('/orders', async (request, response) => {
  const { user } = request.body ?? {}
  const cart = await carts.hgetall(cartOf(user))
  if (Object.keys(cart).length === 0) {
    response.status(409).json({ error: 'the cart is empty' })
    return
  }
  const { rows } = await orders.query('INSERT INTO orders (person, items) VALUES ($1, $2) RETURNING id', [user, cart])
  await carts.del(cartOf(user))
  log.info({ order: rows[0].id, user }, 'order placed')
  response.status(201).json(rows[0])
})

// whom this concerns must be able to know later who did it: it is not done unless it is in the audit log
app.delete('/users/:user', async (request, response) => {
  const { user } = request.params
  await audit.record({ action: 'user.delete', actor: { id: 'support-7' }, subject: { id: user } })
  await orders.query('DELETE FROM orders WHERE person = $1', [user])
  await carts.del(cartOf(user))
  response.status(204).end()
})

app.use((error, _request, response, next) => {
  log.error({ err: error }, 'no answer')
  if (response.headersSent) return next(error) // too late for a status: express breaks the connection
  response.status(503).json({ error: 'Something that this needs is away. Try again in a minute.' })
})

async function start() {
  await products.execute('CREATE TABLE IF NOT EXISTS products (id INTEGER PRIMARY KEY, name TEXT, price INTEGER)')
  await products.execute(`INSERT OR IGNORE INTO products VALUES (1, 'Ink', 900), (2, 'Paper', 400)`)
  await orders.query('CREATE TABLE IF NOT EXISTS orders (id SERIAL PRIMARY KEY, person TEXT, items JSONB)')
  const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () =>
    console.log(`http://127.0.0.1:${server.address().port}`),
  )
  process.once('SIGTERM', () => {
    server.close(async () => {
      audit.close()
      carts.disconnect()
      products.close()
      await orders.end()
    })
    server.closeIdleConnections()
  })
}

start()
