// The measured app: makes its first record and prints how long the turns of the event loop took until all of it is exported, by CPU.
const http = require('node:http')
const { trace } = require('@opentelemetry/api')
const { logs } = require('@opentelemetry/api-logs')

const [listens, record] = process.argv.slice(2)
const cpu = () => {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage).call(process)
  return (user + system) / 1000
}

function make(port) {
  if (record === 'request') http.get({ port, path: '/?mail=bob@example.com' }, response => response.resume())
  if (record === 'log') logs.getLogger('app').emit({ body: 'mail to bob@example.com', severityNumber: 9 })
  if (record === 'span')
    trace
      .getTracer('app')
      .startSpan('work', { attributes: { to: 'bob@example.com' } })
      .end()
}

const turns = []
function measure(port) {
  let last = cpu()
  const begun = last
  make(port)
  const inside = cpu() - begun
  last = cpu()
  const until = performance.now() + 4_000
  setImmediate(function turn() {
    const now = cpu()
    turns.push(now - last)
    last = now
    if (performance.now() < until) return setImmediate(turn)
    process.stdout.write(JSON.stringify({ inside, turns: turns.sort((a, b) => b - a).slice(0, 8) }), () =>
      process.exit(0),
    )
  })
}

if (listens === 'listen') {
  const server = http.createServer((_request, response) => response.end('ok'))
  server.listen(0, '127.0.0.1', () => measure(server.address().port))
} else measure()
