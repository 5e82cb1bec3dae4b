// The measured app: queries and commands one after the other, in one trace each, as a request would make them. Prints one line of
// JSON, CPU microseconds for each: in a moment without an export, and over many with theirs. Started by `bench/clients.mjs`, with or without a tool that watches it.
const { trace } = require('@opentelemetry/api')
const Redis = require('ioredis')
const { Pool } = require('pg')
const { createClient } = require('redis')

const [few, many] = [400, 8000]
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}
// without an SDK this is one empty function: bare apps pay nothing for it
const tracer = trace.getTracer('bench')
const inSpan = work =>
  tracer.startActiveSpan('GET /orders', async span => {
    await work()
    span.end()
  })

async function time(count, work) {
  const before = cpu()
  for (let i = 0; i < count; i++) await inSpan(work)
  return (cpu() - before) / count
}

async function least(rounds, count, work) {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) least = Math.min(least, await time(count, work))
  return least
}

async function measure(work) {
  await time(3000, work) // until the engine has optimised
  return { call: await least(10, few, work), sent: await least(3, many, work) }
}

async function main() {
  const pool = new Pool({ host: '127.0.0.1', port: Number(process.env.POSTGRES), user: 'app', database: 'postgres' })
  const io = new Redis(Number(process.env.REDIS), '127.0.0.1')
  const redis = await createClient({ url: `redis://127.0.0.1:${process.env.REDIS}` }).connect()
  const figures = {
    span: await measure(async () => {}),
    pg: await measure(() => pool.query('SELECT $1::int AS id, $2::text AS name', [1, 'Ada'])),
    redis: await measure(() => redis.set('order:1', 'paid')),
    ioredis: await measure(() => io.set('order:1', 'paid')),
  }
  console.log(JSON.stringify(figures))
  // each tool exports what is left in its own way; that end is not measured
  process.exit()
}
main()
