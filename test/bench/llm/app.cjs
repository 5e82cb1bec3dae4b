// The measured app: an openai client that makes calls one after the other. Prints its figures as one line of JSON.
// Started by `bench/llm.mjs`, with or without a tool that watches it.
const OpenAI = require('openai').default

const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'What of the rain? '.repeat(60) }] }
const streamed = { ...ask, stream: true, stream_options: { include_usage: true } }
const clientOf = what =>
  new OpenAI({ apiKey: 'sk-test', baseURL: `${process.env.PROVIDER}/${what}/v1`, maxRetries: 0 }).chat.completions
const [small, large, streams, paced] = ['call', 'document', 'stream', 'paced'].map(clientOf)
// as ours is found: its API does nothing where the preload is not
const flush = globalThis.flush ?? (process.env.OURS ? require(process.env.OURS).flush : async () => {})

async function stream(from, onEvent) {
  let seen = 0
  for await (const _ of await from.create(streamed)) if (++seen % 500 === 0) await onEvent?.()
}

// On a machine that others use too the wall clock tells little, and the processor's is right only in a quiet moment: so
// its time is taken often, and the least counts.
function cpu() {
  const { user, system } = process.cpuUsage()
  return user + system
}

async function least(times, measure) {
  const figures = []
  for (let i = 0; i < times; i++) figures.push(await measure())
  return Math.min(...figures)
}

async function time(calls, work) {
  const before = cpu()
  for (let i = 0; i < calls; i++) await work()
  return (cpu() - before) / calls
}

const many = 500

/** A call with its share of an export: as many as go in one, and once all that is exported beside the spans. */
async function sendMany() {
  for (let i = 0; i < many; i++) await small.create(ask)
  await flush()
}

/** Time between two turns of the event loop, at its most. */
async function longestBlock(work) {
  globalThis.gc()
  let most = 0
  let last = cpu()
  let turning = setImmediate(function turn() {
    const now = cpu()
    most = Math.max(most, now - last)
    last = now
    turning = setImmediate(turn)
  })
  await work()
  await new Promise(setImmediate) // the last turn counts as well
  clearImmediate(turning)
  return most
}

async function used() {
  for (let i = 0; i < 3; i++) {
    await new Promise(setImmediate)
    globalThis.gc()
  }
  return process.memoryUsage().heapUsed
}

/** What can't be collected while a stream of 1 MB comes in, at its most. */
async function heapOfStream() {
  const before = await used()
  let most = 0
  await stream(streams, async () => {
    most = Math.max(most, (await used()) - before)
  })
  return most
}

/** A call while many other spans are open, as in a server that is busy. */
async function beside(count) {
  const tracer = require('@opentelemetry/api').trace.getTracer('bench')
  const spans = Array.from({ length: count }, () => tracer.startSpan('GET /orders'))
  const call = await least(40, () => time(40, () => small.create(ask)))
  for (const span of spans) span.end()
  return call
}

async function main() {
  for (let i = 0; i < 3000; i++) await small.create(ask) // until the engine has optimised all that it will
  for (let i = 0; i < 5; i++) await stream(streams)
  await flush()
  const figures = {
    call: await least(40, () => time(40, () => small.create(ask))),
    sent: (await least(4, () => time(1, sendMany))) / many,
    megabyte: await least(15, () => time(1, () => stream(streams))),
    blockOfStream: await least(5, () => longestBlock(() => stream(paced))),
    blockOfDocument: await least(6, () => longestBlock(() => large.create(ask))),
    heap: await least(3, heapOfStream),
  }
  if (process.env.OURS) figures.beside = await beside(16_000)
  console.log(JSON.stringify(figures))
  process.exit()
}
main()
