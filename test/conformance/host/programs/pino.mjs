// Lines, destinations and the functions that an app gives to pino.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Writable } from 'node:stream'
import pino from 'pino'

const base = { base: null, timestamp: false }
// a transport's thread does not keep the process
const alive = setInterval(() => {}, 1000)
const lines = []
const sink = () => new Writable({ write: (chunk, _, done) => done(null, lines.push(String(chunk))) })
const shown = name => console.log(name, lines.splice(0))
console.log(pino.name, pino.length, Object.keys(pino).sort().join(), pino.pino === pino, pino.default === pino)
const destination = sink()
const log = pino(base, destination)
console.log(
  log[pino.symbols.streamSym] === destination,
  log[pino.symbols.mixinSym],
  Object.getOwnPropertySymbols(log).length,
)
log.info({ a: 1 }, 'hello %s', 'you')
log.child({ child: true }).warn(new Error('mine').message)
log.error({ err: null }, 'x')
log.setBindings?.({ bound: 1 })
log.info('bound')
shown('plain')
const instance = new (class Instance {
  constructor() {
    this.own = 1
  }
})()
const formatted = pino(
  {
    ...base,
    formatters: {
      log: object => ({ same: object === instance, name: object.constructor.name }),
      level: label => ({ label }),
    },
  },
  sink(),
)
formatted.info(instance, 'x')
shown('formatters')
pino({ ...base, mixinMergeStrategy: () => ({ merged: 1 }) }, sink()).info({ a: 1 })
pino({ ...base, mixin: (object, level) => ({ level, keys: Object.keys(object) }) }, sink()).info({ a: 1 })
pino({ ...base, nestedKey: 'payload', redact: ['payload.secret'] }, sink()).info({ secret: 1 }, 'x')
pino({ ...base, messageKey: 'message', errorKey: 'error', customLevels: { loud: 35 } }, sink()).loud('x')
pino(
  {
    ...base,
    hooks: {
      streamWrite: line => line.replaceAll('secret', '***'),
      logMethod: (args, method) => method.apply(log, args),
    },
  },
  sink(),
).info('secret')
pino({ ...base, hooks: { streamWrite: line => line.replaceAll('secret', '***') } }, sink()).info('a secret')
pino({ ...base, serializers: { a: value => value + 1 }, crlf: true }, sink()).info({ a: 1 })
shown('options')
const both = pino.multistream([
  { level: 'info', stream: sink() },
  { level: 'error', stream: sink() },
])
const streams = pino(base, both)
streams.error('twice')
console.log(streams[pino.symbols.streamSym] === both)
shown('multistream')
const file = `pino-${process.pid}.log`
writeFileSync(file, '')
const buffered = pino(base, pino.destination({ dest: file, minLength: 4096, sync: false }))
await new Promise(resolve => setTimeout(resolve, 100))
buffered.info('flushed')
await new Promise(resolve => (buffered.flush.length ? buffered.flush(resolve) : resolve(buffered.flush())))
await new Promise(resolve => setTimeout(resolve, 200))
console.log('flush', readFileSync(file, 'utf8'), buffered[pino.symbols.streamSym].constructor.name)
const transport = pino.transport({ target: 'pino/file', options: { destination: file } })
const threaded = pino(base, transport)
threaded.info('by a thread')
await new Promise(resolve => transport.once('ready', resolve))
await new Promise(resolve => {
  transport.once('close', resolve)
  transport.end()
})
console.log('transport', readFileSync(file, 'utf8'), threaded[pino.symbols.streamSym] === transport)
rmSync(file)
// inside of a request a line has the ids of its span
const server = createServer((_, outgoing) => {
  log.info({ trace: 'mine' }, 'in a request')
  log.info({ trace_id: 'mine' }, 'in a request')
  outgoing.end()
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
await fetch(`http://127.0.0.1:${server.address().port}`)
shown('request')
server.closeAllConnections()
server.close()
try {
  pino(base, sink()).info({
    get a() {
      throw new RangeError('getter')
    },
  })
} catch (error) {
  console.log(String(error))
}
shown('end')
pino(base).info('to stdout')
clearInterval(alive)
