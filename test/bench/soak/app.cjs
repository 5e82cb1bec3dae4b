// The measured app: an HTTP server each of whose requests asks a model once. Started by `bench/soak.mjs`, with or without a tool
// that watches it. `/sample` answers with what the process holds, `/turns` with how long turns of its event loop took.
const { openSync, readdirSync, readSync } = require('node:fs')
const { createServer } = require('node:http')
const { createHistogram } = require('node:perf_hooks')
const OpenAI = require('openai').default

const clientOf = what => new OpenAI({ apiKey: 'sk-test', baseURL: `${process.env.PROVIDER}/${what}/v1`, maxRetries: 0 })
const [whole, pieces] = ['call', 'short-stream'].map(clientOf)
const messages = [{ role: 'user', content: 'Write to ada.lovelace@example.org what the weather is. '.repeat(20) }]

async function answer(number) {
  if (number % 50 === 0) throw new Error(`order ${number} has no address`)
  const ask = { model: 'gpt-4o-mini', messages }
  if (number % 10 !== 1) return (await whole.chat.completions.create(ask)).choices[0].message.content
  let text = ''
  for await (const { choices } of await pieces.chat.completions.create({ ...ask, stream: true }))
    text += choices[0]?.delta.content ?? ''
  return text
}

/** Twice, with a turn between: what a finalizer lets go is collected by the second. */
async function sample() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc()
    await new Promise(setImmediate)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  const kinds = process.getActiveResourcesInfo()
  return {
    heap: heapUsed,
    external,
    rss,
    descriptors: readdirSync('/proc/self/fd').length,
    timers: kinds.filter(kind => kind === 'Timeout').length,
    resources: kinds.length,
  }
}

// The time that the kernel has counted for the loop's thread: what other threads and processes do blocks nobody's loop.
const turns = createHistogram()
const counted = openSync('/proc/thread-self/schedstat')
const buffer = Buffer.alloc(64)
let turning
let above = 0
function cpu() {
  return Number.parseInt(buffer.latin1Slice(0, readSync(counted, buffer, 0, 64, 0)), 10) / 1000
}
function startTurns() {
  turns.reset()
  above = 0
  let last = cpu()
  turning = setImmediate(function turn() {
    const now = cpu()
    turns.record(Math.max(1, Math.round(now - last)))
    if (now - last > 10_000) above++
    last = now
    turning = setImmediate(turn)
  })
}
function stopTurns() {
  clearImmediate(turning)
  const at = percentile => turns.percentile(percentile)
  return { count: turns.count, p50: at(50), p99: at(99), p999: at(99.9), p9999: at(99.99), max: turns.max, above }
}

const routes = {
  '/sample': sample,
  '/turns/start': startTurns,
  '/turns/stop': stopTurns,
}

const server = createServer(async (request, response) => {
  try {
    const route = routes[request.url]
    if (route) return response.end(JSON.stringify((await route()) ?? {}))
    response.end(await answer(Number(request.url.slice('/orders/'.length))))
  } catch (error) {
    response.statusCode = 500
    response.end(error.message)
  }
})
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
process.once('SIGTERM', () => server.close())
