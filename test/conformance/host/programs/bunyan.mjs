// Records and streams of bunyan.
import bunyan from 'bunyan'

const records = []
const raw = {
  type: 'raw',
  level: 'debug',
  stream: { write: record => records.push(Object.keys(record).sort().join()) },
}
const log = bunyan.createLogger({ name: 'app', streams: [raw] })
console.log(
  bunyan.name,
  bunyan.length,
  log instanceof bunyan,
  log.constructor === bunyan,
  log.streams.length,
  log.levels(),
  log.level(),
)
log.info({ a: 1 }, 'hello %s', 'you')
log.child({ child: 1 }).warn(new Error('mine'))
log.debug('debug')
log.trace('not shown')
log.level('error')
log.info('not shown')
log.level('info')
const called = bunyan({ name: 'called', streams: [raw] })
called.info('called')
console.log(records, called.streams.length)
try {
  bunyan.createLogger({})
} catch (error) {
  console.log(error.name, error.message)
}
