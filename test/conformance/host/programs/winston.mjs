// Records, transports and what the app gave to winston.
import winston from 'winston'

const { createLogger, format, transports } = winston
const list = [new transports.Console()]
const log = createLogger({ transports: list, format: format.json() })
console.log(list.length, log.transports.length, createLogger.name, log.listenerCount('unpipe'))
log.info('plain')
log.warn('with meta', { a: 1 })
log.child({ child: 1 }).error('child')
log.error(new Error('mine').message)
const object = { level: 'info', message: 'an object' }
log.log(object)
console.log(Object.keys(object))
createLogger({
  transports: [new transports.Console()],
  format: format.combine(format(info => ({ ...info }))(), format.prettyPrint()),
}).info('pretty', { a: 1 })
createLogger({ transports: [new transports.Console()], format: format(info => (info.drop ? false : info))() }).info(
  'dropped',
  { drop: true },
)
createLogger().info('nowhere')
createLogger({ transports: [new transports.Console()] }).log('unknown', 'x')
const many = createLogger({ transports: Array.from({ length: 9 }, () => new transports.Console({ silent: true })) })
console.log(many.transports.length)
log.configure({ transports: [new transports.Console()], level: 'error' })
log.info('not shown')
log.error('shown')
const simple = new transports.Console({ format: format.simple() })
log.add(simple)
log.error('twice')
log.remove(simple)
console.log(log.transports.length)
log.on('finish', () => console.log('finished'))
log.end()
