// The measured app: makes spans as its mode says, and prints one JSON line.
const { trace } = require('@opentelemetry/api')

const [kind, mode] = process.argv.slice(2)
const { flush: unheld, exported } = begin()
const tracer = trace.getTracer('bench')
const begun = process.cpuUsage()
const cpuMs = () => {
  const { user, system } = process.cpuUsage(begun)
  return Math.round((user + system) / 1_000)
}
const say = figures => console.log(JSON.stringify(figures))
/** Ours holds no process; whoever awaits a flush does. */
async function flush() {
  const hold = setInterval(() => {}, 60_000)
  await unheld()
  clearInterval(hold)
}
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

const attributes = Object.fromEntries(
  Array.from({ length: 12 }, (_, i) => [`http.request.header.${i}`, i % 3 === 0 ? i : `value ${i}`]),
)

const modes = {
  async steady() {
    const begun = performance.now()
    let made = 0
    // as many as are due: a busy machine fires fewer timers
    const load = setInterval(() => {
      for (; made < Math.min(4_000, (performance.now() - begun) / 5); made++) tracer.startSpan('x').end()
    }, 5)
    await sleep(20_000)
    clearInterval(load)
    say({ cpuMs: cpuMs() })
    await flush()
    process.exit(0)
  },
  async busy() {
    for (let sent = 0; sent < 100_000; sent += 512) {
      for (let i = 0; i < 512 && sent + i < 100_000; i++) tracer.startSpan('x', { attributes }).end()
      await sleep(10)
    }
    await flush()
    say({ cpuMs: cpuMs() })
    process.exit(0)
  },
  async flush() {
    // loads what the first export needs
    tracer.startSpan('x').end()
    await flush()
    let ended = 0
    const begun = performance.now()
    const load = setInterval(() => {
      for (; ended < (performance.now() - begun) * 4; ended++) tracer.startSpan('x').end()
    }, 5)
    await sleep(1_000)
    const before = ended
    const at = performance.now()
    await flush()
    const flushMs = Math.round(performance.now() - at)
    const delivered = exported && Math.min(before, exported().spans)
    clearInterval(load)
    say({ flushMs, before, delivered })
    process.exit(0)
  },
  async full() {
    const make = async (name, count) => {
      for (let i = 0; i < count; i++) {
        tracer.startSpan(name, { attributes: { a: 'x', b: i } }).end()
        if (i % 50 === 0) await new Promise(setImmediate)
      }
    }
    // the queue, and the requests that are under way
    await make('waits', Number(process.env.OTEL_BSP_MAX_QUEUE_SIZE) + 8 * 512)
    await sleep(300)
    const from = process.cpuUsage()
    await make('finds no room', 20_000)
    const { user, system } = process.cpuUsage(from)
    say({ usOfOne: Math.round((user + system) / 2_000) / 10 })
    process.exit(0)
  },
  async end() {
    const load = setInterval(() => tracer.startSpan('x').end(), 50)
    await sleep(3_000)
    clearInterval(load)
    say({})
  },
}

void modes[mode]()

function begin() {
  if (kind === 'preload') {
    const { flush, status } = require('../../../dist/api.cjs')
    return { flush: () => flush(15_000), exported: () => status().exported }
  }
  const { TracerProvider } = require('@opentelemetry/sdk-trace')
  const { processor, exported } = kind === 'ours' ? require(process.env.OURS).ours() : { processor: upstream() }
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }))
  return { flush: () => processor.forceFlush(), exported: exported && (() => exported) }
}

function upstream() {
  const { BatchSpanProcessor } = require('@opentelemetry/sdk-trace')
  const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto')
  // it reads no variable itself; NodeSDK does that for it
  const { OTEL_BSP_SCHEDULE_DELAY: delay, OTEL_BSP_MAX_QUEUE_SIZE: queue } = process.env
  return new BatchSpanProcessor({
    exporter: new OTLPTraceExporter(),
    ...(delay && { scheduledDelayMillis: Number(delay) }),
    ...(queue && { maxQueueSize: Number(queue) }),
  })
}
